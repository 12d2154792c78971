"""Lua scripts that Redis runs for every request, called with as little around them as there can be.

redis-py's own way to call one looks at options, counts for its own metrics, and prepares to try again, which a cached
answer would pay twice: for its limits, and for what the cache has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError


class Script:
    """A script, for any number of threads."""

    def __init__(self, redis: Redis, text: str) -> None:
        self._pool = redis.connection_pool
        self._carefully = redis.register_script(text)

    def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run it. A Redis that does not know it is told; a connection that was closed is opened, as the client does.

        Raises `RedisError`, and `OSError`.
        """
        connection = self._pool.get_connection()
        try:
            connection.send_command("EVALSHA", self._carefully.sha, len(keys), *keys, *args)  # type: ignore[no-untyped-call]  # as redis-py has it
            return connection.read_response()
        except (NoScriptError, RedisConnectionError):
            pass
        finally:
            self._pool.release(connection)
        return self._carefully(keys=keys, args=args)
