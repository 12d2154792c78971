"""Which home the pace has: Redis, else MySQL when that is the database, else a file."""

from __future__ import annotations

from sqlalchemy import make_url

from store.config import Config
from store.pace.governor import Governor
from store.pace.sql_state import open_mysql, open_sqlite
from store.pace.state import State

FILE = "pace.db"
"""In `DATA_DIR`; not the main database, whose writers may keep it for a tenth of a second."""


def open_state(config: Config) -> State:
    """Open it, and make the file when it is missing. A Redis is only looked for when it is needed."""
    if config.redis_url:
        # Its client takes a fifth of the time that a crawl needs to start, and most installations have no Redis.
        from store.pace.redis_state import RedisState  # noqa: PLC0415

        return RedisState(config.redis_url)
    if make_url(config.database_url).get_backend_name() in ("mysql", "mariadb"):
        return open_mysql(config.database_url)
    return open_sqlite(config.make_data_dir() / FILE)


def open_governor(config: Config) -> Governor:
    """Open the governor of this process. Use it in one event loop, and close it."""
    return Governor(open_state(config))
