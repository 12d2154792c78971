"""The crawl that is always there: its engine, identities and stations serve one lookup after the other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

import psutil
from aiohttp import web
from scrapy import Request
from scrapy.crawler import Crawler

from crawler.callers import Caller
from crawler.live.desk import Desk
from crawler.live.doorway import Doorway
from crawler.live.walk import Walk
from crawler.spiders.base import AskingSpider
from pipelines.upsert import UpsertPipeline
from tiktok.lookups import Question
from tiktok.routes import Route
from tiktok.urls import Target

logger = logging.getLogger(__name__)

GRACE_SECONDS = 5.0
"""For lookups under way when the service is to end."""
PATIENCE_SECONDS = 7.0
"""For a database that is away then."""
LOOK_SECONDS = 2.0
"""Between two looks at the memory."""


class LiveSpider(AskingSpider):
    """Starts nothing by itself. It listens from its start to its end; the lookups are spiders of their own."""

    name = "live"
    own_requests: ClassVar[tuple[Request, ...]] = ()
    """What is asked comes from callers."""

    def __init__(self, listener: socket.socket, secret: str) -> None:
        super().__init__()
        self.listener = listener
        self.secret = secret
        self.started_at = datetime.now(UTC)
        self.desk: Desk
        self._is_over: asyncio.Event

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> LiveSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.desk = Desk(spider.look_up, crawler.settings.getint("LIVE_MOST"))
        return spider

    async def start(self) -> AsyncIterator[Any]:
        self._is_over = asyncio.Event()
        self._heed_those_who_end_it()
        doorway = Doorway(
            self.desk,
            secret=self.secret,
            site=self.settings["TIKTOK_BASE_URL"],
            shop_site=self.settings["TIKTOK_SHOP_BASE_URL"],
            deadline_seconds=self.settings.getfloat("LIVE_DEADLINE_SECONDS"),
            health=self.health,
        )
        runner = web.AppRunner(
            doorway.application(), handler_cancellation=True, access_log=None, shutdown_timeout=GRACE_SECONDS
        )
        await runner.setup()
        try:
            site = web.SockSite(runner, self.listener)
            await site.start()
            await self._serve()
            await site.stop()
        finally:
            doorway.is_closing = True
            await self.desk.close(GRACE_SECONDS)
            await runner.cleanup()
            self._hurry()
        for request in self.own_requests:
            yield request

    async def look_up(self, question: Question, target: Target, caller: Caller) -> bytes:
        """Answer one question."""
        findings = await Walk(self.crawler, self.dispatcher, question, caller).answer(target)
        return findings.document()

    def health(self) -> dict[str, Any]:
        """How the service is."""
        return {
            "under_way": self.desk.under_way,
            "most": self.desk.most,
            "browser": self._browser(),
            "memory_mb": round(_memory_mb()),
            "served": self.desk.served,
            "started_at": f"{self.started_at:%Y-%m-%dT%H:%M:%SZ}",
        }

    async def _serve(self) -> None:
        """Until told to end, or until memory has grown: the next process begins with as little as this one did."""
        most = self.settings.getint("LIVE_MEMORY_MB")
        while not self._is_over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), LOOK_SECONDS)
            if most and _memory_mb() > most:
                logger.warning("Memory has grown to %.0f MB (LIVE_MEMORY_MB=%d): ending", _memory_mb(), most)
                return

    def _heed_those_who_end_it(self) -> None:
        """A signal lets lookups under way come to their end; Scrapy's own handlers would stop their requests.

        When the parent dies, standard input ends.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._is_over.set)
        parent = sys.stdin.fileno()

        def end() -> None:
            loop.remove_reader(parent)
            self._is_over.set()

        loop.add_reader(parent, end)

    def _hurry(self) -> None:
        """What is found is stored now, or soon."""
        station = self.crawler.get_item_pipeline(UpsertPipeline)
        if station:
            station.patience.seconds = min(station.patience.seconds, PATIENCE_SECONDS)

    def _browser(self) -> str:
        if Route.BROWSER not in self.dispatcher.routes:
            return "none"
        return "warm" if self.crawler.stats.get_value("browser/started") else "cold"


def _memory_mb() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20
