"""The cache's own SQLite file: its tables, and connections to it.

Plain `sqlite3`, because SQLAlchemy would make a read ten to thirty times as slow.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import CacheLost

FILE = "cache.db"
VERSION = 1
"""Of the tables. A file of another version is emptied: everything in it can be found again."""
BUSY_SECONDS = 2.0
"""Our transactions take milliseconds: whoever keeps the file longer is stuck."""
WAL_ATTEMPTS = 100
"""Tries, 20 ms apart, to switch a fresh file to WAL: SQLite doesn't wait for its lock here."""
MAPPED_BYTES = 256 * 1024 * 1024
"""Read from memory instead of by calls of the system; bodies are large."""
IDLE = 32
"""Connections kept open: as many as threads ever read at once, in most installations."""

DROP = "DROP TABLE IF EXISTS tags; DROP TABLE IF EXISTS fills; DROP TABLE IF EXISTS entries;"
TABLES = f"""
    CREATE TABLE entries (
        key TEXT PRIMARY KEY,
        body BLOB NOT NULL,
        stored_at INTEGER NOT NULL,
        fresh_until INTEGER NOT NULL,
        kept_until INTEGER NOT NULL,
        size INTEGER NOT NULL
    );
    CREATE INDEX entries_kept ON entries (kept_until, size);
    CREATE INDEX entries_stored ON entries (stored_at);
    CREATE TABLE tags (
        tag TEXT,
        key TEXT REFERENCES entries ON DELETE CASCADE,
        PRIMARY KEY (tag, key)
    ) WITHOUT ROWID;
    CREATE INDEX tags_key ON tags (key);
    CREATE TABLE fills (
        key TEXT PRIMARY KEY,
        lease TEXT NOT NULL,
        until INTEGER NOT NULL,
        refusal BLOB,
        held_until INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    PRAGMA user_version = {VERSION};
"""


class Connections:
    """Connections to the file, for threads that come and go. Those of a parent process are left alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._pid = os.getpid()
        self._idle: deque[sqlite3.Connection] = deque()
        self._of_the_parent: list[deque[sqlite3.Connection]] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give one, each statement in a transaction of its own."""
        if self._pid != os.getpid():
            # Not even closed: SQLite's locks belong to the process that took them.
            self._of_the_parent.append(self._idle)
            self._pid, self._idle = os.getpid(), deque()
        try:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise CacheLost(f"{self._file}: {error}; it may be deleted, nothing in it is missed") from error
        if len(self._idle) < IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give one within a transaction that has the write lock from the start."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close those that nobody uses now."""
        with suppress(IndexError):
            while self._pid == os.getpid():
                self._idle.pop().close()

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
            _make_tables(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    for attempt in range(WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if attempt == WAL_ATTEMPTS - 1:
                raise
            time.sleep(0.02)
        else:
            return


def _make_tables(connection: sqlite3.Connection) -> None:
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) != VERSION:
        for statement in (DROP + TABLES).split(";"):
            connection.execute(statement)
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
