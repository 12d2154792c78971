"""The pace in Redis: `calendar.lua` does the work, in Redis's time, one call per question.

A Redis that restarts has forgotten what was sent just now, or believes what it was told minutes ago. So each new
connection compares the server's run id with the one on record; when they differ, all buckets count as empty until
everybody has had time to come back.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import BlockingConnectionPool, Connection, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, WatchError

from store.pace.buckets import MICROSECONDS, Bucket
from store.pace.state import PEER_SECONDS, Booking, Change, StateLost

LUA = Path(__file__).with_name("calendar.lua").read_text()
PREFIX = "{tiktok:pace}:"
"""In braces, so that a cluster keeps all keys on one node, where one script may touch them."""
HOUSE, PEERS, RECORDS = (PREFIX + name for name in ("house", "peers", "records"))

TIMEOUT_SECONDS = 1.0
"""A Redis that needs longer than this is lost to us: the pace goes on without it, slower."""
GRACE_SECONDS = 10.0
"""How long a restarted Redis lets nothing through: twice as long as a lost governor waits between two tries."""
CONNECTIONS = 4
"""More would only queue within Redis: it runs one script at a time."""

Clock = Callable[[], int]


class RedisState:
    """Calendars and records in Redis."""

    def __init__(self, url: str, *, grace_seconds: float = GRACE_SECONDS, clock: Clock | None = None) -> None:
        self._grace = int(grace_seconds * MICROSECONDS)
        self._clock = clock
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # One that Redis closed while it was idle is opened again. What was asked twice wastes a slot, no more.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
            redis_connect_func=self._arrive,
        )
        self._redis = Redis(connection_pool=pool)
        self._script = self._redis.register_script(LUA)

    async def book(self, buckets: Sequence[Bucket]) -> Booking:
        """See `State`."""
        shapes = [number for bucket in buckets for number in (bucket.interval, bucket.tolerance)]
        keys = tuple(bucket.key for bucket in buckets)
        slot, now = await self._run("book", keys, *shapes)
        return Booking(self, keys, slot, max(0, slot - now) / MICROSECONDS)

    async def stands(self, booking: Booking, patience_seconds: float) -> bool:
        """See `State`."""
        patience = int(patience_seconds * MICROSECONDS)
        return bool(await self._run("stands", booking.keys, booking.slot, patience))

    async def give_back(self, booking: Booking) -> None:
        """See `State`."""
        await self._run("give_back", booking.keys, booking.slot)

    async def hold(self, key: str, seconds: float) -> None:
        """See `State`."""
        await self._run("hold", (key,), int(seconds * MICROSECONDS))

    async def meet(self, name: str) -> int:
        """See `State`."""
        async with _lost_when_failing():
            arguments = ("meet", *self._setting(), name, PEER_SECONDS * MICROSECONDS)
            return int(await self._script(keys=[HOUSE, PEERS], args=arguments))

    async def amend(self, name: str, change: Change) -> str:
        """See `State`."""
        async with _lost_when_failing(), self._redis.pipeline() as pipeline:
            while True:
                await pipeline.watch(RECORDS)
                # Typed for the answer of a pipeline that collects; after WATCH it is the value itself.
                old: Any = await pipeline.hget(RECORDS, name)
                before = None if old is None else _text(old)
                new = change(before)
                if new == before:
                    return new
                pipeline.multi()  # type: ignore[no-untyped-call]  # redis-py left it out
                pipeline.hset(RECORDS, name, new)
                try:
                    await pipeline.execute()
                except WatchError:
                    continue
                return new

    async def records(self) -> Mapping[str, str]:
        """See `State`."""
        async with _lost_when_failing():
            found = await self._redis.hgetall(RECORDS)
            return {_text(name): _text(text) for name, text in found.items()}

    async def close(self) -> None:
        """See `State`."""
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _run(self, action: str, keys: Sequence[str], *arguments: int) -> Any:
        async with _lost_when_failing():
            names = [HOUSE, *(f"{PREFIX}bucket:{key}" for key in keys)]
            return await self._script(keys=names, args=(action, *self._setting(), *arguments))

    def _setting(self) -> tuple[int | str, int]:
        return (self._clock() if self._clock else ""), self._grace

    async def _arrive(self, connection: Connection) -> None:
        """Say hello on every new connection, before anything is booked over it."""
        await connection.on_connect()
        await connection.send_command("INFO", "server")
        run = re.search(r"run_id:(\w+)", _text(await connection.read_response()))
        arguments = ("arrive", *self._setting(), run[1] if run else "unknown")
        await connection.send_command("EVAL", LUA, 1, HOUSE, *arguments)
        await connection.read_response()


@asynccontextmanager
async def _lost_when_failing() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise StateLost(f"Redis: {str(error) or type(error).__name__}") from error


def _text(reply: Any) -> str:
    return reply.decode() if isinstance(reply, bytes) else str(reply)
