"""A page of a list: its rows, where the next page begins, and how many rows there are in all.

A page is found by its offset, which costs as many steps as rows come before it, or by where the page before it
ended, which costs the same however deep it lies. For the latter a list is walked in stretches, each of them one
range of one index:

    descending   1. rows equal to the last one, with smaller ids   2. smaller ones   3. those without a value
    ascending    1. rows equal to the last one, with larger ids    2. larger ones

Both databases sort NULL below all values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select

Thing = TypeVar("Thing")

DEEP = 500
"""From this offset on, rows are looked up only once it is known which they are."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the last row's value of what the list is sorted by, and its id."""

    value: Any
    id: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a list: rows from `offset` on, or those that come after a position."""

    limit: int
    offset: int = 0
    after: Position | None = None
    """When it is given, `offset` only tells how many rows came before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Thing]):
    """What a list gives for a window."""

    rows: list[Thing]
    total: int
    window: Window
    has_more: bool
    next: Position | None = None
    """Where the next page begins, in lists that can be walked by positions; empty on the last one."""

    @property
    def limit(self) -> int:
        return self.window.limit

    @property
    def offset(self) -> int:
        return self.window.offset


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a list is: by a column, equal ones by their ids; or by the ids alone."""

    id: ColumnElement[Any]
    column: ColumnElement[Any] | None = None
    descending: bool = True

    def position(self, row: Row[Any]) -> Position:
        """Where a row stands that holds both columns."""
        mapping = row._mapping  # noqa: SLF001  # SQLAlchemy's public name
        return Position(None if self.column is None else mapping[self.column], mapping[self.id])

    def page(
        self,
        connection: Connection,
        rows: Select[Any],
        window: Window,
        total: int,
        keys: Select[Any] | None = None,
        *,
        sorts: bool = False,
    ) -> Page[Row[Any]]:
        """Read a page. The total may be some seconds old, but where the page ends the list it is exact.

        `keys` selects the ids of the same rows without what is joined to them: with that MariaDB would not see that
        an index alone has them. Where the database has no index of this order and `sorts`, it sorts ids, not rows.
        """
        most = window.limit + 1
        if sorts or (window.after is None and window.offset >= DEEP):
            ids = self._walk(
                connection, rows.with_only_columns(self.id) if keys is None else keys, window, most
            )
            found = list(connection.execute(self._sorted(rows.where(self.id.in_([row[0] for row in ids])))))
        else:
            found = self._walk(connection, rows, window, most)
        shown = found[: window.limit]
        has_more = len(found) > window.limit
        known = window.offset + len(found)
        is_exact = not has_more and window.after is None and (shown or not window.offset)
        return Page(
            rows=shown,
            total=known if is_exact else max(known, total),
            window=window,
            has_more=has_more,
            next=self.position(shown[-1]) if has_more else None,
        )

    def _walk(self, connection: Connection, rows: Select[Any], window: Window, most: int) -> list[Row[Any]]:
        """Read at most so many rows from where the window begins."""
        if window.after is None:
            first = self._sorted(rows).limit(most)
            return list(connection.execute(first.offset(window.offset) if window.offset else first))
        found: list[Row[Any]] = []
        for stretch in self._stretches(rows, window.after):
            found += connection.execute(stretch.limit(most - len(found)))
            if len(found) == most:
                break
        return found

    def _stretches(self, rows: Select[Any], after: Position) -> Iterator[Select[Any]]:
        beyond = self.id < after.id if self.descending else self.id > after.id
        if self.column is None:
            yield self._sorted(rows.where(beyond))
            return
        is_null = self.column.is_(None)
        equal = is_null if after.value is None else self.column == after.value
        yield rows.where(equal, beyond).order_by(self._directed(self.id))
        if after.value is None:
            if not self.descending:
                yield self._sorted(rows.where(~is_null))
            return
        further = self.column < after.value if self.descending else self.column > after.value
        yield self._sorted(rows.where(further))
        if self.descending:
            yield rows.where(is_null).order_by(self._directed(self.id))

    def _sorted(self, rows: Select[Any]) -> Select[Any]:
        columns = [self.id] if self.column is None else [self.column, self.id]
        return rows.order_by(*map(self._directed, columns))

    def _directed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return column.desc() if self.descending else column.asc()
