"""Station 400: a post's files come into the archive, and when all are there, its sidecar.

The post waits for them and passes on whatever became of them: a file that can't be had never costs the post.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector
from scrapy.utils.misc import build_from_crawler, load_object
from sqlalchemy import Engine

from pipelines.disk_room import DiskRoom
from pipelines.media_source import MediaSource
from pipelines.pauses import Pause
from pipelines.post_archiving import PostArchiver
from pipelines.post_files import NameFile
from store.engine import open_engine
from store.media.abandoned_parts import sweep_parts
from store.media.book import Order
from store.media.desk import Desk
from store.media.disk import DiskArchive
from tiktok.items import Video
from tiktok.media.file_kinds import FileKind
from tiktok.media.paths import Asked, check_template, file_path, stem_of
from tiktok.media.wishes import Role

LOOK_SECONDS = 1.0
"""How often is looked whether the crawl is being ended, and whether claims are to be renewed."""


class MediaPipeline:
    """Does nothing, and opens nothing, until a post comes whose media are wanted.

    Who knows Scrapy's FilesPipeline: `FILES_STORE` is the root, `file_path` names the files.
    """

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats
        self.template = check_template(crawler.settings["MEDIA_PATH"])
        self.source: MediaSource = build_from_crawler(load_object(crawler.settings["MEDIA_SOURCE"]), crawler)
        self.archiver: PostArchiver | None = None
        self.engine: Engine | None = None
        self._keeper: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.get("FILES_STORE") or not crawler.settings.get("MEDIA_SOURCE"):
            raise NotConfigured
        return cls(crawler, crawler.stats)

    @property
    def pause(self) -> Pause | None:
        """Why no file comes at present."""
        return self.archiver.room.pause if self.archiver else None

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Video) and self.source.order(item):
            self.archiver = self.archiver or self._open()
            await self.archiver.archive(item)
        return item

    async def close_spider(self) -> None:
        if self._keeper:
            self._keeper.cancel()
        self.source.close()
        if self.engine:
            self.engine.dispose()

    def file_path(self, video: Video, order: Order, role: Role, variant: str, kind: FileKind) -> str:
        """Name a file below the root."""
        stem = stem_of(self.template, video, Asked(order.mode, order.value))
        return file_path(stem, role, variant, kind)

    def _open(self) -> PostArchiver:
        settings = self.crawler.settings
        disk = DiskArchive(Path(settings["FILES_STORE"]).expanduser().absolute())
        disk.open()
        self.engine = open_engine(settings["DATABASE_URL"])
        sweep_parts(disk, self.engine, datetime.now(UTC))
        desk = Desk(self.engine)
        least = settings.getint("MEDIA_MIN_FREE_MB") * 2**20
        room = DiskRoom(disk.free_bytes, least, self.source.is_closing, self.stats)
        archiver = PostArchiver(
            disk, desk, self.source, room, naming=self._naming, most=settings.getint("MEDIA_CONCURRENCY")
        )
        self._keeper = asyncio.get_running_loop().create_task(self._keep(archiver))
        return archiver

    def _naming(self, video: Video, order: Order) -> NameFile:
        return lambda role, variant, kind: self.file_path(video, order, role, variant, kind)

    async def _keep(self, archiver: PostArchiver) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.source.is_closing():
                archiver.break_off()
            await archiver.desk.renew()
