"""HTTP through SOCKS proxies: our handler of plain HTTP, with connections that the proxy makes."""

from __future__ import annotations

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response

from crawler.handlers.http import HttpHandler

REFUSED = 407
"""What an HTTP proxy says about credentials that it does not take; a SOCKS proxy has no words for it."""


def is_socks(proxy: str | None) -> bool:
    """Tell a SOCKS proxy's address from others."""
    return proxy is not None and proxy.startswith(("socks5://", "socks5h://"))


class SocksHandler(HttpHandler):
    """One proxy's. Names are looked up by the proxy, whichever of its two schemes is written: so does Chromium."""

    def __init__(self, crawler: Crawler, proxy: str) -> None:
        super().__init__(crawler)
        self._session.detach()  # it has made no connection yet
        self._session = aiohttp.ClientSession(
            connector=ProxyConnector.from_url(
                proxy.replace("socks5h://", "socks5://", 1), rdns=True, limit=self._pool_size_total
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        """Send it; what goes wrong with the proxy is told like what goes wrong with any other."""
        try:
            return await super().download_request(request)
        except ProxyTimeoutError as error:
            raise DownloadTimeoutError("the proxy took too long") from error
        except ProxyConnectionError as error:
            raise DownloadConnectionRefusedError("the proxy can't be reached") from error
        except ProxyError as error:
            if (
                getattr(error, "error_code", None) is None
            ):  # it ended the talk before it was asked for anything
                return Response(request.url, status=REFUSED, request=request)
            raise DownloadFailedError("the proxy does not reach the site") from error

    def _extract_proxy_url_with_creds(self, request: Request) -> None:
        """Nothing: aiohttp need not know that there is a proxy."""


class SocksHandlers:
    """One handler per proxy: aiohttp's connections belong to a session, and its proxy with them."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._by_proxy: dict[str, SocksHandler] = {}

    def through(self, proxy: str) -> SocksHandler:
        """The handler of this proxy, whose address holds its credentials."""
        if proxy not in self._by_proxy:
            self._by_proxy[proxy] = SocksHandler(self.crawler, proxy)
        return self._by_proxy[proxy]

    async def close(self) -> None:
        """Close all connections."""
        for handler in self._by_proxy.values():
            await handler.close()
