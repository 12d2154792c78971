from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

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
