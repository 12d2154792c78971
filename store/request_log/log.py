"""The request log: JSON lines, one per answer, in files of limited size, the oldest of which make room for new ones.

Each process has files of its own, so nobody waits for anybody.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

PRIVATE = 0o600
"""File mode: nothing in it is secret, but what somebody crawls is nobody else's business."""
FILES = 10
"""A full log has about so many files."""
FLUSH_SECONDS = 1.0
"""How long a line may wait in memory: a call of the system per answer would be felt."""
MEGABYTE = 1024 * 1024


class RequestLog:
    """Makes its first file with its first line."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """All files of the folder together take up to so many megabytes."""
        self.folder = folder
        self.most_bytes = megabytes * MEGABYTE
        self._file: BinaryIO | None = None
        self._left = 0
        self._flushed_at = 0.0

    def write(self, entry: Mapping[str, Any]) -> None:
        """Append a line."""
        line = orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
        if self._file is None or self._left < len(line):
            self._file = self._next_file()
        self._file.write(line)
        self._left -= len(line)
        if time.monotonic() - self._flushed_at > FLUSH_SECONDS:
            self._file.flush()
            self._flushed_at = time.monotonic()

    def close(self) -> None:
        """Leave nothing in memory."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next_file(self) -> BinaryIO:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._left = self.most_bytes // FILES
        self._make_room(self._left)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}.jsonl"
        return os.fdopen(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE), "ab")

    def _make_room(self, wanted: int) -> None:
        """Delete the oldest files until so many bytes are free."""
        files = [(path, _size(path)) for path in sorted(self.folder.glob("*.jsonl"))]
        taken = sum(size for _, size in files)
        for path, size in files:
            if taken + wanted <= self.most_bytes:
                return
            path.unlink(missing_ok=True)
            taken -= size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # another process made room
        return 0
