"""Rows that one process at a time works on: taken for a while, so that nobody has to clean up after the dead.

For any table with the columns `id`, `leased_by` and `leased_until`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select, update


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """The condition under which nobody holds a row: never leased, given back, or its holder is gone."""
    return or_(table.c.leased_until.is_(None), table.c.leased_until <= now)


def take(
    connection: Connection,
    table: Table,
    holder: str,
    now: datetime,
    *,
    until: datetime,
    most: int,
    where: ColumnElement[bool],
    order_by: Sequence[ColumnElement[Any]],
    **changes: Any,
) -> list[Row[Any]]:
    """Take up to `most` free rows, apply `changes` to them, and return them in order, as they are then.

    Rows that another transaction is about to take are passed over on MySQL; SQLite has one writer at a time.
    """
    wanted = select(table.c.id).where(is_free(table, now), where).order_by(*order_by).limit(most)
    ids = list(connection.scalars(wanted.with_for_update(skip_locked=True)))
    if not ids:
        return []
    lease = {"leased_by": holder, "leased_until": until}
    connection.execute(update(table).where(table.c.id.in_(ids)).values(**lease, **changes))
    return list(connection.execute(select(table).where(table.c.id.in_(ids)).order_by(*order_by)))


def renew(
    connection: Connection, table: Table, holder: str, ids: Collection[int], until: datetime
) -> list[int]:
    """Keep leases for longer; return those that were still there to keep."""
    kept = (table.c.id.in_(ids), table.c.leased_by == holder)
    connection.execute(update(table).where(*kept).values(leased_until=until))
    return list(connection.scalars(select(table.c.id).where(*kept).order_by(table.c.id)))


def give_back(connection: Connection, table: Table, holder: str, ids: Collection[int]) -> None:
    """End leases, unless somebody else has taken them over."""
    connection.execute(
        update(table)
        .where(table.c.id.in_(ids), table.c.leased_by == holder)
        .values(leased_by=None, leased_until=None)
    )
