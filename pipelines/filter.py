"""Station 200: nothing twice in one crawl, nothing outside the asked-for time."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from pipelines.companions import Companions
from pipelines.selection import Selection
from tiktok.items import Item

REMEMBERED = 20_000
"""Keys remembered per item type. Lists repeat neighbours, and no list but a profile's history is longer than
about 5,000; the bound keeps memory flat in a crawl of millions."""


class FilterPipeline:
    """Drops repeats and what the spider's `selection` doesn't want; thins out companions."""

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats
        self.seen: dict[str, OrderedDict[str, None]] = {}
        self.companions: OrderedDict[tuple[str, str], Item] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.stats)

    @property
    def selection(self) -> Selection:
        """What is asked for; a spider that crawls for a job learns it after the stations have opened."""
        selection: Selection = getattr(self.crawler.spider, "selection", Selection())
        return selection

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Item):
            self._require(self.selection.wants(item), "out_of_range", item)
            self._require(self._is_first(item), "repeated", item)
        elif isinstance(item, Companions):
            item.items = [companion for companion in item.items if self._tells_more(companion)]
        return item

    def _require(self, wanted: bool, reason: str, item: Item) -> None:
        if not wanted:
            self.stats.inc_value(f"filter/{reason}/{item.type}")
            raise DropItem(f"{item.type} {item.key}: {reason}", log_level="DEBUG")

    def _is_first(self, item: Item) -> bool:
        seen = self.seen.setdefault(item.type, OrderedDict())
        if item.key in seen:
            return False
        seen[item.key] = None
        if len(seen) > REMEMBERED:
            seen.popitem(last=False)
        return True

    def _tells_more(self, companion: Item) -> bool:
        """Say whether the companion differs from what this crawl saw of it last."""
        key = (companion.type, companion.key)
        if self.companions.get(key) == companion:
            return False
        self.companions[key] = companion
        if len(self.companions) > REMEMBERED // 10:
            self.companions.popitem(last=False)
        return True
