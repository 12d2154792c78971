"""A post's files: what of a wish is there already, and how those that have come are put away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.media_source import Landed, Post
from pipelines.sidecar import write_sidecar
from store.media.disk import DiskArchive
from store.media.statuses import ELSEWHERE, ArchivedFile
from tiktok.media.file_kinds import FileKind
from tiktok.media.subtitle_text import captions_to_srt, webvtt_to_srt
from tiktok.media.wanted import WATERMARKED, Wanted
from tiktok.media.wishes import MediaWish, Role

NameFile = Callable[[Role, str, FileKind], str]
"""Gives the path of one of a post's files."""


def has(files: Iterable[ArchivedFile], wanted: Wanted, wish: MediaWish) -> bool:
    """Say whether what is wanted is among these files; a watermarked video only counts where it may."""
    for file in files:
        if file.role != wanted.role:
            continue
        if wanted.role is Role.SUBTITLE:
            if file.variant.startswith(f"{wanted.variant}."):
                return True
        elif file.variant == wanted.variant or (file.variant == WATERMARKED and not wish.no_watermark):
            return True
    return False


@dataclass(slots=True)
class Shelf:
    """Where one post's files go. Its methods block."""

    disk: DiskArchive
    post: Post
    name: NameFile
    kept: list[ArchivedFile]
    """What was archived of the post before."""
    new: list[ArchivedFile] = field(default_factory=list)
    """What has been put away since."""

    @property
    def has_sidecar(self) -> bool:
        """Whether the post was whole before."""
        return any(file.role == Role.SIDECAR for file in self.kept)

    def put_away(self, landed: list[tuple[Wanted, Landed]], now: datetime, *, is_whole: bool) -> None:
        """Move the files that have come to their places, and write the sidecar of a post that is whole with them.

        What is done is taken out of `landed`: called again after an `OSError`, it goes on with the rest.
        """
        while landed:
            self._enter(*landed[0], now)
            del landed[0]
        if is_whole:
            self._conclude(now)

    def _enter(self, wanted: Wanted, landed: Landed, now: datetime) -> None:
        """Move a file to its place, and write what is made of it."""
        derived = self._derive(wanted, landed, now) if wanted.role is Role.SUBTITLE else []
        variant, source = _variant(wanted, landed), landed.source
        path = self.name(wanted.role, variant, landed.kind)
        self.disk.adopt(landed.part, path)
        file = ArchivedFile(
            video_id=self.post.video.id,
            role=wanted.role.value,
            variant=variant,
            path=path,
            bytes=landed.bytes,
            sha256=landed.sha256,
            md5=landed.md5,
            mime_type=landed.kind.mime_type,
            has_watermark=source.has_watermark,
            quality=source.quality,
            codec=source.codec,
            width=source.width,
            height=source.height,
            duration=landed.duration,
            stored_at=now,
        )
        self.new += [file, *derived]

    def _conclude(self, now: datetime) -> None:
        """Write the sidecar, unless it is there and nothing is new."""
        here = [file for file in self.kept if file.role != Role.SIDECAR and file.uploaded_to != ELSEWHERE]
        files = [*here, *self.new]
        if not files or (self.has_sidecar and not self.new):
            return
        content = write_sidecar(self.post.video, self.post.order, files, now)
        self.new.append(self._write(Role.SIDECAR, "", FileKind.JSON, content, now))

    def _write(self, role: Role, variant: str, kind: FileKind, content: bytes, now: datetime) -> ArchivedFile:
        """Write a file of our own making."""
        path = self.name(role, variant, kind)
        self.disk.write(path, content)
        return ArchivedFile(
            video_id=self.post.video.id,
            role=role.value,
            variant=variant,
            path=path,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
            mime_type=kind.mime_type,
            stored_at=now,
        )

    def _derive(self, wanted: Wanted, landed: Landed, now: datetime) -> list[ArchivedFile]:
        """Subtitles as SubRip, too, which most players read; what can't be read is kept as it came."""
        body = landed.part.read_bytes()
        try:
            text = captions_to_srt(body) if landed.kind is FileKind.JSON else webvtt_to_srt(body.decode())
        except ValueError:
            return []
        variant = f"{wanted.variant}.{FileKind.SRT.extension}"
        return [self._write(wanted.role, variant, FileKind.SRT, text.encode(), now)]


def _variant(wanted: Wanted, landed: Landed) -> str:
    if wanted.role is Role.SUBTITLE:
        return f"{wanted.variant}.{landed.kind.extension}"
    if wanted.role is Role.VIDEO and landed.source.has_watermark:
        return WATERMARKED
    return wanted.variant
