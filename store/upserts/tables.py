"""One table's part of a batch: look what is stored, decide in Python, write only what differs."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, bindparam, delete, tuple_, update

from store.models import VideoHashtagRow
from store.upserts.decisions import Counts, Plan, make_plan
from store.upserts.merging import merge_batch
from store.upserts.shapes import LINKS, Row, Shape
from store.upserts.statements import insert_sql, untyped
from store.upserts.stored import read_stored

HASHTAG_LENGTH = 255
"""Longest hashtag that posts can be found by; longer ones stay in the post's list only."""

VIDEO_HASHTAGS = VideoHashtagRow.metadata.tables[VideoHashtagRow.__tablename__]


def write_rows(connection: Connection, shape: Shape, rows: list[Row]) -> Counts:
    """Write one type's rows of a batch, in the caller's transaction."""
    merged = merge_batch(shape, rows)
    stored = read_stored(connection, shape, list(merged))
    plan = make_plan(shape, merged, stored)
    _write_plan(connection, shape, plan)
    return plan.counts


def _write_plan(connection: Connection, shape: Shape, plan: Plan) -> None:
    columns = (*shape.columns, "first_seen_at", "changed_at")
    _execute(connection, insert_sql(shape.table, columns, connection.dialect), plan.inserts)
    links = tuple(name for name in shape.columns if name in LINKS)
    replaced = tuple(name for name in (*shape.columns[1:], "changed_at") if name not in LINKS)
    update_sql = insert_sql(shape.table, columns, connection.dialect, replace=replaced, fill=links)
    _execute(connection, update_sql, plan.updates)
    _write_history(connection, shape, plan.history)
    _touch(connection, shape, plan)
    _revive(connection, shape, plan.revived)
    _write_hashtags(connection, plan)


def _execute(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    if rows:
        connection.exec_driver_sql(sql, [tuple(row) for row in rows])


def _write_history(connection: Connection, shape: Shape, rows: list[Row]) -> None:
    if shape.history is None:
        return
    columns = tuple(shape.history.columns.keys())
    # The same moment again is the same sight, told more completely.
    _execute(connection, insert_sql(shape.history, columns, connection.dialect, replace=columns[2:]), rows)


def _touch(connection: Connection, shape: Shape, plan: Plan) -> None:
    bare = untyped(shape.table)
    keys = bare.c[shape.key].in_(bindparam("keys", expanding=True))
    statement = update(bare).where(keys).values(scraped_at=bindparam("at"))
    for at, touched in plan.touched.items():
        connection.execute(statement, {"at": at, "keys": touched})


def _revive(connection: Connection, shape: Shape, keys: list[str | int]) -> None:
    if keys:
        bare = untyped(shape.table)
        connection.execute(
            update(bare).where(bare.c[shape.key].in_(keys)).values(outcome=None, outcome_at=None)
        )


def _write_hashtags(connection: Connection, plan: Plan) -> None:
    added: list[Row] = []
    removed: list[tuple[str, int]] = []
    for video_id, before, now in plan.retagged:
        old, new = _names(before), _names(now)
        added += [[name, video_id] for name in new - old]
        removed += [(name, video_id) for name in old - new]
    columns = ("hashtag", "video_id")
    _execute(connection, insert_sql(VIDEO_HASHTAGS, columns, connection.dialect, ignore=True), sorted(added))
    if removed:
        bare = untyped(VIDEO_HASHTAGS)
        connection.execute(delete(bare).where(tuple_(bare.c.hashtag, bare.c.video_id).in_(sorted(removed))))


def _names(hashtags: str | None) -> set[str]:
    if hashtags is None:
        return set()
    return {name for name in orjson.loads(hashtags) if len(name) <= HASHTAG_LENGTH}
