"""`scrapy crawl trending`: what TikTok recommends to a visitor it doesn't know."""

from __future__ import annotations

from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.routes import Operation
from tiktok.urls import Target


class TrendingSpider(ListSpider):
    """The feed is another one at each call: nothing to resume, nothing to be complete."""

    name = "trending"

    def texts(self) -> list[str]:
        """There is only one feed."""
        return []

    async def begin(self, target: Target) -> Parts:
        return await self.begin_list(Operation.TRENDING, target, Known())
