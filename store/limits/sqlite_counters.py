"""Counters in a file of its own in `DATA_DIR`, for all processes of one machine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from store.engine import open_engine, writing
from store.errors import StoreError
from store.limits.counters import Clock, CountersLost, Use, count, wall_clock
from store.limits.limit import MICROSECONDS, Record, Standing
from store.transactions import in_transaction

BUSY_MILLISECONDS = 2_000
"""Our transactions take less than a millisecond: whoever keeps the file longer is stuck."""
TAKES_PER_TIDYING = 2_000
KEPT_SECONDS = 60
"""Counters that are as new ones are kept a little longer: clocks of several processes may differ."""

METADATA = MetaData()
COUNTERS = Table(
    "counters",
    METADATA,
    Column("key", String, primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)
FIND = select(COUNTERS).where(COUNTERS.c.key.in_(bindparam("keys", expanding=True)))
_INSERT = insert(COUNTERS)
WRITE = _INSERT.on_conflict_do_update(
    index_elements=["key"], set_={"used": _INSERT.excluded.used, "until": _INSERT.excluded.until}
)


class SqliteCounters:
    """Counters as rows; each request is one short transaction."""

    def __init__(self, file: Path, clock: Clock = wall_clock) -> None:
        self._clock = clock
        self._engine = _open(file)
        self._writing = writing(self._engine)
        # In one process threads wait here, in turn: SQLite's own waiting is a sleep that somebody else may win.
        self._lock = threading.Lock()
        self._takes = 0

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        """See `Counters`."""
        try:
            with self._lock, self._writing.begin() as connection:
                now = self._clock()
                rows = connection.execute(FIND, {"keys": [use.key for use in uses]})
                known = {row.key: Record(row.used, row.until) for row in rows}
                new, standings = count([known.get(use.key, Record()) for use in uses], uses, now)
                if new is not None:
                    connection.execute(
                        WRITE,
                        [
                            {"key": use.key, "used": record.used, "until": record.until}
                            for use, record in zip(uses, new, strict=True)
                        ],
                    )
                self._takes += 1
                if self._takes % TAKES_PER_TIDYING == 0:
                    connection.execute(
                        delete(COUNTERS).where(COUNTERS.c.until < now - KEPT_SECONDS * MICROSECONDS)
                    )
        except (DBAPIError, StoreError) as error:
            raise CountersLost(str(error).partition("\n")[0]) from error
        return standings

    def close(self) -> None:
        """See `Counters`."""
        self._engine.dispose()


def _open(file: Path) -> Engine:
    engine = open_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _be_impatient)
    engine.dispose()
    in_transaction(engine, METADATA.create_all)
    return engine


def _be_impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    # What a power cut forgets are the last seconds' counts.
    connection.execute("PRAGMA synchronous = OFF")
