"""Fixtures of the stations: a crawler that has not begun, on a database of its own."""

from __future__ import annotations

import pytest
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.statscollectors import StatsCollector
from sqlalchemy import Engine


@pytest.fixture
def crawler(sqlite_engine: Engine) -> Crawler:
    """Make a crawler that counts, and whose settings name the test's database."""
    runner = AsyncCrawlerRunner({"DATABASE_URL": str(sqlite_engine.url), "TWISTED_REACTOR_ENABLED": False})
    crawler = runner.create_crawler(Spider)
    crawler.stats = StatsCollector(crawler)
    return crawler
