"""What is below `LOG_LEVEL` is not even made up; no log tells an msToken."""

from __future__ import annotations

import logging
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.secrecy import TokenlessRecord


class LogLevel:
    """Scrapy makes a record of every request and every item, and has its handler throw it away.

    That is three records a page, and one an item. Off with `LOG_ENABLED=0`.
    """

    def __init__(self, level: str) -> None:
        for name in (None, "scrapy"):  # Scrapy gives its own a level, so that they don't ask the root
            logging.getLogger(name).setLevel(level)
        logging.setLogRecordFactory(TokenlessRecord)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("LOG_ENABLED"):
            raise NotConfigured
        return cls(crawler.settings["LOG_LEVEL"])
