"""`scrapy crawl trending`: what TikTok recommends to a visitor it doesn't know."""

from __future__ import annotations

from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.routes import Operation
from tiktok.urls import SITE, Target, TargetKind


class TrendingSpider(ListSpider):
    """The feed is another one at each call: nothing to resume, nothing to be complete."""

    name = "trending"

    def read_targets(self, site: str) -> list[Target]:  # noqa: ARG002  # there is only one feed
        return [Target(TargetKind.TRENDING, "trending", f"{SITE}/foryou")]

    async def begin(self, target: Target) -> Parts:
        return await self.begin_list(Operation.TRENDING, target, Known())
