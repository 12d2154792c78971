"""Station 500: the files of a post that is whole go to the store that `MEDIA_STORE` names, its sidecar last.

A crawl that names a Drive folder of its own (`drive_folder`) copies them there instead.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.statscollectors import StatsCollector
from sqlalchemy import Engine

from pipelines.pauses import Pause
from store.config import Config, load_config
from store.engine import open_engine
from store.errors import StoreError
from store.media.disk import DiskArchive
from store.media.errors import PieceRefused, StorePaused, StoreRefused, StoreTrouble
from store.media.opening import open_folder, open_store
from store.media.statuses import ArchivedFile, Status
from store.media.stores import Piece, Placed, Store
from store.media.uploads import files_to_upload, find_uploaded_twin, local_paths, note_status, note_upload
from tiktok.items import Video
from tiktok.media.wishes import MediaWish, Role

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""Of one file in one crawl; the store itself has tried each several times."""
LOOK_SECONDS = 5.0
"""How often a paused upload looks whether the crawl is being ended."""


class UploadPipeline:
    """Does nothing without `MEDIA_STORE` and a folder of the crawl's own.

    Blocks only the posts that it uploads, `MEDIA_CONCURRENCY` files at once.
    """

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.stats = stats
        self.disk = DiskArchive(Path(settings["FILES_STORE"]).expanduser().absolute())
        self.keeps_local = settings.getbool("MEDIA_KEEP_LOCAL")
        self.engine: Engine | None = None
        self.store: Store | None = None
        self.folder_id = ""
        self._refused = ""
        self._opening = asyncio.Lock()
        self.pause: Pause | None = None
        # Threads of their own: an upload may wait for minutes, and the crawl's heartbeat must not wait behind it.
        self._threads = ThreadPoolExecutor(settings.getint("MEDIA_CONCURRENCY"), thread_name_prefix="upload")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.get("FILES_STORE"):
            raise NotConfigured
        return cls(crawler, crawler.stats)

    async def open_spider(self) -> None:
        """Refuse at once what would be refused with every file."""
        if not self.crawler.settings.get("MEDIA_STORE"):
            return
        try:
            await asyncio.to_thread(self._open)
        except StoreError as error:
            logger.error("%s", error)  # noqa: TRY400  # the line says it all
            self.stats.set_value("store/failed", "media_store_refused")
            raise CloseSpider("media_store_refused") from None

    async def close_spider(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self.store:
            await asyncio.to_thread(self.store.close)
        if self.engine:
            self.engine.dispose()

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Video):
            return item
        folder_id = self._own_folder()
        if folder_id and folder_id != self.folder_id:
            await self._turn_to(folder_id)
        if self.engine and self._refused:
            await self._note(self.engine, item.id, Status.FAILED, self._refused)
        elif self.engine and self.store:
            name, folder_id = self.store.name, self.folder_id
            files = await asyncio.to_thread(files_to_upload, self.engine, item.id, name, folder_id)
            if files is not None:
                await self._upload_post(self.engine, self.store, item.id, files)
        return item

    def _own_folder(self) -> str:
        """The crawl's own folder: a job's is known only when its spider is open."""
        wish: MediaWish | None = getattr(self.crawler.spider, "media_wish", None)
        return wish.drive_folder if wish else ""

    async def _turn_to(self, folder_id: str) -> None:
        """Copy to this folder from now on. One that can't be used costs the posts' uploads, not the crawl."""
        async with self._opening:
            if folder_id == self.folder_id:
                return
            try:
                await asyncio.to_thread(self._open_folder, folder_id)
            except StoreError as error:
                logger.error("%s", error)  # noqa: TRY400  # the line says it all
                self._refused = str(error)
            self.folder_id = folder_id

    def _open(self) -> None:
        config = self._config()
        self.engine = open_engine(config.database_url)
        self.store = open_store(config, self.engine)

    def _open_folder(self, folder_id: str) -> None:
        config = self._config()
        self.engine = self.engine or open_engine(config.database_url)
        if self.store:
            self.store.close()
        self.store = open_folder(config, self.engine, folder_id)

    def _config(self) -> Config:
        settings = self.crawler.settings
        return replace(
            load_config(),
            data_dir=Path(settings["DATA_DIR"]),
            database_url=settings["DATABASE_URL"],
            media_store=settings.get("MEDIA_STORE") or "",
        )

    async def _upload_post(
        self, engine: Engine, store: Store, video_id: str, files: list[ArchivedFile]
    ) -> None:
        await self._note(engine, video_id, Status.UPLOADING)
        for file in files:
            problem = await self._upload(engine, store, file)
            if problem is not None:
                self.stats.inc_value(f"media/{'upload_failed' if problem else 'upload_left'}")
                if problem:
                    logger.warning("%s: %s", file.path, problem)
                    await self._note(engine, video_id, Status.FAILED, problem)
                return
        await self._note(engine, video_id, Status.UPLOADED)
        self.stats.inc_value("media/uploaded")
        # What is in somebody's own folder is not in the archive yet.
        if not self.keeps_local and not self.folder_id:
            await asyncio.to_thread(self._remove, engine, video_id)

    async def _upload(self, engine: Engine, store: Store, file: ArchivedFile) -> str | None:
        """Upload one file; say why it can't be, or nothing (`""`) when the crawl ends before."""
        run = asyncio.get_running_loop().run_in_executor
        failures = 0
        while True:
            try:
                placed = await run(self._threads, self._put, engine, store, file)
            except StorePaused as pause:
                if not await self._sit_out(pause):
                    return ""
            except (PieceRefused, StoreRefused) as error:
                return str(error)
            except StoreTrouble as error:
                failures += 1
                if failures == ATTEMPTS:
                    return str(error)
            else:
                note = partial(note_upload, engine, file, store.name, placed, folder_id=self.folder_id)
                await asyncio.to_thread(note, _now())
                self.stats.inc_value("media/bytes_uploaded", file.bytes)
                return None

    async def _note(self, engine: Engine, video_id: str, status: Status, reason: str | None = None) -> None:
        note = partial(note_status, engine, video_id, status, _now(), reason, folder_id=self.folder_id)
        await asyncio.to_thread(note)

    def _put(self, engine: Engine, store: Store, file: ArchivedFile) -> Placed:
        piece = Piece(
            source=self.disk.locate(file.path),
            path=file.path,
            video_id=file.video_id,
            role=Role(file.role),
            variant=file.variant,
            bytes=file.bytes,
            sha256=file.sha256,
            md5=file.md5,
            mime_type=file.mime_type,
        )
        found = store.find(piece)  # an earlier crawl may have been killed behind its last byte
        if found is not None:
            return found
        twin = find_uploaded_twin(engine, file, store.name)
        return store.put_again(piece, twin) if twin else store.put(piece)

    async def _sit_out(self, pause: StorePaused) -> bool:
        """Wait until the store takes files again; `False` when the crawl ends before."""
        logger.warning("Paused: %s", pause)
        self.stats.inc_value("media/pauses")
        self.pause = Pause(pause.reason, pause.until)
        while _now() < pause.until:
            if self.crawler.engine._slot is None or self.crawler.engine._slot.closing:  # noqa: SLF001  # see Identities
                return False
            await asyncio.sleep(min(LOOK_SECONDS, max(0.0, (pause.until - _now()).total_seconds())))
        self.pause = None  # the next attempt may bring it back
        return True

    def _remove(self, engine: Engine, video_id: str) -> None:
        for path in local_paths(engine, video_id):
            self.disk.locate(path).unlink(missing_ok=True)


def _now() -> datetime:
    return datetime.now(UTC)
