"""One post's way into the archive, with files that a pretend source gives."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import Engine

from pipelines.disk_room import DiskRoom
from pipelines.media_source import BrokenOff, Landed, Missed, Post
from pipelines.post_archiving import PostArchiver
from store.media.book import Order
from store.media.desk import Desk
from store.media.disk import DiskArchive
from store.media.statuses import Status, archived_files, post_statuses
from tests.store.factories import make_video
from tiktok.items import Image, Rendition, Video
from tiktok.media.file_kinds import FileKind
from tiktok.media.paths import Asked, file_path, stem_of
from tiktok.media.wanted import Around, Source, Wanted
from tiktok.media.wishes import MediaWish, Role

TEMPLATE = "TikTok/{mode}/{value}/{display_name}/{description}_{id}"


@dataclass
class PretendSource:
    """Gives a file for everything, unless it is told to fail."""

    wish: MediaWish
    value: str = "maya"
    fails: Callable[[Wanted], Missed | Exception | None] = lambda _: None
    fetched: list[tuple[str, str]] = field(default_factory=list)

    def order(self, video: Video) -> Order:
        return Order(job_ids=(1,), video_id=video.id, wish=self.wish, mode="profile", value=self.value)

    def around(self, _video: Video) -> Around:
        return Around("https://cdn.example/sound", "https://cdn.example/avatar")

    async def fetch(self, post: Post, wanted: Wanted, parts: Path) -> Landed | Missed:
        failure = self.fails(wanted)
        if isinstance(failure, Exception):
            raise failure
        if failure:
            return failure
        self.fetched.append((wanted.role.value, wanted.variant))
        kind = FileKind.MP4 if wanted.role is Role.VIDEO else FileKind.JPEG
        part = parts / f"{post.video.id}-{wanted.role}-{wanted.variant}.part"
        content = f"{post.video.id} {wanted.role} {wanted.variant}".encode()
        part.write_bytes(content)
        sha256, md5 = (
            hashlib.sha256(content).hexdigest(),
            hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )
        return Landed(part, kind, len(content), sha256, md5, Source(urls=(), has_watermark=False), None)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...


@pytest.fixture
def disk(tmp_path: Path) -> DiskArchive:
    disk = DiskArchive(tmp_path / "media")
    disk.open()
    return disk


@pytest.fixture
def archiver_of(
    disk: DiskArchive, sqlite_engine: Engine, crawler: Crawler
) -> Callable[[PretendSource], PostArchiver]:
    def naming(video: Video, order: Order) -> Any:
        stem = stem_of(TEMPLATE, video, Asked(order.mode, order.value))
        return lambda role, variant, kind: file_path(stem, role, variant, kind)

    def make(source: PretendSource) -> PostArchiver:
        room = DiskRoom(disk.free_bytes, 0, source.is_closing, crawler.stats)
        room.look_seconds = 0
        return PostArchiver(disk, Desk(sqlite_engine), source, room, naming=naming, most=4)

    return make


def clip(**fields: Any) -> Video:
    streams = [Rendition(urls=["https://cdn.example/v"], codec="h264")]
    return make_video(images=[], renditions=streams, subtitles=[], **fields)


def files_in(disk: DiskArchive) -> list[Path]:
    return sorted(path for path in disk.root.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "text",
    [
        "it's",
        "a/b",
        "../../etc",
        "👩‍🚀 ☕",
        "\u202eevil\u200f",
        "x" * 300,
        "..",
        'say "hi"?',
        "CON",
        "שלום/سلام",
        "\ud83d",
    ],
    ids=ascii,
)
async def test_any_name_gives_safe_files_and_a_sidecar_that_tells_the_original(
    archiver_of: Callable[[PretendSource], PostArchiver], disk: DiskArchive, text: str
) -> None:
    video = clip(description=text, display_name=text)

    await archiver_of(PretendSource(MediaWish(media=True), value=text)).archive(video)

    sidecar, film = files_in(disk)
    told = json.loads(sidecar.read_bytes())
    assert film.name == told["archive"]["files"][0]["name"]
    assert film.relative_to(disk.root).parts[:2] == ("TikTok", "profile")
    assert len(film.relative_to(disk.root).parts) == 5
    assert all(len(part.encode()) <= 200 for part in film.relative_to(disk.root).parts)
    original = text.replace("\ud83d", "\ufffd")  # half of a character, which UTF-8 has no place for
    assert told["description"] == told["display_name"] == told["archive"]["value"] == original


async def test_a_full_disk_is_waited_for_and_the_file_fetched_again(
    archiver_of: Callable[[PretendSource], PostArchiver], disk: DiskArchive, sqlite_engine: Engine
) -> None:
    full = [OSError(errno.ENOSPC, "No space left on device")]
    source = PretendSource(MediaWish(media=True), fails=lambda _: full.pop() if full else None)

    await archiver_of(source).archive(clip())

    assert post_statuses(sqlite_engine, 1)[0].status is Status.DOWNLOADED
    assert len(files_in(disk)) == 2


async def test_a_sidecar_that_finds_the_disk_full_is_written_later_and_nothing_fetched_again(
    archiver_of: Callable[[PretendSource], PostArchiver],
    disk: DiskArchive,
    sqlite_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, write = [OSError(errno.ENOSPC, "No space left on device")], disk.write

    def write_when_there_is_room(path: str, content: bytes) -> None:
        if full:
            raise full.pop()
        write(path, content)

    monkeypatch.setattr(disk, "write", write_when_there_is_room)
    source = PretendSource(MediaWish(media=True))

    await archiver_of(source).archive(clip())

    assert post_statuses(sqlite_engine, 1)[0].status is Status.DOWNLOADED
    assert len(files_in(disk)) == 2
    assert source.fetched == [("video", "")]


async def test_a_removed_sound_does_not_spoil_its_photo_post(
    archiver_of: Callable[[PretendSource], PostArchiver], disk: DiskArchive, sqlite_engine: Engine
) -> None:
    gone = Missed("not there (404)")
    source = PretendSource(
        MediaWish(media=True), fails=lambda wanted: gone if wanted.role is Role.SOUND else None
    )
    photos = make_video(images=[Image(url=f"https://cdn.example/{n}") for n in range(3)], subtitles=[])

    await archiver_of(source).archive(photos)

    (status,) = post_statuses(sqlite_engine, 1)
    assert (status.status, status.reason) == (Status.DOWNLOADED, "sound: not there (404)")
    assert len(files_in(disk)) == 4


async def test_one_missing_image_fails_the_post_and_keeps_what_came(
    archiver_of: Callable[[PretendSource], PostArchiver], disk: DiskArchive, sqlite_engine: Engine
) -> None:
    photos = make_video(images=[Image(url=f"https://cdn.example/{n}") for n in range(3)], subtitles=[])
    gone = Missed("refused with 403")
    first = PretendSource(
        MediaWish(media=True), fails=lambda wanted: gone if wanted.variant == "02" else None
    )
    await archiver_of(first).archive(photos)
    (failed,) = post_statuses(sqlite_engine, 1)
    without = [path.suffix for path in files_in(disk)]
    second = PretendSource(MediaWish(media=True))
    await archiver_of(second).archive(photos)

    assert (failed.status, failed.reason) == (Status.FAILED, "image 02: refused with 403")
    assert ".json" not in without
    assert second.fetched == [("image", "02")]
    assert post_statuses(sqlite_engine, 1)[0].status is Status.DOWNLOADED


async def test_a_crawl_that_ends_leaves_the_post_to_the_next(
    archiver_of: Callable[[PretendSource], PostArchiver], sqlite_engine: Engine
) -> None:
    await archiver_of(PretendSource(MediaWish(media=True), fails=lambda _: BrokenOff())).archive(clip())

    (status,) = post_statuses(sqlite_engine, 1)
    assert (status.status, status.reason) == (Status.PENDING, "the crawl ended")


async def test_a_file_that_somebody_deleted_is_fetched_again(
    archiver_of: Callable[[PretendSource], PostArchiver], disk: DiskArchive, sqlite_engine: Engine
) -> None:
    video = clip()
    source = PretendSource(MediaWish(media=True))
    await archiver_of(source).archive(video)
    (film,) = (path for path in files_in(disk) if path.suffix == ".mp4")
    film.unlink()

    await archiver_of(source).archive(video)

    assert film.exists()
    assert len(archived_files(sqlite_engine, [video.id])[video.id]) == 2


async def test_a_bug_in_a_source_costs_the_post_s_media_and_nothing_else(
    archiver_of: Callable[[PretendSource], PostArchiver],
    sqlite_engine: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await archiver_of(
        PretendSource(MediaWish(media=True), fails=lambda _: ZeroDivisionError("oops"))
    ).archive(clip())

    (status,) = post_statuses(sqlite_engine, 1)
    assert (status.status, status.reason) == (Status.FAILED, "ZeroDivisionError: oops")
    assert "broke off" in caplog.text
