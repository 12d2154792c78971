"""`scrapy crawl search -a q=… -a kind=videos|users`: what TikTok's search finds."""

from __future__ import annotations

from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.routes import Operation
from tiktok.urls import Target

OPERATIONS = {"videos": Operation.SEARCH_VIDEOS, "users": Operation.SEARCH_USERS}


class SearchSpider(ListSpider):
    """Plain HTTP is mostly refused here (facts B.6); the refusal is what the outcome then says."""

    name = "search"
    resumes = False  # a cursor is good only together with the `search_id` of its own first page

    def texts(self) -> list[str]:
        """A query is one target: its commas belong to it."""
        return [self.arguments["q"]]

    async def begin(self, target: Target) -> Parts:
        return await self.begin_list(OPERATIONS[self.arguments["kind"]], target, Known())
