"""What an MP4 file says about itself: whether its boxes are all there, and how long it plays.

Only the headers of boxes are read, so a mapped file of any size costs a few pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

File = bytes | memoryview | mmap


@dataclass(frozen=True, slots=True)
class Mp4:
    """What was found."""

    is_whole: bool
    """Its boxes fill the file exactly, and a film's index (`moov`) and content (`mdat`) are among them."""
    duration: float | None
    """Seconds."""


def read_mp4(file: File) -> Mp4:
    """Walk through the outer boxes."""
    end, duration = 0, None
    names = set()
    for name, start, stop in _boxes(file, 0, len(file)):
        names.add(name)
        end = stop
        if name == b"moov":
            duration = _duration(file, start, stop)
    return Mp4({b"moov", b"mdat"} <= names and end == len(file), duration)


def _boxes(file: File, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give each box's name, and where its content begins and ends; stop where the content would leave the file."""
    while at + 8 <= end:
        size, name, begin = int.from_bytes(file[at : at + 4]), bytes(file[at + 4 : at + 8]), at + 8
        if size == 1:  # the size follows, in eight bytes
            size, begin = int.from_bytes(file[at + 8 : at + 16]), at + 16
        stop = end if size == 0 else at + size
        if stop < begin or stop > end:
            return
        yield name, begin, stop
        at = stop


def _duration(file: File, start: int, end: int) -> float | None:
    header = next(((at, stop) for name, at, stop in _boxes(file, start, end) if name == b"mvhd"), None)
    if header is None:
        return None
    at, stop = header
    is_long = bytes(file[at : at + 1]) == b"\x01"
    scale_at, size = (at + 20, 8) if is_long else (at + 12, 4)
    if scale_at + 4 + size > stop:
        return None
    scale = int.from_bytes(file[scale_at : scale_at + 4])
    units = int.from_bytes(file[scale_at + 4 : scale_at + 4 + size])
    return units / scale if scale and units != 2 ** (8 * size) - 1 else None
