"""What station 400 asks of whoever can fetch files: `crawler.media.source.CrawlSource` (setting `MEDIA_SOURCE`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from store.media.book import Order
from tiktok.items import Video
from tiktok.media.file_kinds import FileKind
from tiktok.media.wanted import Around, Source, Wanted


class BrokenOff(Exception):  # noqa: N818  # says what happened
    """The crawl is being ended; what has come stays for the next one."""


@dataclass(frozen=True, slots=True)
class Landed:
    """A whole file, checked, still under its part's name."""

    part: Path
    kind: FileKind
    bytes: int
    sha256: str
    md5: str
    source: Source
    duration: float | None
    """Seconds, as the file says."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A file that could not be had, and why, in words for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post on its way through station 400."""

    video: Video
    order: Order
    around: Around


class MediaSource(Protocol):
    """Fetches files of posts."""

    def order(self, video: Video) -> Order | None:
        """What is wanted of this post; `None` for nothing."""

    def around(self, video: Video) -> Around:
        """Links that came beside the post."""

    async def fetch(self, post: Post, wanted: Wanted, parts: Path) -> Landed | Missed:
        """Fetch one file into the folder of parts; raise `BrokenOff`, or `OSError` for a disk that takes no more."""

    def is_closing(self) -> bool:
        """Say whether the crawl is being ended."""

    def close(self) -> None:
        """Let go of threads."""
