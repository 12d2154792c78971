"""One post's way into the archive.

    claim ── what is missing ── fetch ── enter ── sidecar ── settle ── downloaded | failed

Every step may be the last before a kill: files reach the archive by rename only, the book knows what is under way,
and the next crawl goes on with the parts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pipelines.disk_room import DiskRoom, is_full
from pipelines.media_source import BrokenOff, Landed, MediaSource, Missed, Post
from pipelines.post_files import NameFile, Shelf, has
from store.media.book import Claim, Order, Settlement
from store.media.desk import Desk
from store.media.disk import DiskArchive
from store.media.statuses import ArchivedFile, Status
from tiktok.items import Video
from tiktok.media.wanted import Wanted, list_wanted

logger = logging.getLogger(__name__)

WAIT_SECONDS = 1.0
"""Between two looks whether another process has finished with a post."""

T = TypeVar("T")
Naming = Callable[[Video, Order], NameFile]


class PostArchiver:
    """All posts of a crawl; `most` files at once."""

    def __init__(
        self, disk: DiskArchive, desk: Desk, source: MediaSource, room: DiskRoom, *, naming: Naming, most: int
    ) -> None:
        self.disk = disk
        self.desk = desk
        self.source = source
        self.room = room
        self.stats = room.stats
        self.naming = naming
        self._places = asyncio.Semaphore(most)
        self._fetching: set[asyncio.Task[Any]] = set()

    async def archive(self, video: Video) -> None:
        """Fetch what is wanted of a post and isn't there; book how that ended."""
        order = self.source.order(video)
        if order is None:
            return
        try:
            claim = await self._claim(order)
        except BrokenOff:
            return
        order = replace(order, mode=claim.mode, value=claim.value)
        post = Post(video, order, self.source.around(video))
        settlement = await self._work(post, claim)
        twins = await self.desk.settle(settlement)
        for file in settlement.files:
            if file.key in twins and await asyncio.to_thread(
                self.disk.share, file.path, twins[file.key].path
            ):
                self.stats.inc_value("media/shared")
        self.stats.inc_value(f"media/{settlement.status}")
        if settlement.status is Status.FAILED:
            logger.info("No media of %s: %s", video.url or video.id, settlement.reason)

    def break_off(self) -> None:
        """Let go of all downloads; their parts stay."""
        for task in self._fetching:
            task.cancel()

    async def _claim(self, order: Order) -> Claim:
        """Wait while another process is at work on the post: what it archives need not be fetched again."""
        while True:
            claim = await self.desk.claim(order)
            if claim.is_ours:
                return claim
            if self.source.is_closing():
                raise BrokenOff
            await asyncio.sleep(WAIT_SECONDS)

    async def _work(self, post: Post, claim: Claim) -> Settlement:
        wish = post.order.wish
        kept = [file for file in claim.files if file.uploaded_at or self.disk.holds(file.path, file.bytes)]
        shelf = Shelf(self.disk, post, self.naming(post.video, post.order), kept)
        wanted = list_wanted(post.video, wish, post.around)
        missing = [each for each in wanted if not has(kept, each, wish)]
        self.stats.inc_value("media/known", len(wanted) - len(missing))
        work = (self._bring(post, each) for each in missing)
        ended = dict(zip(missing, await asyncio.gather(*work, return_exceptions=True), strict=True))
        broken = next((each for each in ended.values() if isinstance(each, BaseException)), None)
        missed = {each: end for each, end in ended.items() if isinstance(end, Missed)}
        landed = [(each, end) for each, end in ended.items() if isinstance(end, Landed)]
        is_whole = broken is None and not any(each.is_vital for each in missed)
        try:
            if landed or not shelf.has_sidecar:
                await self._put_away(shelf, landed, is_whole=is_whole)
        except Exception as error:  # noqa: BLE001  # whatever it was, the post must be let go of
            broken = broken or error
        if broken is not None:
            return _broken(post, broken, shelf.new)
        reason = "; ".join(f"{_word(each)}: {end.reason}" for each, end in missed.items()) or None
        return Settlement(post.order, Status.DOWNLOADED if is_whole else Status.FAILED, reason, shelf.new)

    async def _bring(self, post: Post, wanted: Wanted) -> Landed | Missed:
        """Fetch one file; wait while there is no room for it."""
        async with self._places:
            await self.room.wait()
            while True:
                try:
                    return await self._watched(self.source.fetch(post, wanted, self.disk.parts))
                except OSError as error:
                    if not is_full(error):
                        raise
                    await self.room.wait(after_failure=True)

    async def _put_away(
        self, shelf: Shelf, landed: Sequence[tuple[Wanted, Landed]], *, is_whole: bool
    ) -> None:
        """Enter what has come of a post, in one go; wait while there is no room for its sidecar."""
        left = list(landed)
        while True:
            try:
                await asyncio.to_thread(shelf.put_away, left, datetime.now(UTC), is_whole=is_whole)
                break
            except OSError as error:
                if not is_full(error):
                    raise
                await self.room.wait(after_failure=True)
        for wanted, file in landed:
            self.stats.inc_value(f"media/files/{wanted.role}")
            self.stats.inc_value("media/bytes", file.bytes)

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.get_running_loop().create_task(work)
        self._fetching.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise BrokenOff from None
        finally:
            self._fetching.discard(task)


def _broken(post: Post, error: BaseException, new: Sequence[ArchivedFile]) -> Settlement:
    """What came of a post whose files were broken off; those that are there stay."""
    match error:
        case BrokenOff():
            return Settlement(post.order, Status.PENDING, "the crawl ended", new)
        case OSError():
            return Settlement(
                post.order, Status.FAILED, f"the archive's disk: {error.strerror or error}", new
            )
        case _:
            logger.error("The media of %s broke off", post.video.id, exc_info=error)
            return Settlement(post.order, Status.FAILED, f"{type(error).__name__}: {error}", new)


def _word(wanted: Wanted) -> str:
    return " ".join(filter(None, (wanted.role.value, wanted.variant)))
