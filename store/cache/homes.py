"""Which home the cache has: Redis, else a file."""

from __future__ import annotations

from store.cache.cache import Cache
from store.cache.sqlite_state import SqliteState
from store.cache.state import State
from store.config import Config

FOLDER = "cache"
"""In `DATA_DIR`, with a folder per room."""
MEGABYTE = 1024 * 1024


def open_state(config: Config, room: str) -> State:
    """Open it. Neither the file nor the Redis is looked for before it is needed."""
    most_bytes = config.cache_mb * MEGABYTE
    if config.redis_url:
        # Most installations have no Redis, and its client takes a while to import.
        from store.cache.redis_state import RedisState  # noqa: PLC0415

        return RedisState(config.redis_url, room, most_bytes)
    return SqliteState(config.data_dir / FOLDER / room, most_bytes)


def open_cache(config: Config, room: str = "answers") -> Cache:
    """Open a cache. Each room has keys, counters and a bound of its own."""
    return Cache(open_state(config, room))
