"""Numbers that many processes count up without waiting for each other, exact at every moment.

Each process has a file of its own, mapped into its memory, and its lock for as long as it lives. The next process
takes the file over and counts on from there, so there are only as many files as there were processes at once, and
`kill -9` loses nothing.
"""

from __future__ import annotations

import fcntl
import itertools
import mmap
import os
import struct
import threading
from pathlib import Path

NUMBER = struct.Struct("=Q")


class SharedCounters:
    """A fixed row of numbers, all 0 in a new folder."""

    def __init__(self, folder: Path, numbers: int) -> None:
        self._folder = folder
        self._size = numbers * NUMBER.size
        self._lock = threading.Lock()
        self._pid = 0
        self._map: mmap.mmap | None = None
        self._file = -1

    def add(self, number: int) -> None:
        """Count one up. Raises `OSError` when no file can be made."""
        offset = number * NUMBER.size
        with self._lock:
            if self._map is None or self._pid != os.getpid():
                self._map = self._take_file()
                self._pid = os.getpid()
            NUMBER.pack_into(self._map, offset, NUMBER.unpack_from(self._map, offset)[0] + 1)

    def totals(self) -> list[int]:
        """Sum each number over all processes, those that are gone included."""
        rows = [path.read_bytes() for path in self._folder.glob("*")]
        whole = [[value for (value,) in NUMBER.iter_unpack(row)] for row in rows if len(row) == self._size]
        return [sum(column) for column in zip(*whole, strict=True)] or [0] * (self._size // NUMBER.size)

    def close(self) -> None:
        """Leave the file to the next process."""
        with self._lock:
            if self._map is not None and self._pid == os.getpid():
                self._map.close()
                os.close(self._file)
            self._map = None

    def _take_file(self) -> mmap.mmap:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in itertools.count():
            file = os.open(self._folder / str(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            self._file = file
            break
        _fill(self._file, self._size)
        return mmap.mmap(self._file, self._size)


def _fill(file: int, size: int) -> None:
    """Give a new file its bytes: a hole in it would end the process as soon as it is counted on a full disk."""
    known = os.fstat(file).st_size
    if known < size:
        os.pwrite(file, bytes(size - known), known)
