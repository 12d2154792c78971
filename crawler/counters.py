"""The crawl's counters (Scrapy's stats)."""

from __future__ import annotations

from typing import Any

from scrapy.statscollectors import MemoryStatsCollector


class Counters(MemoryStatsCollector):
    """Scrapy's own, without its look at each call for the deprecated argument `spider`.

    A page counts some sixty times, and the look takes longer than to count.
    """

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)
