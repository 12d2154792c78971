"""`scrapy crawl search -a q=… -a kind=videos|users`: what TikTok's search finds."""

from __future__ import annotations

from crawler.arguments import FRESH, LIMIT, SINCE, UNTIL, Argument, one_of, word
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.routes import Operation
from tiktok.urls import Target, TargetKind, read_target

OPERATIONS = {"videos": Operation.SEARCH_VIDEOS, "users": Operation.SEARCH_USERS}


class SearchSpider(ListSpider):
    """Plain HTTP is mostly refused here (facts B.6); the refusal is what the outcome then says."""

    name = "search"
    target_argument = Argument("q", word, "words to search, or a search URL", is_required=True)
    target_kind = TargetKind.SEARCH
    resumes = False  # a cursor is good only together with the `search_id` of its own first page
    more_arguments = (
        Argument("kind", one_of(*OPERATIONS), "what to search: videos or users", default="videos"),
        LIMIT,
        SINCE,
        UNTIL,
        FRESH,
    )

    def read_targets(self, site: str) -> list[Target]:
        """A query is one target: its commas belong to it."""
        return [read_target(self.arguments["q"], self.target_kind, field="q", site=site)]

    async def begin(self, target: Target) -> Parts:
        return await self.begin_list(OPERATIONS[self.arguments["kind"]], target, Known())
