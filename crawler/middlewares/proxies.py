"""Each identity goes out where it was born: its exit is the request's proxy, and answers for its failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.identities import IdentityPool
from store.exits import Exit

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider


class ProxiesMiddleware:
    """Nothing for identities that go out directly."""

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.stats)

    async def process_request(self, request: Request) -> None:
        identity = request.meta.get("identity") or request.meta.get("visiting")
        if identity is None:
            return
        way_out = await self.pool.ways_out.of(identity)
        if way_out.url:
            request.meta.update(proxy=way_out.url, exit=way_out)

    async def process_response(self, request: Request, response: Response) -> Response:
        way_out: Exit | None = request.meta.get("exit")
        if way_out is None or "judgement" not in request.meta:
            return response
        if await self.pool.ways_out.note(way_out, request.meta["judgement"], request.meta["received_at"]):
            self.stats.inc_value(f"exit/{way_out.id}/failed")
        return response

    @property
    def pool(self) -> IdentityPool:
        return cast("TikTokSpider", self.crawler.spider).dispatcher.pool
