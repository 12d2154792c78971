"""A crawl that is told to stop hands back what it has not done within ten seconds, whatever hangs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable
from contextlib import suppress
from types import FrameType
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.extensions.identities import Identities
from crawler.extensions.shard import ShardKeeper
from pipelines.upsert import UpsertPipeline
from store.errors import StoreError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 7.0
"""For answers under way, and for a database that is away."""
LAST_WORDS_SECONDS = 1.0
"""For each of the three things that are then written: rows, the shard, identities."""


class HandBack:
    """Scrapy waits for all answers under way, which may take `DOWNLOAD_TIMEOUT`; who stops us does not wait so long."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.watching: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_started, signal=signals.engine_started)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def engine_started(self) -> None:
        heed_one_sigterm()
        self.watching = asyncio.get_running_loop().create_task(self._watch())

    def spider_closed(self) -> None:
        if self.watching:
            self.watching.cancel()

    async def _watch(self) -> None:
        await asyncio.sleep(LOOK_SECONDS)  # the engine runs a moment after it says that it has started
        while self.crawler.engine.running:  # noqa: ASYNC110  # Scrapy has no signal for this
            await asyncio.sleep(LOOK_SECONDS)
        stops_at = time.monotonic() + PATIENCE_SECONDS
        if station := self._station:
            station.patience.seconds = min(station.patience.seconds, PATIENCE_SECONDS)
        await asyncio.sleep(stops_at - time.monotonic())
        logger.warning("Not all answers came in within %.0f s; handing back without them", PATIENCE_SECONDS)
        await self._hand_back()
        end_now()

    async def _hand_back(self) -> None:
        keeper, identities = (self.crawler.get_extension(part) for part in (ShardKeeper, Identities))
        if self._station:
            await _in_time(self._station.flush())
        if isinstance(keeper, ShardKeeper):
            await _in_time(keeper.give_back("shutdown"))
        if isinstance(identities, Identities) and identities.pool:
            await _in_time(identities.pool.close())

    @property
    def _station(self) -> UpsertPipeline | None:
        return self.crawler.get_item_pipeline(UpsertPipeline)


async def _in_time(work: Awaitable[None]) -> None:
    with suppress(TimeoutError, StoreError):
        await asyncio.wait_for(work, LAST_WORDS_SECONDS)


def heed_one_sigterm() -> None:
    """Let only the first SIGTERM count.

    Whoever stops a whole group of processes sends it more than once, and Scrapy takes the second for a wish to
    drop everything. A second Ctrl-C still means that.
    """
    shut_down = signal.getsignal(signal.SIGTERM)
    if not callable(shut_down) or threading.current_thread() is not threading.main_thread():
        return

    def heed(number: int, frame: FrameType | None) -> None:
        shut_down(number, frame)  # replaces both handlers by the one that drops everything
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    signal.signal(signal.SIGTERM, heed)


def end_now() -> None:
    """Tell Scrapy, which is shutting down, to drop what is left."""
    os.kill(os.getpid(), signal.SIGINT)
