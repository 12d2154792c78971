"""The look at what is stored before a batch is written: the rows of its keys, locked until the commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, BindParameter, Connection, Select, bindparam, select

from store.models.types import Money, UtcDateTime, money_text
from store.upserts.shapes import Row, Shape
from store.upserts.statements import untyped

LOOKUP_KEYS = 1000
"""Keys per SELECT; SQLite takes up to 32,766 variables."""


@dataclass(slots=True)
class Stored:
    """A stored row."""

    row: Row
    """In the shape's order; links are not read, they are replaced anyway."""
    changed_at: str
    outcome: str | None = None
    """How the post last ended for good."""
    outcome_at: str | None = None


def read_stored(connection: Connection, shape: Shape, keys: Sequence[str | int]) -> dict[str | int, Stored]:
    """Read and lock the rows of these keys; those that are not there are missing."""
    dates = [i for i, column in enumerate(shape.typed_columns()) if isinstance(column.type, UtcDateTime)]
    lists = [
        i for i, column in enumerate(shape.typed_columns()[: shape.seen]) if isinstance(column.type, JSON)
    ]
    amounts = [i for i, column in enumerate(shape.typed_columns()) if isinstance(column.type, Money)]
    links = [None] * (len(shape.columns) - shape.seen - 1)
    stored: dict[str | int, Stored] = {}
    for found in _select(connection, shape, keys):
        row: Row = [*found[: shape.seen + 1], *links]
        for position in dates:
            row[position] = _moment(row[position])
        for position in lists:
            row[position] = _json(row[position])
        for position in amounts:
            row[position] = None if row[position] is None else money_text(row[position])
        changed_at, *outcome = found[shape.seen + 1 :]
        stored[row[0]] = Stored(row, _moment(changed_at) or "", *outcome[:1], *map(_moment, outcome[1:]))
    return stored


def _select(connection: Connection, shape: Shape, keys: Sequence[str | int]) -> Iterator[Sequence[Any]]:
    statement = _lookup(shape)
    for start in range(0, len(keys), LOOKUP_KEYS):
        yield from connection.execute(statement, {"keys": keys[start : start + LOOKUP_KEYS]})


@lru_cache
def _lookup(shape: Shape) -> Select[Any]:
    bare = untyped(shape.table)
    marks = [name for name in ("outcome", "outcome_at") if name in bare.c]
    names = [*shape.columns[: shape.seen + 1], "changed_at", *marks]
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    # SQLite has no FOR UPDATE and needs none: the transaction holds the only write lock.
    return select(*(bare.c[name] for name in names)).where(bare.c[shape.key].in_(keys)).with_for_update()


def _moment(value: datetime | str | None) -> str | None:
    """MySQL's driver gives datetimes without zone, SQLite's the text as written."""
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value


def _json(value: str | None) -> str | None:
    """MySQL 8 writes JSON with its own spaces; compare in ours."""
    return value and orjson.dumps(orjson.loads(value)).decode()
