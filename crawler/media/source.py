"""Fetches files for station 400: the crawl's side of `pipelines.media_source`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest

from crawler.media.hunt import PAUSE_SECONDS, Hunt
from crawler.media.rereading import Fresh, reread
from pipelines.media_source import BrokenOff, Landed, Missed, Post
from store.media.book import Order
from tiktok.items import Video
from tiktok.media.wanted import Around, Wanted, list_wanted, renewed

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider

THREADS = 4
"""They hash and write: more than there are processors gain nothing."""


class CrawlSource:
    """One per crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="media")
        # A site of our own needs no rest from us.
        self.pause_seconds = PAUSE_SECONDS if crawler.settings.getbool("POLITE_PACE") else 0.0
        self._readings: dict[str, asyncio.Task[Fresh | Missed]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def order(self, video: Video) -> Order | None:
        return self.spider.media_asked_for(video)

    def around(self, video: Video) -> Around:
        origin = self.spider.origins.get(video.id)
        return origin.around if origin else Around()

    async def fetch(self, post: Post, wanted: Wanted, parts: Path) -> Landed | Missed:
        origin = self.spider.origins.get(post.video.id)
        prefix = "-".join(filter(None, (post.video.id, wanted.role.value, wanted.variant)))
        hunt = Hunt(
            wanted,
            origin.access if origin else None,
            parts / prefix,
            # Past the middlewares: whose request it is, and what its answer means, is known here.
            download=self.crawler.engine.downloader.handlers.download_request_async,
            reread=partial(self._reread, post.video),
            renew=lambda fresh, old: renewed(old, list_wanted(fresh.video, post.order.wish, fresh.around)),
            executor=self.executor,
            pause_seconds=self.pause_seconds,
        )
        try:
            return await hunt.run()
        except (CloseSpider, IgnoreRequest, asyncio.CancelledError) as error:
            raise BrokenOff from error
        finally:
            self.stats.inc_value("media/bytes_received", hunt.bytes_received)

    def is_closing(self) -> bool:
        slot = self.crawler.engine._slot  # noqa: SLF001  # Scrapy has no public word for it
        return slot is None or slot.closing is not None

    def close(self) -> None:
        self.executor.shutdown(wait=True)

    @property
    def spider(self) -> TikTokSpider:
        return cast("TikTokSpider", self.crawler.spider)

    def _reread(self, video: Video) -> Awaitable[Fresh | Missed]:
        """Read a post again, once for all of its files."""
        if video.id not in self._readings:
            task = asyncio.get_running_loop().create_task(reread(self.crawler, video))
            task.add_done_callback(lambda _: self._forget_later(video.id))
            self._readings[video.id] = task
        return asyncio.shield(self._readings[video.id])

    def _forget_later(self, video_id: str) -> None:
        asyncio.get_running_loop().call_later(60, self._readings.pop, video_id, None)
