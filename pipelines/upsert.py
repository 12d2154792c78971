"""Station 300: items and records go into the database, in batches, in the order in which they came.

A list's checkpoint is written in the transaction that holds its page's rows, or in a later one, never before:
a crawl that is killed and started again goes on exactly where the database stopped. The same holds for what the
job's ledger says about a target.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector
from sqlalchemy import Engine

from pipelines.companions import Companions
from pipelines.ledger import Ledger
from pipelines.media_requests import asking, together
from pipelines.patience import Patience
from store.engine import open_engine
from store.errors import StoreError
from store.jobs.errors import ShardLost
from store.rejects import Reject
from store.schema import migrate
from store.upserts import Written, write
from tiktok.items import Item
from tiktok.outcomes import Listing, Outcome, Record
from tiktok.routes import Route

logger = logging.getLogger(__name__)

BATCH_ROWS = 500
"""Rows per transaction; more than this gained nothing on MariaDB or SQLite."""
FLUSH_SECONDS = 1.0
"""Longest time a row waits for company: what a killed crawl may have to fetch again."""


class UpsertPipeline:
    """Collects what passes and writes it off the event loop, one batch at a time."""

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats
        self.engine: Engine = open_engine(crawler.settings["DATABASE_URL"])
        self.patience = Patience(self.engine, crawler.settings.getfloat("DATABASE_PATIENCE_SECONDS"))
        self.items: list[Item] = []
        self.records: list[Record] = []
        self.rejects: list[Reject] = []
        self.nobodys = Ledger()
        self.writing = asyncio.Lock()
        self.timer: asyncio.TimerHandle | None = None
        self.late_flush: asyncio.Task[None] | None = None
        self.batch: asyncio.Task[None] | None = None
        self.has_failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.stats)

    @property
    def ledger(self) -> Ledger:
        """The crawl's, which the spider has from the moment when it is open."""
        ledger: Ledger = getattr(self.crawler.spider, "ledger", self.nobodys)
        return ledger

    async def open_spider(self) -> None:
        await asyncio.to_thread(migrate, self.engine)

    async def close_spider(self) -> None:
        if self.timer:
            self.timer.cancel()
        try:
            await self.flush()
        finally:
            self.engine.dispose()

    async def process_item(self, item: Any) -> Any:
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._flush_late)
        match item:
            case Item(route=Route.CURATED):
                pass  # samples that we have invented are told, and never kept
            case Item():
                self.items.append(item)
                await self.flush_when_full()
            case Companions():
                self.items.extend(item.items)
                self.rejects.extend(item.rejects)
                await self.flush_when_full()
            case Listing() | Outcome():  # never waits: the stations behind see records in their order
                self.records.append(item)
                self.ledger.note(item)
            case Reject():
                self.rejects.append(item)
        return item

    async def flush_when_full(self) -> None:
        """Begin to write a full batch, as soon as the one before is written.

        Waiting for that is what slows a crawl to the speed of its database: a second batch comes together while
        the first is written, and no third one.
        """
        while len(self.items) >= BATCH_ROWS:
            if self.batch and not self.batch.done():
                await asyncio.wait([self.batch])
            elif self.writing.locked():
                async with self.writing:
                    continue
            else:
                self.batch = asyncio.get_running_loop().create_task(self.flush())
                await asyncio.sleep(0)  # it takes what has come, and begins

    async def flush(self) -> None:
        """Write what has come so far, and wait while the database is away."""
        async with self.writing:
            items, self.items = self.items, []
            records, self.records = self.records, []
            rejects, self.rejects = self.rejects, []
            also = together(self.ledger.take(), asking(items, self.crawler.spider))
            if self.has_failed or not (items or records or rejects or also):
                return
            try:
                written = await self.patience.wait_for(
                    lambda: write(self.engine, items, records, rejects, also=also)
                )
            except ShardLost as lost:
                logger.warning("%s", lost)
                self._stop("shard_lost")
            except StoreError as error:
                logger.error("%s", error)  # noqa: TRY400  # the line says it all
                self._fail("database_unreachable")
            except Exception:
                self._fail("store_failed")
                raise
            else:
                self._count(written)

    def _flush_late(self) -> None:
        self.timer = None
        self.late_flush = asyncio.get_running_loop().create_task(self.flush())

    def _count(self, written: Written) -> None:
        if written.rejected:
            self.stats.inc_value("store/rejected", written.rejected)
        for item_type, counts in written.by_type.items():
            self.stats.inc_value(f"store/{item_type}/new", counts.new)
            self.stats.inc_value(f"store/{item_type}/changed", counts.changed)
            self.stats.inc_value(f"store/{item_type}/unchanged", counts.unchanged)

    def _fail(self, reason: str) -> None:
        # Told apart from `finish_reason`: a crawl that was closing anyway keeps the reason it had.
        self.stats.set_value("store/failed", reason)
        self._stop(reason)

    def _stop(self, reason: str) -> None:
        """End the crawl; its last checkpoint tells the next start where to go on."""
        self.has_failed = True
        closing = self.crawler.engine.close_spider_async(reason=reason)
        self.late_flush = asyncio.get_running_loop().create_task(closing)
