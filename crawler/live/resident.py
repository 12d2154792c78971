"""The crawl that is always there: its engine, identities and stations serve one lookup after the other."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psutil
from aiohttp import web
from scrapy.crawler import Crawler

from crawler.callers import Caller
from crawler.live.desk import Desk
from crawler.live.doorway import Doorway
from crawler.live.walk import Walk
from crawler.spiders.base import AskingSpider
from tiktok.lookups import Question
from tiktok.urls import Target

BACKLOG = 1_024
"""Connections that may wait to be taken: a thousand equal questions come at once."""
GRACE_SECONDS = 5.0
"""For lookups under way when the service is told to end."""


class LiveSpider(AskingSpider):
    """Starts nothing by itself. It listens from its start to its end; the lookups are spiders of their own."""

    name = "live"

    def __init__(self, listener: socket.socket, secret: str) -> None:
        super().__init__()
        self.listener = listener
        self.secret = secret
        self.started_at = datetime.now(UTC)
        self.desk: Desk

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> LiveSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.desk = Desk(spider.look_up, crawler.settings.getint("LIVE_MOST"))
        return spider

    async def start(self) -> AsyncIterator[Any]:
        doorway = Doorway(
            self.desk,
            secret=self.secret,
            site=self.settings["TIKTOK_BASE_URL"],
            deadline_seconds=self.settings.getfloat("LIVE_DEADLINE_SECONDS"),
            health=self.health,
        )
        runner = web.AppRunner(doorway.application(), handler_cancellation=True, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, self.listener, backlog=BACKLOG).start()
            await asyncio.get_running_loop().create_future()
        finally:
            doorway.is_closing = True
            await self.desk.wait_for_all(GRACE_SECONDS)
            await runner.cleanup()
        yield  # never: what is asked comes from callers

    async def look_up(self, question: Question, target: Target, caller: Caller) -> bytes:
        """Answer one question."""
        findings = await Walk(self.crawler, self.dispatcher, question, caller).answer(target)
        return findings.document()

    def health(self) -> dict[str, Any]:
        """How the service is."""
        return {
            "under_way": self.desk.under_way,
            "most": self.desk.most,
            "served": self.desk.served,
            "memory_mb": round(psutil.Process(os.getpid()).memory_info().rss / 2**20),
            "started_at": f"{self.started_at:%Y-%m-%dT%H:%M:%SZ}",
        }
