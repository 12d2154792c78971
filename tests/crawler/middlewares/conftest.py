"""A crawler that has not begun, for middlewares that are asked directly."""

from __future__ import annotations

import pytest
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.statscollectors import StatsCollector

from crawler.dispatch import Dispatcher
from crawler.identities import IdentityPool
from crawler.spiders.video import VideoSpider
from store.circuits import Circuits
from store.pace.memory_state import MemoryState


@pytest.fixture
async def crawler(pool: IdentityPool) -> Crawler:
    """Make a crawler with a spider that could ask."""
    runner = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False, "POLITE_PACE": False})
    crawler = runner.create_crawler(VideoSpider)
    crawler.stats = StatsCollector(crawler)
    spider = VideoSpider(url="7106594312292453675")
    spider.dispatcher = Dispatcher(crawler, "https://www.tiktok.com")
    spider.dispatcher.pool = pool
    spider.dispatcher.circuits = Circuits(MemoryState())
    crawler.spider = spider
    return crawler
