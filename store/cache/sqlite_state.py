"""The cache in a SQLite file in `DATA_DIR`: reads are one statement, everything else is a short transaction."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from store.cache.answers import CacheStats
from store.cache.counters import SharedCounters
from store.cache.sqlite_tables import Connections
from store.cache.state import (
    LARGEST_SHARE,
    LEASE_SECONDS,
    MICROSECONDS,
    SKEW_SECONDS,
    SWEPT_AT_ONCE,
    Entry,
    Filled,
    Ours,
    Refused,
    Sight,
    Theirs,
)
from store.errors import CacheLost

Clock = Callable[[], int]

COUNTERS = "counters"
HITS, MISSES = 0, 1
REFUSALS_KEPT_SECONDS = 60.0
"""As long as anybody may still wait for the lease that was refused."""
LEASE = int(LEASE_SECONDS * MICROSECONDS)
SKEW = int(SKEW_SECONDS * MICROSECONDS)

FIND_FRESH = (
    "SELECT body, stored_at, fresh_until FROM entries WHERE key = ? AND fresh_until > ? AND stored_at <= ?"
)
FIND_OLD = "SELECT body, stored_at, fresh_until FROM entries WHERE key = ? AND kept_until > ?"
FIND_FILL = "SELECT lease, until, refusal, held_until FROM fills WHERE key = ?"
TAKE = "REPLACE INTO fills (key, lease, until) VALUES (?, ?, ?)"
RENEW = "UPDATE fills SET until = ? WHERE key = ? AND lease = ?"
RELEASE = "DELETE FROM fills WHERE key = ? AND lease = ?"
REFUSE = "UPDATE fills SET until = 0, refusal = ?, held_until = ? WHERE key = ? AND lease = ?"
STORE = "REPLACE INTO entries (key, body, stored_at, fresh_until, kept_until, size) VALUES (?, ?, ?, ?, ?, ?)"
REMOVE_OLDEST = "DELETE FROM entries WHERE key = (SELECT key FROM entries ORDER BY stored_at LIMIT 1)"
ENDED = "SELECT key FROM entries WHERE kept_until <= ? ORDER BY kept_until LIMIT ?"
REMOVE_ENDED = f"DELETE FROM entries WHERE key IN ({ENDED})"  # noqa: S608  # our own words
REMOVE_ENDED_FILLS = "DELETE FROM fills WHERE until <= ? AND held_until <= ?"
EXPIRE = (
    "UPDATE entries SET fresh_until = ? WHERE key IN (SELECT key FROM tags WHERE tag = ?) AND kept_until > ?"
)
STATS = "SELECT count(*) FILTER (WHERE kept_until > ?), coalesce(sum(size), 0) FROM entries"


def machine_clock() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


class SqliteState:
    """Entries, leases and tags in three tables; counters in files beside them."""

    def __init__(self, folder: Path, most_bytes: int, *, clock: Clock = machine_clock) -> None:
        self._connections = Connections(folder)
        self._counters = SharedCounters(folder / COUNTERS, 2)
        self._most_bytes = most_bytes
        self._now = clock

    def look(self, key: str, awaited: str) -> Sight:
        """See `State`."""
        with self._connections.reading() as connection:
            sight = self._look(connection, key, awaited)
            if sight is None:
                # Nobody fills it, as it seems: look again where nobody can come in between.
                connection.execute("BEGIN IMMEDIATE")
                sight = self._look(connection, key, awaited) or self._take(connection, key)
                connection.execute("COMMIT")
        if not isinstance(sight, Theirs):
            self._count(HITS if isinstance(sight, Entry) else MISSES)
        return sight

    def store(self, filled: Filled, lease: str) -> None:
        """See `State`."""
        key, now = filled.key, self._now()
        size = len(key.encode()) + len(filled.body)
        with self._connections.writing() as connection:
            if lease and not connection.execute(RELEASE, (key, lease)).rowcount:
                return
            if size > self._most_bytes // LARGEST_SHARE:
                connection.execute("DELETE FROM entries WHERE key = ?", (key,))
                return
            fresh_until = now + int(filled.ttl_seconds * MICROSECONDS)
            kept_until = fresh_until + int(filled.stale_seconds * MICROSECONDS)
            connection.execute(STORE, (key, filled.body, now, fresh_until, kept_until, size))
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [(tag, key) for tag in filled.tags])
            self._make_room(connection)

    def refuse(self, key: str, lease: str, refusal: bytes, hold_seconds: float) -> None:
        """See `State`."""
        held_until = self._now() + int(hold_seconds * MICROSECONDS)
        self._write([(REFUSE, (refusal, held_until, key, lease))])

    def release(self, key: str, lease: str) -> None:
        """See `State`."""
        self._write([(RELEASE, (key, lease))])

    def renew(self, leases: Sequence[tuple[str, str]]) -> None:
        """See `State`."""
        until = self._now() + LEASE
        self._write((RENEW, (until, key, lease)) for key, lease in leases)

    def count_miss(self) -> None:
        """See `State`."""
        self._count(MISSES)

    def remove(self, pattern: str) -> int:
        """See `State`."""
        return self._remove("key GLOB ?", pattern)

    def remove_tagged(self, tag: str) -> int:
        """See `State`."""
        return self._remove("key IN (SELECT key FROM tags WHERE tag = ?)", tag)

    def expire_tagged(self, tag: str) -> int:
        """See `State`."""
        now = self._now()
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM fills")
            return connection.execute(EXPIRE, (now, tag, now)).rowcount

    def sweep(self) -> int:
        """See `State`."""
        now = self._now()
        with self._connections.writing() as connection:
            long_ended = now - int(REFUSALS_KEPT_SECONDS * MICROSECONDS)
            connection.execute(REMOVE_ENDED_FILLS, (long_ended, long_ended))
            return connection.execute(REMOVE_ENDED, (now, SWEPT_AT_ONCE)).rowcount

    def count(self, pattern: str) -> int:
        """See `State`."""
        with self._connections.reading() as connection:
            statement = "SELECT count(*) FROM entries WHERE key GLOB ? AND kept_until > ?"
            return int(connection.execute(statement, (pattern, self._now())).fetchone()[0])

    def stats(self) -> CacheStats:
        """See `State`."""
        with self._connections.reading() as connection:
            keys, memory = connection.execute(STATS, (self._now(),)).fetchone()
            hits, misses = self._counters.totals()
        return CacheStats(keys, hits, misses, memory)

    def close(self) -> None:
        """See `State`."""
        self._connections.close()
        self._counters.close()

    def _look(self, connection: sqlite3.Connection, key: str, awaited: str) -> Sight | None:
        now = self._now()
        fresh = connection.execute(FIND_FRESH, (key, now, now + SKEW)).fetchone()
        if fresh:
            return _entry(fresh, now)
        fill = connection.execute(FIND_FILL, (key,)).fetchone()
        if fill is None:
            return None
        lease, until, refusal, held_until = fill
        if refusal is not None and (lease == awaited or held_until > now):
            return Refused(refusal, self._old(connection, key, now))
        if now < until <= now + LEASE + SKEW:
            return Theirs(lease, self._old(connection, key, now))
        return None

    def _take(self, connection: sqlite3.Connection, key: str) -> Ours:
        lease, now = secrets.token_hex(8), self._now()
        connection.execute(TAKE, (key, lease, now + LEASE))
        return Ours(lease, self._old(connection, key, now))

    def _old(self, connection: sqlite3.Connection, key: str, now: int) -> Entry | None:
        old = connection.execute(FIND_OLD, (key, now)).fetchone()
        return _entry(old, now) if old else None

    def _make_room(self, connection: sqlite3.Connection) -> None:
        """Let those go that were found the longest ago."""
        while _used_bytes(connection) > self._most_bytes:
            if not connection.execute(REMOVE_OLDEST).rowcount:
                return

    def _remove(self, condition: str, argument: str) -> int:
        """What has ended is left to `sweep`: nobody counts it any more."""
        statement = f"DELETE FROM entries WHERE {condition} AND kept_until > ?"  # noqa: S608  # our own words
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM fills")
            return connection.execute(statement, (argument, self._now())).rowcount

    def _write(self, statements: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        with self._connections.writing() as connection:
            for statement, arguments in statements:
                connection.execute(statement, arguments)

    def _count(self, number: int) -> None:
        try:
            self._counters.add(number)
        except OSError as error:
            raise CacheLost(f"The cache's counters: {error}") from error


def _entry(row: tuple[bytes, int, int], now: int) -> Entry:
    body, stored_at, fresh_until = row
    return Entry(body, stored_at, fresh_until, max(0, fresh_until - now) // MICROSECONDS)


def _used_bytes(connection: sqlite3.Connection) -> int:
    """What the file would take without the pages that are free to be used again."""
    page_count, free, page_size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((page_count - free) * page_size)
