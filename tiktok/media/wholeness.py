"""Whether a file is all there: a server may end an answer in the middle and call it whole."""

from __future__ import annotations

from dataclasses import dataclass

from tiktok.media.file_kinds import FileKind
from tiktok.media.mp4 import File, read_mp4

_TAIL_BYTES = 1024
"""Where a picture's end is looked for: some carry a few bytes behind it."""
_FILMS = frozenset((FileKind.MP4, FileKind.M4A))
_ENDS = {FileKind.JPEG: b"\xff\xd9", FileKind.PNG: b"IEND\xaeB`\x82", FileKind.GIF: b";"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look into a file shows."""

    is_whole: bool
    duration: float | None = None
    """Seconds, where the file says it."""


def look_into(file: File, kind: FileKind) -> Look:
    """Judge by the format's own marks; formats without any are believed."""
    if kind in _FILMS:
        told = read_mp4(file)
        return Look(told.is_whole, told.duration)
    if kind in _ENDS:
        return Look(_ENDS[kind] in bytes(file[-_TAIL_BYTES:]))
    if kind is FileKind.WEBP:
        return Look(int.from_bytes(file[4:8], "little") + 8 <= len(file))
    return Look(is_whole=len(file) > 0)
