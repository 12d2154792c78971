"""Station 100: what can't be stored truthfully is set aside with its reason, never lost."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from pipelines.companions import Companions
from pipelines.soundness import find_defect
from store.rejects import Reject
from tiktok.items import Item


class ValidatePipeline:
    """Replaces an unsound item by a `Reject` that says why; all else passes untouched."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Item):
            return self._judge(item)
        if isinstance(item, Companions):
            judged = [self._judge(companion) for companion in item.items]
            item.items = [companion for companion in judged if isinstance(companion, Item)]
            item.rejects = [companion for companion in judged if isinstance(companion, Reject)]
        return item

    def _judge(self, item: Item) -> Item | Reject:
        defect = find_defect(item)
        if defect is None:
            return item
        self.stats.inc_value(f"validate/rejected/{item.type}")
        return Reject.of(item, defect)
