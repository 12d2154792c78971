"""Station 900: what has passed all other stations is counted, for the progress bar and the summary."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from tiktok.items import Item
from tiktok.outcomes import Listing, Outcome


class ProgressPipeline:
    """Counts items by type, and keeps each target's list state and outcome where the extensions read them."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.listings: dict[tuple[str, str], Listing] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        match item:
            case Item():
                self.stats.inc_value(f"items/{item.type}")
            case Listing():
                self.listings[item.operation, item.target] = item
            case Outcome():
                self.outcomes[item.operation, item.target] = item
        return item
