"""Opens the pool of identities when a crawl begins, and closes it when the last answer is in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Engine

from crawler.identities import IdentityPool
from crawler.spiders.base import TikTokSpider
from store.config import Config, load_config
from store.engine import open_engine
from store.exits import ExitBook, refresh_exits
from store.identities import IdentityBook
from store.secrets import Keyring


class Identities:
    """Has a database connection of its own: the stations close theirs before the pool has written its last."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.engine: Engine | None = None
        self.pool: IdentityPool | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        spider = self.crawler.spider
        if isinstance(spider, TikTokSpider):
            self.pool = await asyncio.to_thread(self._make_pool)
            await self.pool.open()
            spider.dispatcher.pool = self.pool

    async def spider_closed(self) -> None:
        if self.pool:
            await self.pool.close()
        if self.engine:
            self.engine.dispose()

    def _make_pool(self) -> IdentityPool:
        settings = self.crawler.settings
        config = _config_of(settings["DATA_DIR"], settings["DATABASE_URL"])
        self.engine = open_engine(config.database_url)
        keyring = Keyring.load(config)
        exits = ExitBook(self.engine, keyring)
        refresh_exits(exits, config, datetime.now(UTC))
        return IdentityPool(
            IdentityBook(self.engine, keyring, config.ms_tokens),
            exits,
            most=settings.getint("CONCURRENT_REQUESTS"),
            guests=settings.getint("GUESTS_PER_EXIT"),
            user_agent=settings["USER_AGENT"],
            algorithm=config.proxy_algorithm,
        )


def _config_of(data_dir: str, database_url: str) -> Config:
    """The environment's settings, with the two that a Scrapy setting may override."""
    return replace(load_config(), data_dir=Path(data_dir), database_url=database_url)
