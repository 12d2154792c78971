"""Python looks for garbage cycles less often while a crawl runs."""

from __future__ import annotations

import gc
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class SparingCollector:
    """A decoded page is ten thousand objects, none of them in a cycle.

    With Python's own threshold of 700 new objects, a third of the decoding time went into looking for cycles;
    what is allocated before the crawl starts lives to its end and is not looked at again.
    """

    def __init__(self, threshold: int) -> None:
        gc.freeze()
        gc.set_threshold(threshold, 10, 10)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        threshold = crawler.settings.getint("GC_THRESHOLD")
        if not threshold:
            raise NotConfigured
        return cls(threshold)
