"""Resumable uploads: what arrived so far, and what a chunk may be."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standin.drive.bodies import CutShortError
from standin.drive.callers import Caller
from standin.drive.errors import DriveError

BLOCK = 262_144
"""Bytes are kept in whole blocks, but for the last ones."""
WEEK_SECONDS = 7 * 86_400

_CHUNK = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_STATUS = re.compile(r"bytes \*/(\d+|\*)")


@dataclass(slots=True)
class Session:
    """One upload."""

    path: Path
    wish: dict[str, Any]
    """The file's metadata."""
    fields: str
    began: float
    caller: Caller
    target: str = ""
    """The file whose content it replaces; nothing for a new one."""
    all_drives: bool = False
    total: int | None = None
    stored: int = 0
    finished: str = ""
    """The id of the file it became."""

    @property
    def is_whole(self) -> bool:
        return self.total is not None and self.stored == self.total

    async def take(self, given: str | None, body: AsyncIterator[bytes], most: int | None = None) -> None:
        """Store a chunk, or nothing when it only asks for the state; `most` bytes are kept of it."""
        if given is not None and (asked := _STATUS.fullmatch(given)):
            self._learn(asked[1])
            return
        start, last = self._placed(given)
        if start > self.stored:
            raise DriveError("badRequest", f"Expected bytes from {self.stored} on, not from {start}")
        skip, arrived = self.stored - start, 0
        try:
            with self.path.open("r+b") as file:
                file.seek(self.stored)
                async for piece in body:
                    arrived += len(piece)
                    useful = piece[max(0, skip - (arrived - len(piece))) :]
                    self.stored += file.write(useful)
        except CutShortError:
            self._round_down(start + arrived)
            raise
        if given is None:
            self.total = self.stored
        if most is not None:
            self._round_down(min(self.stored, start + most))
        elif last is not None and start + arrived <= last:
            self._round_down(self.stored)

    def _placed(self, given: str | None) -> tuple[int, int | None]:
        """Return where a chunk begins and ends; without a range it is all of the file."""
        if given is None:
            self.stored = 0
            return 0, None
        found = _CHUNK.fullmatch(given)
        if not found:
            raise DriveError("badRequest", f"Failed to parse Content-Range header: {given}")
        start, last = int(found[1]), int(found[2])
        self._learn(found[3])
        if last + 1 != self.total and (last + 1 - start) % BLOCK:
            raise DriveError("badRequest", f"A chunk has a multiple of {BLOCK} bytes unless it is the last")
        return start, last

    def _learn(self, total: str) -> None:
        if total != "*":
            self.total = int(total)

    def _round_down(self, stored: int) -> None:
        """Forget what is no whole block."""
        self.stored = min(self.stored, stored // BLOCK * BLOCK)
        with self.path.open("r+b") as file:
            file.truncate(self.stored)


def session_id() -> str:
    """Return an `upload_id`, which opens the session to whoever holds it."""
    return "AStandin" + secrets.token_urlsafe(40)
