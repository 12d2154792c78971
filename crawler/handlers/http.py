"""HTTP through aiohttp's client, for every request that needs no browser."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from aiohttp import ClientHttpProxyError
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Response

from crawler.handlers.landing import Landing


class HttpHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler, which it calls experimental because its class may move.

    We pin Scrapy and test through it. It carries a 100 kB page in less than half of the time Twisted's client
    takes, and with `meta["verbatim_url"]` it sends a URL byte for byte, as TikTok's endpoints want it.

    With `meta["landing"]` the body of a good answer goes into a file; the response then has nothing but its status.
    """

    experimental: ClassVar[bool] = False
    lazy: bool = True
    """Made with the first request: it needs the running event loop, which `scrapy shell` starts later."""

    async def download_request(self, request: Request) -> Response:
        """Send the request; what a proxy says instead of opening a tunnel (407, 502, …) is an answer, too."""
        landing: Landing | None = request.meta.get("landing")
        try:
            if landing is None:
                return await super().download_request(request)
            return await self._download_file(request, landing)
        except DownloadFailedError as error:
            if isinstance(error.__cause__, ClientHttpProxyError):
                return Response(request.url, status=error.__cause__.status, request=request)
            raise

    def proxy_of(self, request: Request) -> str:
        """The address of the request's proxy, with the credentials that Scrapy keeps in a header."""
        return self._extract_proxy_url_with_creds(request) or ""

    async def _download_file(self, request: Request, landing: Landing) -> Response:
        """A file may take hours, so what is limited is how long nothing comes."""
        try:
            async with asyncio.timeout(landing.stall_seconds) as landing.patience:
                return await super().download_request(request)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"nothing came for {landing.stall_seconds:g} s") from error

    async def _read_response(self, response: _ClientResponse, request: Request) -> Response:
        landing: Landing | None = request.meta.get("landing")
        if landing is None or not landing.accepts(response.status, response.headers):
            return await super()._read_response(response, request)
        try:
            await landing.receive(self._iter_body_chunks(response))
        except Exception as error:
            if self._is_dataloss_exception(error):
                raise ResponseDataLossError(str(error)) from error
            raise
        return Response(request.url, status=response.status, request=request)
