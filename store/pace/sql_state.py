"""The pace in a database: a file of its own in `DATA_DIR`, or MySQL where several nodes share one.

Every step is one short transaction, on a thread of its own. SQLite's time is the machine's since it was switched
on, the same for all its processes, which nobody can set; MySQL's is that of the server.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from store.engine import open_engine
from store.errors import StoreError
from store.models import Base
from store.pace.buckets import MICROSECONDS, Bucket
from store.pace.calendar import Calendar, book
from store.pace.sql_rows import FIND, PEERS, RECORD, RECORDS, TABLES, forget_idle, read, write
from store.pace.state import PEER_SECONDS, Booking, Change, StateLost
from store.schema import check_schema
from store.transactions import in_transaction

T = TypeVar("T")
Clock = Callable[[Connection], int]

BUSY_MILLISECONDS = 2_000
"""Our transactions take less than a millisecond: whoever keeps the file longer is stuck."""
OF_THE_MACHINE = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock."""

SERVER_TIME = text("SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))")


def machine_clock(_connection: Connection) -> int:
    """Microseconds since this machine was switched on."""
    return time.clock_gettime_ns(OF_THE_MACHINE) // 1000


def server_clock(connection: Connection) -> int:
    """Read MySQL's clock: in a statement of its own, which begins after we waited for the rows."""
    return int(connection.scalar(SERVER_TIME) or 0)


def open_sqlite(file: Path) -> SqlState:
    """Open the file, and make it when it is missing."""
    engine = open_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _be_impatient)
    engine.dispose()
    in_transaction(engine, lambda connection: Base.metadata.create_all(connection, TABLES))
    return SqlState(engine, machine_clock)


def open_mysql(url: str) -> SqlState:
    """Use the tables in the database."""
    engine = open_engine(url)
    try:
        check_schema(engine)
    except StoreError:
        engine.dispose()
        raise
    return SqlState(engine, server_clock)


class SqlState:
    """Calendars and records in three tables."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pace")

    async def book(self, buckets: Sequence[Bucket]) -> Booking:
        """See `State`."""

        def work(connection: Connection) -> tuple[int, int]:
            calendars = read(connection, keys)
            known = set(calendars)
            now = self._clock(connection)
            slot = book([calendars.setdefault(key, Calendar()) for key in keys], buckets, now)
            write(connection, calendars, known)
            return slot, now

        keys = tuple(bucket.key for bucket in buckets)
        slot, now = await self._change(work)
        return Booking(self, keys, slot, max(0, slot - now) / MICROSECONDS)

    async def stands(self, booking: Booking, patience_seconds: float) -> bool:
        """See `State`."""

        def work() -> bool:
            with self._engine.connect() as connection:
                calendars = read(connection, booking.keys, FIND)
                now = self._clock(connection)
            return len(calendars) == len(booking.keys) and all(
                calendar.stands(booking.slot, now, patience) for calendar in calendars.values()
            )

        patience = int(patience_seconds * MICROSECONDS)
        return await self._on_thread(work)

    async def give_back(self, booking: Booking) -> None:
        """See `State`."""

        def work(connection: Connection) -> None:
            calendars = read(connection, booking.keys)
            for calendar in calendars.values():
                calendar.give_back(booking.slot)
            write(connection, calendars, set(calendars))

        await self._change(work)

    async def hold(self, key: str, seconds: float) -> None:
        """See `State`."""

        def work(connection: Connection) -> None:
            calendars = read(connection, [key])
            known = set(calendars)
            now = self._clock(connection)
            calendars.setdefault(key, Calendar()).hold(now, now + int(seconds * MICROSECONDS))
            write(connection, calendars, known)

        await self._change(work)

    async def meet(self, name: str) -> int:
        """See `State`."""

        def work(connection: Connection) -> int:
            now = self._clock(connection)
            gone = (PEERS.c.name == name) | ~PEERS.c.seen_at.between(now - PEER_SECONDS * MICROSECONDS, now)
            connection.execute(delete(PEERS).where(gone))
            connection.execute(insert(PEERS), {"name": name, "seen_at": now})
            forget_idle(connection, now)
            return connection.scalar(select(func.count()).select_from(PEERS)) or 1

        return await self._change(work)

    async def amend(self, name: str, change: Change) -> str:
        """See `State`."""

        def work(connection: Connection) -> str:
            old = connection.scalar(RECORD.with_for_update(), {"key": name})
            new = change(old)
            if old is None:
                connection.execute(insert(RECORDS), {"name": name, "content": new})
            elif new != old:
                connection.execute(update(RECORDS).where(RECORDS.c.name == name).values(content=new))
            return new

        return await self._change(work)

    async def records(self) -> Mapping[str, str]:
        """See `State`."""

        def work() -> Mapping[str, str]:
            with self._engine.connect() as connection:
                return {row.name: row.content for row in connection.execute(select(RECORDS))}

        return await self._on_thread(work)

    async def close(self) -> None:
        """See `State`."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

    async def _change(self, work: Callable[[Connection], T]) -> T:
        return await self._on_thread(lambda: in_transaction(self._engine, work))

    async def _on_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (StoreError, DBAPIError) as error:
            raise StateLost(str(error).partition("\n")[0]) from error


def _be_impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
