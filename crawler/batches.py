"""The ceiling of a bulk job: so many seconds from batch to batch, over all its processes."""

from __future__ import annotations

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.configuration import config_of
from store.pace import Bucket, Governor, open_governor


class BatchPace:
    """Shares its calendar through the governor, as requests do; what it lets through still waits for its own turn."""

    def __init__(self, governor: Governor | None, seconds: float) -> None:
        self.governor = governor
        self.seconds = seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        seconds = crawler.settings.getfloat("BULK_BATCH_SECONDS")
        pace = cls(open_governor(config_of(crawler.settings)) if seconds else None, seconds)
        crawler.signals.connect(pace.close, signal=signals.spider_closed)
        return pace

    async def turn(self, job: int | str) -> None:
        """Wait until the job may begin with its next batch."""
        if self.governor:
            await self.governor.turn([Bucket(f"bulk:{job}", 1 / self.seconds)])

    async def close(self) -> None:
        if self.governor:
            await self.governor.close()
