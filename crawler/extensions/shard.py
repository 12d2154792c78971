"""A crawl's job: claims its shard when the crawl begins, says that it lives, does what it is told, gives it back.

A crawl that a person starts makes a job of its own, or goes on with the one that the same command left undone.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from sqlalchemy import Engine

from crawler.by_hand import Wish, claim_own
from crawler.endings import NOT_WANTED
from crawler.extensions.identities import Identities
from crawler.identities import Pause as IdentityPause
from crawler.processes import this_process
from crawler.spiders.base import TikTokSpider
from crawler.work import GivenWork, ShardWork
from pipelines.ledger import Ledger
from pipelines.media import MediaPipeline
from pipelines.patience import Patience
from pipelines.pauses import Pause
from pipelines.progress import ProgressPipeline
from pipelines.upload import UploadPipeline
from store.engine import open_engine
from store.errors import StoreError
from store.jobs.claims import Claim, Order, claim_shard
from store.jobs.errors import ShardLost

logger = logging.getLogger(__name__)

COMPLETE = frozenset({"finished", "start_error"})
"""Ends of a crawl after which nothing should be open; all others were wished for."""


class ShardKeeper:
    """Has a database connection of its own: the stations close theirs before the shard is given back."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.engine: Engine | None = None
        self.work: ShardWork | None = None
        self.keeping: asyncio.Task[None] | None = None
        self.closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        spider, settings = self.crawler.spider, self.crawler.settings
        if not isinstance(spider, TikTokSpider):
            return
        if not settings.getbool("JOBS_ENABLED"):
            spider.begin_work(GivenWork(list(spider.targets(settings["TIKTOK_BASE_URL"]))))
            return
        self.engine = await asyncio.to_thread(open_engine, settings["DATABASE_URL"])
        try:
            claim = await asyncio.to_thread(self._claim, spider, self.engine)
        except ShardLost as lost:
            logger.warning("%s", lost)
            raise CloseSpider(NOT_WANTED) from None
        if claim is None:
            raise CloseSpider("nothing_to_do")
        self._begin(spider, self.engine, claim)

    async def spider_closed(self, reason: str) -> None:
        if self.keeping:
            self.keeping.cancel()
        try:
            await self.give_back(reason)
        finally:
            if self.engine:
                self.engine.dispose()

    async def give_back(self, reason: str) -> None:
        """End the work on the shard; only the first call does."""
        work, self.work = self.work, None
        if work is None:
            return
        await work.beat()  # with the last figures
        is_failure = reason in COMPLETE and work.order is Order.GO_ON
        try:
            state = await work.end(reason, is_handed_back=not is_failure)
        except StoreError as error:
            logger.warning("The shard is not given back: %s", error)
        else:
            self.crawler.stats.set_value("shard/state", str(state))

    def _claim(self, spider: TikTokSpider, engine: Engine) -> Claim | None:
        if spider.shard:
            now = datetime.now(UTC)
            return claim_shard(engine, spider.shard.shard_id, spider.shard.attempt, this_process(), now)
        site = self.crawler.settings["TIKTOK_BASE_URL"]
        wish = Wish(spider.name, spider.parameters(), spider.digest(site), lambda: spider.wanted(site))
        return claim_own(engine, wish, is_fresh=bool(spider.arguments.get("fresh")))

    def _begin(self, spider: TikTokSpider, engine: Engine, claim: Claim) -> None:
        patience = Patience(engine, self.crawler.settings.getfloat("DATABASE_PATIENCE_SECONDS"))
        self.work = ShardWork(engine, claim, spider.kind, patience, self._tell)
        spider.ledger = Ledger(claim)
        # Another try for a post's media is made in the name of the job that it follows from.
        spider.media_job_id = claim.job.sequel_of or claim.job.id
        if spider.shard:
            spider.take_arguments(spider.kind.read_more(claim.job.parameters))
        spider.begin_work(self.work)
        self.crawler.stats.set_value("job/id", claim.job.id)
        self.keeping = asyncio.get_running_loop().create_task(self._keep(spider, self.work))

    async def _keep(self, spider: TikTokSpider, work: ShardWork) -> None:
        while work.order is Order.GO_ON:
            await asyncio.sleep(self.crawler.settings.getfloat("HEARTBEAT_SECONDS"))
            await work.beat()
        self.crawler.stats.set_value("shard/order", str(work.order))
        if work.order is Order.STOP:
            self.work = None  # not ours to give back
            closing = self.crawler.engine.close_spider_async(reason="shard_lost")
            self.closing = asyncio.get_running_loop().create_task(closing)
            return
        spider.wind_up()
        while True:  # it lives until its last targets are done
            await asyncio.sleep(self.crawler.settings.getfloat("HEARTBEAT_SECONDS"))
            await work.beat()

    def _tell(self) -> dict[str, Any]:
        station = self.crawler.get_item_pipeline(ProgressPipeline)
        found, declared = station.rows if station else (None, None)
        pause = self._pause()
        return {
            "found": found,
            "declared": declared,
            "waiting_for": pause and pause.reason,
            "waiting_until": pause and pause.until,
        }

    def _pause(self) -> IdentityPause | Pause | None:
        """Why the crawl stands still: nobody may ask, or nothing can be written."""
        identities = self.crawler.get_extension(Identities)
        if identities and identities.pool and identities.pool.pause:
            return identities.pool.pause
        downloads = self.crawler.get_item_pipeline(MediaPipeline)
        uploads = self.crawler.get_item_pipeline(UploadPipeline)
        stations = [station for station in (downloads, uploads) if station]
        return next((station.pause for station in stations if station.pause), None)
