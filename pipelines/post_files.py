"""A post's files: what of a wish is there already, and how a file that has come is entered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pipelines.media_source import Landed
from store.media.disk import DiskArchive
from store.media.statuses import ArchivedFile
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one post's files go. Its methods block."""

    disk: DiskArchive
    video_id: str
    name: NameFile

    def enter(self, wanted: Wanted, landed: Landed, now: datetime) -> list[ArchivedFile]:
        """Move a file that has come to its place, and write what is made of it."""
        derived = self._derive(wanted, landed, now) if wanted.role is Role.SUBTITLE else []
        variant, source = _variant(wanted, landed), landed.source
        path = self.name(wanted.role, variant, landed.kind)
        self.disk.adopt(landed.part, path)
        file = ArchivedFile(
            video_id=self.video_id,
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
        return [file, *derived]

    def write(self, role: Role, variant: str, kind: FileKind, content: bytes, now: datetime) -> ArchivedFile:
        """Write a file of our own making."""
        path = self.name(role, variant, kind)
        self.disk.write(path, content)
        return ArchivedFile(
            video_id=self.video_id,
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
        return [self.write(wanted.role, variant, FileKind.SRT, text.encode(), now)]


def _variant(wanted: Wanted, landed: Landed) -> str:
    if wanted.role is Role.SUBTITLE:
        return f"{wanted.variant}.{landed.kind.extension}"
    if wanted.role is Role.VIDEO and landed.source.has_watermark:
        return WATERMARKED
    return wanted.variant
