"""The SQL of a writer, composed by SQLAlchemy for the database at hand, once, and handed to its driver as text.

Executing the constructs themselves costs as much per row as MariaDB needs to store it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Table, TableClause, column, func, table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.sql.dml import Insert


def untyped(of: Table) -> TableClause:
    """The table without types: values come and go as the driver has them."""
    return table(of.name, *(column(stored.name) for stored in of.columns))


@lru_cache(maxsize=256)
def insert_sql(
    into: Table,
    columns: tuple[str, ...],
    dialect: Dialect,
    *,
    replace: tuple[str, ...] = (),
    fill: tuple[str, ...] = (),
    ignore: bool = False,
) -> str:
    """Compose an INSERT of `columns`.

    For rows that exist, `replace` names columns that take the new value, `fill` those that take it unless it
    is NULL; with `ignore` such rows stay as they are; with none of these they are an error.
    """
    bare = table(into.name, *(column(name) for name in columns))
    keys = [key.name for key in into.primary_key]
    if dialect.name == "sqlite":
        statement = _sqlite_insert(bare, keys, replace, fill, ignore=ignore)
    else:
        statement = _mysql_insert(bare, (keys[:1] if ignore else []) + list(replace), fill)
    return str(statement.compile(dialect=dialect, column_keys=list(columns)))


def _sqlite_insert(
    bare: TableClause, keys: list[str], replace: Sequence[str], fill: Sequence[str], *, ignore: bool
) -> Insert:
    statement = sqlite.insert(bare)
    if ignore:
        return statement.on_conflict_do_nothing(index_elements=keys)
    changes = _changes(bare, statement.excluded, replace, fill)
    return statement.on_conflict_do_update(index_elements=keys, set_=dict(changes)) if changes else statement


def _mysql_insert(bare: TableClause, replace: Sequence[str], fill: Sequence[str]) -> Insert:
    statement = mysql.insert(bare)
    changes = _changes(bare, statement.inserted, replace, fill)
    return statement.on_duplicate_key_update(changes) if changes else statement


def _changes(
    bare: TableClause, new: Any, replace: Sequence[str], fill: Sequence[str]
) -> list[tuple[str, ColumnElement[Any]]]:
    replaced = [(name, new[name]) for name in replace]
    filled = [(name, func.coalesce(new[name], bare.c[name])) for name in fill]
    return replaced + filled
