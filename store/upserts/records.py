"""The crawl's own records in a batch: how far lists were walked, how targets ended, what was set aside.

They are few, so they go through SQLAlchemy's types like everything that does not come by the hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, case, insert, literal_column, update
from sqlalchemy.dialects import mysql, sqlite

from store.engine import is_mysql
from store.listings import target_key
from store.models import Base, ListingRow, OutcomeRow, ProductRow, RejectRow, UserRow, VideoRow
from store.rejects import Reject
from store.upserts.rows import clean_text, plain_payload
from tiktok.outcomes import Listing, Outcome, Record
from tiktok.routes import Operation
from tiktok.verdicts import PERMANENT, Verdict

LISTINGS, OUTCOMES, REJECTS, VIDEOS, USERS, PRODUCTS = (
    Base.metadata.tables[model.__tablename__]
    for model in (ListingRow, OutcomeRow, RejectRow, VideoRow, UserRow, ProductRow)
)

ONE: ColumnElement[int] = literal_column("1", Integer)
"""Written out: PyMySQL's bulk inserts take no parameters behind their rows."""

PRESENT = frozenset((Verdict.OK, Verdict.EMPTY))
"""Verdicts that take the mark away: the target is there."""

MARKED: dict[str, Column[Any]] = {
    Operation.VIDEO: VIDEOS.c.id,
    Operation.PROFILE: USERS.c.username,
    Operation.PROFILE_VIDEOS: USERS.c.username,
    Operation.SHOP_PRODUCT: PRODUCTS.c.id,
}
"""Operations whose verdict is about the target itself (a refused list of followers says nothing about the
profile), and the column that holds `Target.key`."""


def write_records(connection: Connection, records: Sequence[Record]) -> None:
    """Store each list's and each target's last state of the batch."""
    _write_listings(connection, [record for record in records if isinstance(record, Listing)])
    outcomes = [record for record in records if isinstance(record, Outcome)]
    _write_outcomes(connection, outcomes)
    _mark(connection, outcomes)


def write_rejects(connection: Connection, rejects: Sequence[Reject], now: datetime) -> None:
    """Keep what was set aside, with its reason."""
    values = [
        {
            "item_type": reject.item_type,
            "key": clean_text(reject.key),
            "reason": clean_text(reject.reason),
            "payload": plain_payload(reject.payload),
            "at": reject.at or now,
        }
        for reject in rejects
    ]
    if values:
        connection.execute(insert(REJECTS), values)


def _write_listings(connection: Connection, listings: Sequence[Listing]) -> None:
    values = [
        {
            "operation": str(listing.operation),
            "target": target_key(listing.target),
            "scope": target_key(listing.scope),
            "state": listing.state.value,
            "cursor": listing.cursor,
            "found": listing.found,
            "declared": listing.declared,
            "reason": listing.reason and clean_text(listing.reason),
            "route": listing.route and str(listing.route),
            "started_at": listing.started_at or listing.at,
            "updated_at": listing.at,
        }
        for listing in listings
    ]
    _upsert(connection, LISTINGS, values)


def _write_outcomes(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    values = [
        {
            "operation": str(outcome.operation),
            "kind": str(outcome.kind),
            "target": target_key(outcome.target),
            "outcome": str(outcome.outcome),
            "reason": clean_text(outcome.reason),
            "route": outcome.route and str(outcome.route),
            "first_seen_at": outcome.at,
            "times": 1,
            "again_at": outcome.again_at,
            "at": outcome.at,
        }
        for outcome in outcomes
    ]
    _upsert(connection, OUTCOMES, values, streak=Streak(OUTCOMES.c.outcome, "first_seen_at", "times"))


class Streak(NamedTuple):
    """Columns that tell since when, and how often in a row, another column has the value that it has."""

    watched: Column[Any]
    since: str
    times: str


def _upsert(
    connection: Connection,
    into: Table,
    values: list[dict[str, Any]],
    *,
    streak: Streak | None = None,
) -> None:
    """Insert or replace, sorted by key, the last of each key."""
    if not values:
        return
    keys = [key.name for key in into.primary_key]
    last = {tuple(row[key] for key in keys): row for row in values}
    rows = [row for _, row in sorted(last.items())]
    statement = mysql.insert(into) if is_mysql(connection) else sqlite.insert(into)
    new = statement.inserted if isinstance(statement, mysql.Insert) else statement.excluded
    changes: dict[str, Any] = {}
    if streak is not None:
        # First, because MySQL assigns from left to right, and the comparison is with the stored value.
        is_over = streak.watched != new[streak.watched.name]
        changes[streak.since] = case((is_over, new[streak.since]), else_=into.c[streak.since])
        changes[streak.times] = case((is_over, ONE), else_=into.c[streak.times] + ONE)
    changes |= {c.name: new[c.name] for c in into.columns if c.name not in (*keys, *changes)}
    if isinstance(statement, mysql.Insert):
        connection.execute(statement.on_duplicate_key_update(list(changes.items())), rows)
    else:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def _mark(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Mark posts, profiles and products that are gone for good; take the mark from those that are there."""
    marks: defaultdict[tuple[Column[Any], str | None, datetime | None], list[str]] = defaultdict(list)
    for outcome in outcomes:
        column = MARKED.get(outcome.operation)
        if column is None:
            continue
        if outcome.outcome in PERMANENT:
            marks[column, str(outcome.outcome), outcome.at].append(outcome.target)
        elif outcome.outcome in PRESENT:
            marks[column, None, None].append(outcome.target)
    for (column, verdict, at), targets in marks.items():
        rows = update(column.table).where(column.in_(sorted(targets)))
        if verdict is None:
            rows = rows.where(column.table.c.outcome.is_not(None))
        connection.execute(rows.values(outcome=verdict, outcome_at=at))
