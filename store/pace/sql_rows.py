"""Calendars as rows: how they are found, locked, and written back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from store.models import Base, PaceBucketRow, PacePeerRow, PaceRecordRow
from store.pace.buckets import MICROSECONDS
from store.pace.calendar import Calendar
from store.pace.state import IDLE_SECONDS

TABLES = [Base.metadata.tables[row.__tablename__] for row in (PaceBucketRow, PacePeerRow, PaceRecordRow)]
BUCKETS, PEERS, RECORDS = TABLES
FIND = (
    select(BUCKETS)
    .where(BUCKETS.c.name.in_(bindparam("names", expanding=True)))
    .order_by(BUCKETS.c.name)  # everybody locks in the same order
)
FIND_FOR_CHANGE = FIND.with_for_update()
REPLACE = update(BUCKETS).where(BUCKETS.c.name == bindparam("key"))
RECORD = select(RECORDS.c.content).where(RECORDS.c.name == bindparam("key"))


def read(
    connection: Connection, keys: Sequence[str], find: Select[Any] = FIND_FOR_CHANGE
) -> dict[str, Calendar]:
    return {
        row.name: Calendar(row.due, row.held_until, row.seen_at, [int(slot) for slot in row.slots.split()])
        for row in connection.execute(find, {"names": keys})
    }


def write(connection: Connection, calendars: Mapping[str, Calendar], known: set[str]) -> None:
    fresh = [{"name": key, **_columns(calendar)} for key, calendar in calendars.items() if key not in known]
    changed = [{"key": key, **_columns(calendar)} for key, calendar in calendars.items() if key in known]
    if fresh:
        connection.execute(insert(BUCKETS), fresh)
    if changed:
        connection.execute(REPLACE, changed)


def _columns(calendar: Calendar) -> dict[str, int | str]:
    return {
        "due": calendar.due,
        "held_until": calendar.held_until,
        "seen_at": calendar.seen_at,
        "slots": " ".join(map(str, calendar.slots)),
    }


def forget_idle(connection: Connection, now: int) -> None:
    """A bucket that is full again and unused is like one that nobody ever used."""
    full = (BUCKETS.c.due < now) & (BUCKETS.c.held_until < now)
    connection.execute(delete(BUCKETS).where(full, BUCKETS.c.seen_at < now - IDLE_SECONDS * MICROSECONDS))
