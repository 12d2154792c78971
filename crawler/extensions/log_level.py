"""What is below `LOG_LEVEL` is not even made up; no log tells an msToken."""

from __future__ import annotations

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.secrecy import TokenlessRecord


class LogLevel:
    """Scrapy makes a record of every request and every item, and has its handler throw it away.

    That is three records a page, and one an item. Off with `LOG_ENABLED=0`.
    """

    def __init__(self, level: str) -> None:
        self.level = level
        self.set_levels()
        logging.setLogRecordFactory(TokenlessRecord)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("LOG_ENABLED"):
            raise NotConfigured
        extension = cls(crawler.settings["LOG_LEVEL"])
        # Once it has made its extensions, Scrapy installs its handler anew and opens the root for all records.
        crawler.signals.connect(extension.set_levels, signal=signals.spider_opened)
        return extension

    def set_levels(self) -> None:
        """Let through what the log will show."""
        for name in (None, "scrapy"):  # Scrapy gives its own a level, so that they don't ask the root
            logging.getLogger(name).setLevel(self.level)
