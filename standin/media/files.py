"""A file that is never kept whole: what a player reads at its ends, filler of any length between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from standin.dice import digest

PIECE_BYTES = 1 << 18
_FILLER_BYTES = 1_048_573
"""A prime: bytes resumed at a wrong place don't fit, whatever the block size of who resumes."""


@dataclass(frozen=True, slots=True)
class File:
    """Bytes of a known length and type, read from anywhere."""

    content_type: str
    head: bytes
    filler_bytes: int = 0
    tail: bytes = b""
    turn: int = 0
    """Where in the endless filler this file begins: no two files have the same."""

    def __len__(self) -> int:
        return len(self.head) + self.filler_bytes + len(self.tail)

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give the bytes from one offset to another, a little at a time."""
        stop = len(self) if stop is None else stop
        while start < stop:
            piece = self._piece(start, min(stop - start, PIECE_BYTES))
            yield piece
            start += len(piece)

    def _piece(self, start: int, most: int) -> bytes:
        """Return some bytes from an offset on, as many as lie in one part."""
        if start < len(self.head):
            return self.head[start : start + most]
        start -= len(self.head)
        if start >= self.filler_bytes:
            return self.tail[start - self.filler_bytes :][:most]
        place = (self.turn + start) % _FILLER_BYTES
        return _filler()[place : place + min(most, self.filler_bytes - start)]


@cache
def _filler() -> bytes:
    """Return what compresses badly and repeats nowhere within itself."""
    return b"".join(digest(0, "filler", number) for number in range(_FILLER_BYTES // 64 + 1))[:_FILLER_BYTES]
