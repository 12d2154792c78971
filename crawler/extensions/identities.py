"""Opens the pool of identities when a crawl begins, and closes it when the last answer is in."""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from sqlalchemy import Engine

from crawler.configuration import config_of
from crawler.identities import IdentityPool
from crawler.spiders.base import AskingSpider
from crawler.ways_out import WaysOut
from pipelines.patience import Patience
from store.engine import open_engine
from store.errors import StoreError
from store.exits import Exit, ExitBook, refresh_exits
from store.identities import IdentityBook
from store.secrets import Keyring

logger = logging.getLogger(__name__)

PROBE_SECONDS = 10.0
"""A proxy that needs longer for an empty answer is no use."""
TROUBLES = {407: "proxy_refused", 502: "gateway_failed", 504: "gateway_failed"}
"""Statuses that a proxy answers with when it is the one who refuses."""


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
        if isinstance(spider, AskingSpider):
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
        config = config_of(settings)
        self.engine = open_engine(config.database_url)
        keyring = Keyring.load(config)
        exits = ExitBook(self.engine, keyring)
        try:
            refresh_exits(exits, config, datetime.now(UTC))
        except StoreError as error:
            logger.warning("The exits stay as they are known: %s", error)
        return IdentityPool(
            IdentityBook(self.engine, keyring, config.ms_tokens),
            WaysOut(
                exits,
                Patience(self.engine, settings.getfloat("DATABASE_PATIENCE_SECONDS")),
                probe=self._probe,
                refresh=lambda: refresh_exits(exits, config, datetime.now(UTC)),
                algorithm=config.proxy_algorithm,
                look_seconds=5 if settings.getbool("POLITE_PACE") else 0.5,
            ),
            most=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            guests=settings.getint("GUESTS_PER_EXIT"),
            user_agent=settings["USER_AGENT"],
            rest_factor=settings.getfloat("REST_FACTOR"),
            idle_seconds=settings.getfloat("IDENTITY_IDLE_SECONDS") or math.inf,
            is_stopping=self._is_stopping,
        )

    def _is_stopping(self) -> bool:
        """Scrapy waits for all callbacks when it closes a spider, and has no public word for that it does so."""
        slot = self.crawler.engine._slot  # noqa: SLF001  # see above
        return slot is None or slot.closing is not None

    async def _probe(self, way_out: Exit) -> str | None:
        """Ask for the front page through an exit. Whatever the site answers, the exit has carried it."""
        request = Request(
            f"{self.crawler.settings['TIKTOK_BASE_URL']}/",
            method="HEAD",
            dont_filter=True,
            meta={"proxy": way_out.url, "download_timeout": PROBE_SECONDS, "handle_httpstatus_all": True},
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # any failure of any download handler
            return type(error).__name__
        self.crawler.stats.inc_value("exit/probed")
        return TROUBLES.get(response.status)
