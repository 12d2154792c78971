from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner

from crawler.extensions.log_level import LogLevel

LOGGERS = (None, "scrapy")


@pytest.fixture(autouse=True)
def _levels_as_before() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_scrapys_loggers_make_no_record_below_the_level() -> None:
    logging.getLogger("scrapy").setLevel(logging.DEBUG)  # as Scrapy does

    LogLevel("WARNING")

    for name in ("scrapy.core.scraper", "scrapy.core.engine", "crawler.stations"):
        assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


def test_the_level_holds_when_scrapy_has_opened_the_root_again() -> None:
    crawler = AsyncCrawlerRunner({"LOG_LEVEL": "WARNING"}).create_crawler(Spider)
    extension = LogLevel.from_crawler(crawler)

    logging.getLogger().setLevel(logging.NOTSET)  # as Scrapy does when it installs its handler
    crawler.signals.send_catch_log(signals.spider_opened, spider=None)

    assert extension.level == "WARNING"
    assert not logging.getLogger("crawler.stations").isEnabledFor(logging.INFO)
