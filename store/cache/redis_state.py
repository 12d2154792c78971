"""The cache in Redis: `cache.lua` does the work, in Redis's time, one call per question."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from store.cache.answers import CacheStats
from store.cache.state import (
    LARGEST_SHARE,
    MICROSECONDS,
    SWEPT_AT_ONCE,
    Entry,
    Filled,
    Ours,
    Refused,
    Sight,
    Theirs,
)
from store.errors import CacheLost
from store.scripts import Script

LUA = Path(__file__).with_name("cache.lua").read_text()
TIMEOUT_SECONDS = 0.5
"""A Redis that needs longer than this is lost to us: the answer is found without it."""
CONNECTIONS = 32
"""As many threads as ever ask at once, in most installations; more wait for each other."""
SCANNED_AT_ONCE = 1_000

Clock = Callable[[], int]


class RedisState:
    """Entries, leases, tags and counters in Redis."""

    def __init__(self, url: str, room: str, most_bytes: int, *, clock: Clock | None = None) -> None:
        # In braces, so that a cluster keeps all keys on one node, where one script may touch them.
        self._root = f"{{tiktok:cache:{room}}}:"
        self._most_bytes = most_bytes
        self._clock = clock
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # One that Redis closed while it was idle is opened again. What was asked twice does no harm.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        self._redis = Redis(connection_pool=pool)
        self._script = Script(self._redis, LUA)

    def look(self, key: str, awaited: str) -> Sight:
        """See `State`."""
        what, body, stored_at, fresh_until, now, more = self._run("look", key, awaited, secrets.token_hex(8))
        entry = None if body is None else _entry(body, int(stored_at), int(fresh_until), int(now))
        if what == b"entry" and entry is not None:
            return entry
        if what == b"refused":
            return Refused(more, entry)
        return (Ours if what == b"ours" else Theirs)(more.decode(), entry)

    def store(self, filled: Filled, lease: str) -> None:
        """See `State`."""
        fresh_for = int(filled.ttl_seconds * MICROSECONDS)
        self._run(
            "store",
            filled.key,
            lease,
            filled.body,
            len(filled.key.encode()) + len(filled.body),
            fresh_for,
            fresh_for + int(filled.stale_seconds * MICROSECONDS),
            self._most_bytes,
            self._most_bytes // LARGEST_SHARE,
            orjson.dumps(list(filled.tags)),
        )

    def refuse(self, key: str, lease: str, refusal: bytes, hold_seconds: float) -> None:
        """See `State`."""
        self._run("refuse", key, lease, refusal, int(hold_seconds * MICROSECONDS))

    def release(self, key: str, lease: str) -> None:
        """See `State`."""
        self._run("release", key, lease)

    def renew(self, leases: Sequence[tuple[str, str]]) -> None:
        """See `State`."""
        self._run("renew", *(word for lease in leases for word in lease))

    def count_miss(self) -> None:
        """See `State`."""
        self._run("count_miss")

    def remove(self, pattern: str) -> int:
        """See `State`."""
        self._run("begin_removal")
        keys = self._living(pattern)
        parts = [keys[start : start + SWEPT_AT_ONCE] for start in range(0, len(keys), SWEPT_AT_ONCE)]
        return sum(self._run("remove", *part) for part in parts)

    def remove_tagged(self, tag: str) -> int:
        """See `State`."""
        self._run("begin_removal")
        return int(self._run("remove_tagged", tag))

    def expire_tagged(self, tag: str) -> int:
        """See `State`."""
        self._run("begin_removal")
        return int(self._run("expire_tagged", tag))

    def sweep(self) -> int:
        """See `State`."""
        return int(self._run("sweep", SWEPT_AT_ONCE))

    def count(self, pattern: str) -> int:
        """See `State`."""
        return len(self._living(pattern))

    def stats(self) -> CacheStats:
        """See `State`."""
        return CacheStats(*map(int, self._run("stats")))

    def close(self) -> None:
        """See `State`."""
        self._redis.close()
        self._redis.connection_pool.disconnect()

    def _run(self, action: str, *arguments: str | bytes | int) -> Any:
        time = self._clock() if self._clock else ""
        with _lost_when_failing():
            return self._script([f"{self._root}counters"], [action, time, *arguments])

    def _living(self, pattern: str) -> list[bytes]:
        """Find the keys that a pattern matches. A backslash is no more special in it than in SQLite."""
        now, glob = int(self._run("time")), pattern.replace("\\", "\\\\")
        with _lost_when_failing():
            found = self._redis.zscan_iter(f"{self._root}by_end", match=glob, count=SCANNED_AT_ONCE)
            # A scan may show a key twice.
            return list({key for key, end in found if end > now})


def _entry(body: bytes, stored_at: int, fresh_until: int, now: int) -> Entry:
    return Entry(body, stored_at, fresh_until, max(0, fresh_until - now) // MICROSECONDS)


@contextmanager
def _lost_when_failing() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise CacheLost(f"Redis: {str(error) or type(error).__name__}") from error
