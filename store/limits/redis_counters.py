"""Counters in Redis, for all machines that share it: one script per request, in Redis's time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from store.limits.counters import Clock, CountersLost, Use
from store.limits.limit import MICROSECONDS, Standing
from store.scripts import Script

LUA = Path(__file__).with_name("take.lua").read_text()
PREFIX = "{tiktok:limits}:"
"""In braces, so that a cluster keeps all keys on one node, where one script may touch them."""
TIMEOUT_SECONDS = 0.5
"""A Redis that needs longer than this is lost to us: a request shall not wait for its own counting."""


class RedisCounters:
    """Counters as hashes that end by themselves."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self._clock = clock
        self._redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # One that Redis closed while it was idle is opened again. What was asked twice counts twice, at worst.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        self._script = Script(self._redis, LUA)

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        """See `Counters`."""
        numbers = [
            number
            for use in uses
            for number in (use.limit.amount, use.limit.period, use.limit.interval, use.limit.burst)
        ]
        try:
            found: Any = self._script(
                [PREFIX + use.key for use in uses], [self._clock() if self._clock else "", *numbers]
            )
        except (RedisError, OSError) as error:
            raise CountersLost(f"Redis: {str(error) or type(error).__name__}") from error
        return [
            Standing(use.limit, remaining, wait / MICROSECONDS, reset / MICROSECONDS)
            for use, (remaining, wait, reset) in zip(uses, found, strict=True)
        ]

    def close(self) -> None:
        """See `Counters`."""
        self._redis.close()
