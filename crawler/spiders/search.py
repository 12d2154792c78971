"""`scrapy crawl search -a q=… -a kind=videos|users`: what TikTok's search finds."""

from __future__ import annotations

from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.routes import Operation
from tiktok.urls import Target, read_target

OPERATIONS = {"videos": Operation.SEARCH_VIDEOS, "users": Operation.SEARCH_USERS}


class SearchSpider(ListSpider):
    """Plain HTTP is mostly refused here (facts B.6); the refusal is what the outcome then says."""

    name = "search"
    resumes = False  # a cursor is good only together with the `search_id` of its own first page

    def read_targets(self, site: str) -> list[Target]:
        """A query is one target: its commas belong to it."""
        return [read_target(self.arguments["q"], self.kind.target_kind, field="q", site=site)]

    async def begin(self, target: Target) -> Parts:
        return await self.begin_list(OPERATIONS[self.arguments["kind"]], target, Known())
