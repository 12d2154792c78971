"""Where a body goes that is too large for memory: block by block into a file, hashed on the way.

The event loop only gathers blocks. Threads hash and write them, one block behind, so that a download is as fast as
the slower of network and disk, and holds a few megabytes whatever the size of the file.
"""

from __future__ import annotations

import asyncio
import hashlib
import mmap
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tiktok.media.file_kinds import HEAD_BYTES, FileKind, fits, recognise
from tiktok.media.wholeness import Look, look_into
from tiktok.media.wishes import Role

BLOCK_BYTES = 512 * 1024
"""Handed to a thread at once: large enough that the hand-over costs nothing, small enough to have eight of them."""
STALL_SECONDS = 60.0
"""A server that sends nothing for so long has hung."""
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class WrongFile(Exception):  # noqa: N818  # says what came
    """What is sent is no file of the kind that was asked for; nothing of it is kept."""


@dataclass(slots=True, eq=False)
class Landing:
    """One file on its way in. Travels in `request.meta["landing"]`; afterwards it tells what has come."""

    part: Path
    role: Role
    executor: Executor
    size: int = 0
    """Of the file, as far as it is here; before the download, what an earlier one left."""
    kind: FileKind | None = None
    is_whole: bool = False
    look: Look | None = None
    """What a look into the whole file showed when its last block was written."""
    etag: str | None = None
    """Of the answer that the part began with: another one means another file."""
    resumed_at: int = 0
    stall_seconds: float = STALL_SECONDS
    patience: asyncio.Timeout | None = field(default=None, repr=False)
    """What the handler's time limit is; renewed whenever something comes."""
    _file: BinaryIO | None = field(default=None, repr=False)
    _sha256: hashlib._Hash = field(default_factory=hashlib.sha256, repr=False)
    _md5: hashlib._Hash = field(default_factory=lambda: hashlib.md5(usedforsecurity=False), repr=False)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()

    def take_up(self) -> None:
        """Read what an earlier download left, so that this one goes on behind it. Blocks."""
        self._forget()
        with self.part.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                self._count(block)
        self.resumed_at = self.size

    def accepts(self, status: int, headers: Mapping[str, str]) -> bool:
        """Say whether the answer's body belongs into the file; else it is an ordinary answer, to be judged.

        `headers` find their names in small letters.
        """
        if status == 416:
            total = _total(headers)
            self.is_whole = bool(self.size) and total == self.size
            return self.is_whole
        if status not in (200, 206) or "text/html" in headers.get("content-type", ""):
            return False
        if not self._goes_on(status, headers):
            self._forget()
        self.etag = headers.get("etag")
        return status == 200 or _start(headers) == self.size

    async def receive(self, blocks: AsyncIterator[bytes]) -> None:
        """Write all that comes; what came before a failure stays in the part."""
        if self.is_whole:
            return
        run = asyncio.get_running_loop().run_in_executor
        gathered: list[bytes] = []
        waiting, writing = 0, None
        write_last = self._write
        try:
            try:
                async for block in blocks:
                    self._renew_patience()
                    gathered.append(block)
                    waiting += len(block)
                    if waiting >= BLOCK_BYTES:
                        if writing:
                            await writing
                        writing = run(self.executor, self._write, gathered)
                        gathered, waiting = [], 0
                write_last = self._finish
            finally:
                if writing:
                    await writing
                await run(self.executor, write_last, gathered)
        finally:
            if self._file:
                self._file.close()
        self.is_whole = True

    def inspect(self) -> Look:
        """Look into the whole file. Blocks."""
        assert self.kind
        with self.part.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return look_into(mapped, self.kind)

    def _renew_patience(self) -> None:
        if self.patience:
            self.patience.reschedule(asyncio.get_running_loop().time() + self.stall_seconds)

    def _goes_on(self, status: int, headers: Mapping[str, str]) -> bool:
        is_same = self.etag is None or self.etag == headers.get("etag")
        return status == 206 and is_same and _start(headers) == self.size

    def _write(self, blocks: list[bytes]) -> None:
        # One piece: each of the calls below hands Python's lock to others, and gets it back late.
        piece = b"".join(blocks)
        blocks.clear()
        if self.size == 0:
            self._check(piece[:HEAD_BYTES])
        if self._file is None or self._file.closed:
            self._file = self.part.open("ab" if self.size else "wb", buffering=0)
        left = memoryview(piece)
        while left:  # a disk that is nearly full takes a part
            left = left[self._file.write(left) :]
        self._count(piece)

    def _finish(self, blocks: list[bytes]) -> None:
        """Write the last blocks and look at the whole, in one go: handing over costs as much as a small file."""
        self._write(blocks)
        if self._file:
            self._file.close()
        self.look = self.inspect()

    def _check(self, head: bytes) -> None:
        self.kind = recognise(head)
        if not fits(self.kind, self.role):
            came = self.kind.mime_type if self.kind else f"{head[:24]!r}"
            raise WrongFile(f"no {self.role} but {came}")

    def _count(self, block: bytes) -> None:
        if self.size == 0:
            self.kind = recognise(block[:HEAD_BYTES])
        self._sha256.update(block)
        self._md5.update(block)
        self.size += len(block)

    def _forget(self) -> None:
        self.size, self.kind, self.resumed_at = 0, None, 0
        self._sha256, self._md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)


def _start(headers: Mapping[str, str]) -> int | None:
    found = _CONTENT_RANGE.match(headers.get("content-range", ""))
    return int(found[1]) if found and found[1] else None


def _total(headers: Mapping[str, str]) -> int | None:
    found = _CONTENT_RANGE.match(headers.get("content-range", ""))
    return int(found[2]) if found and found[2] != "*" else None
