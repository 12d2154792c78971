"""Where the counters are: in Redis, else in a file."""

from __future__ import annotations

from store.config import Config
from store.limits.counters import Counters, SafeCounters
from store.limits.sqlite_counters import SqliteCounters

FILE = "limits.db"
"""In `DATA_DIR`; not the main database, whose writers may keep it for a tenth of a second."""


def open_counters(config: Config) -> Counters:
    """Open them, and make the file when it is missing."""
    if config.redis_url:
        # Most installations have no Redis, and need not load its client.
        from store.limits.redis_counters import RedisCounters  # noqa: PLC0415

        return SafeCounters(RedisCounters(config.redis_url), config.api_workers)
    return SafeCounters(SqliteCounters(config.make_data_dir() / FILE), config.api_workers)
