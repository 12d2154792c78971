"""The download handler of all requests: by aiohttp, or by whatever the errand's route needs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.callers import Caller
from crawler.handlers.http import HttpHandler
from crawler.handlers.socks import SocksHandlers, is_socks
from tiktok.routes import Route


class Closeable(Protocol):
    """What must be let go of when the crawl ends."""

    async def close(self) -> None: ...


class Handler(Closeable, Protocol):
    """What sends requests of a route."""

    def download_request(self, request: Request) -> Coroutine[Any, Any, Response]: ...


UPPER: Mapping[Route, str] = MappingProxyType(
    {
        Route.SESSION: "crawler.handlers.session.SessionHandler",
        Route.BROWSER: "crawler.handlers.browser.BrowserHandler",
    }
)
"""Handlers of routes that plain HTTP can't walk, loaded and made with their first request."""
PROFILE = "crawler.handlers.tls_profile.ProfileHandler"
"""Plain HTTP's, where `TLS_PROFILE` is set."""
BROWSER = "crawler.browser.shared.SharedBrowser"
"""What they work with; loaded with the first of them."""


class RouteHandler:
    """Makes a handler when its first request comes: a crawl that needs no browser never starts one.

    Scrapy keeps one of these per scheme. All pages of the site have the same scheme, so only one of them ever
    starts a browser.
    """

    lazy: ClassVar[bool] = True

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.http = HttpHandler.from_crawler(crawler)
        self.socks = SocksHandlers(crawler)
        self.profile: Handler | None = None
        if crawler.settings["TLS_PROFILE"]:
            self.profile = build_from_crawler(load_object(PROFILE), crawler, self.http)
        self.upper: dict[Route, Handler] = {}
        self.browser: Closeable | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send the request the way its errand wants it."""
        errand = request.meta.get("errand")
        if errand is None or errand.route not in UPPER:
            download = self._plain(request).download_request(request)
            caller: Caller | None = request.meta.get("caller")
            return await (caller.stay_for(download) if caller else download)
        return await self._upper(errand.route).download_request(request)

    async def close(self) -> None:
        """Let go of connections and processes."""
        await asyncio.gather(
            self.http.close(), self.socks.close(), *(handler.close() for handler in self.upper.values())
        )
        for part in (self.profile, self.browser):
            if part:
                await part.close()

    def _plain(self, request: Request) -> Handler:
        if self.profile and "landing" not in request.meta:
            return self.profile
        if not is_socks(request.meta.get("proxy")):
            return self.http
        return self.socks.through(self.http.proxy_of(request))

    def _upper(self, route: Route) -> Handler:
        if self.browser is None:
            self.browser = build_from_crawler(load_object(BROWSER), self.crawler)
        if route not in self.upper:
            self.upper[route] = build_from_crawler(load_object(UPPER[route]), self.crawler, self.browser)
        return self.upper[route]
