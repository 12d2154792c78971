"""Adds what each route's answers were judged to be to the database, for the operator's metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from typing import ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from store.answers import RouteAndVerdict, add_answers
from store.engine import open_engine
from store.errors import StoreError
from tiktok.routes import Route
from tiktok.verdicts import Verdict

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
"""What a killed crawl had not told yet."""


class AnswerCounts:
    """Reads the counters of the verdict middleware. Counts of the whole process, which may run crawl after crawl."""

    _untold: ClassVar[Counter[RouteAndVerdict]] = Counter()
    _told_at: ClassVar[float] = 0.0

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.seen: Counter[RouteAndVerdict] = Counter()
        self.telling: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self.telling = asyncio.get_running_loop().create_task(self._tell_now_and_then())

    async def spider_closed(self) -> None:
        if self.telling:
            self.telling.cancel()
        self._collect()
        # A process that lives on, as for live lookups, need not tell after each small crawl.
        is_last = self.crawler.settings.getbool("JOBS_ENABLED")
        if is_last or time.monotonic() - AnswerCounts._told_at > EVERY_SECONDS:
            await asyncio.to_thread(self._tell)

    async def _tell_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            self._collect()
            await asyncio.to_thread(self._tell)

    def _collect(self) -> None:
        now = Counter(
            {
                (route, verdict): count
                for route in map(str, Route)
                for verdict in map(str, Verdict)
                if (count := self.crawler.stats.get_value(f"route/{route}/{verdict}", 0))
            }
        )
        AnswerCounts._untold += now - self.seen
        self.seen = now

    def _tell(self) -> None:
        """Keep for the next time what the database does not take."""
        counts, AnswerCounts._untold = AnswerCounts._untold, Counter()
        AnswerCounts._told_at = time.monotonic()
        if not counts:
            return
        try:
            engine = open_engine(self.crawler.settings["DATABASE_URL"])
            try:
                add_answers(engine, counts)
            finally:
                engine.dispose()
        except (StoreError, DBAPIError) as error:
            AnswerCounts._untold += counts
            logger.debug("Answers are counted later: %s", error)
