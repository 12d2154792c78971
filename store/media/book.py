"""What is written about the archive, each in the caller's transaction: asked for, begun, ended.

ask ── pending ── claim ── downloading ── settle ── downloaded | failed
                                        (uploads: store.media.uploads)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, literal_column, or_, select, update
from sqlalchemy.dialects import mysql, sqlite

from store.engine import is_mysql
from store.media.holders import claim_posts, release_posts
from store.media.statuses import WHOLE, ArchivedFile, Status
from store.models.media import FILES, REQUESTS
from store.upserts.rows import clean_text, moment_text
from store.upserts.statements import insert_sql
from tiktok.media.wishes import MediaWish

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Some jobs want a post's media."""

    job_ids: tuple[int, ...]
    video_id: str
    wish: MediaWish
    mode: str
    value: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer to an order."""

    is_ours: bool
    """Else another process is at work on the post."""
    files: list[ArchivedFile] = field(default_factory=list)
    """What is archived of the post, whoever asked for it."""
    mode: str = ""
    value: str = ""
    """What the post was found by when somebody first asked: all its files lie there."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How work on a post ended."""

    order: Order
    status: Status
    """`PENDING` when it was broken off."""
    reason: str | None = None
    files: Sequence[ArchivedFile] = ()
    """New and replaced ones."""


def ask(connection: Connection, orders: Iterable[Order], now: datetime) -> None:
    """Note that posts are wanted; what is noted already stays as it is."""
    rows = [row for order in orders for row in _request_rows(order, now, Status.PENDING, 0)]
    if rows:
        statement: Any = mysql.insert(REQUESTS) if is_mysql(connection) else sqlite.insert(REQUESTS)
        if is_mysql(connection):
            same = {"video_id": REQUESTS.c.video_id}
            connection.execute(statement.on_duplicate_key_update(same), _sorted(rows))
        else:
            connection.execute(statement.on_conflict_do_nothing(), _sorted(rows))


def claim(connection: Connection, holder: str, orders: Sequence[Order], now: datetime) -> dict[str, Claim]:
    """Begin with these posts, as far as nobody else is at work on them."""
    ours = claim_posts(connection, holder, [order.video_id for order in orders], now)
    begun = [order for order in orders if order.video_id in ours]
    rows = [row for order in begun for row in _request_rows(order, now, Status.DOWNLOADING, 1)]
    if rows:
        _begin(connection, _sorted(rows))
    files = _read_files(connection, ours)
    first = _first_asked(connection, ours)
    return {
        order.video_id: Claim(True, files.get(order.video_id, []), *first[order.video_id])
        if order.video_id in ours
        else Claim(is_ours=False)
        for order in orders
    }


def settle(
    connection: Connection, holder: str, settlements: Sequence[Settlement], now: datetime
) -> dict[tuple[str, str, str], ArchivedFile]:
    """Book how work ended, let go of the posts, and tell which of the new files another post has already."""
    new = [file for settlement in settlements for file in settlement.files]
    twins = find_twins(connection, new)
    if new:
        write_files(connection, new)
    for settlement, video_ids in _alike(settlements).values():
        _write_status(connection, settlement, video_ids, now)
    release_posts(connection, [each.order.video_id for each in settlements], holder)
    return twins


def find_twins(
    connection: Connection, files: Sequence[ArchivedFile]
) -> dict[tuple[str, str, str], ArchivedFile]:
    """Find files of the same content that were archived before these, here or earlier among them."""
    if not files:
        return {}
    wanted = select(FILES).where(FILES.c.sha256.in_({file.sha256 for file in files}))
    first: dict[str, ArchivedFile] = {}
    for row in connection.execute(wanted).mappings():
        first.setdefault(row["sha256"], ArchivedFile(**row))
    twins = {}
    for file in files:
        twin = first.setdefault(file.sha256, file)
        if twin.key != file.key and twin.path != file.path:
            twins[file.key] = twin
    return twins


def write_files(connection: Connection, files: Sequence[ArchivedFile]) -> None:
    """Write files anew, or over what they replace."""
    keys = [key.name for key in FILES.primary_key]
    names = tuple(column.name for column in FILES.columns)
    sql = insert_sql(
        FILES, names, connection.dialect, replace=tuple(name for name in names if name not in keys)
    )
    read = attrgetter(*names)
    rows = [_plain(read(file)) for file in sorted(files, key=lambda file: file.key)]
    connection.exec_driver_sql(sql, rows)


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values as both drivers take them; SQLAlchemy's types take as long as the database."""
    return tuple(moment_text(value) if isinstance(value, datetime) else value for value in values)


def _request_rows(order: Order, now: datetime, status: Status, attempts: int) -> list[dict[str, Any]]:
    return [
        {
            "job_id": job_id,
            "video_id": order.video_id,
            "status": status.value,
            "reason": None,
            "attempts": attempts,
            "wish": order.wish.words,
            "mode": order.mode,
            "value": clean_text(order.value),
            "requested_at": now,
            "updated_at": now,
        }
        for job_id in order.job_ids
    ]


def _begin(connection: Connection, rows: list[dict[str, Any]]) -> None:
    statement: Any = mysql.insert(REQUESTS) if is_mysql(connection) else sqlite.insert(REQUESTS)
    new = statement.inserted if is_mysql(connection) else statement.excluded
    renewed = {name: new[name] for name in ("status", "reason", "wish", "updated_at")}
    renewed["attempts"] = REQUESTS.c.attempts + literal_column("1")
    if is_mysql(connection):
        connection.execute(statement.on_duplicate_key_update(renewed), rows)
    else:
        keys = ["job_id", "video_id"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=renewed), rows)


def _read_files(connection: Connection, video_ids: Iterable[str]) -> dict[str, list[ArchivedFile]]:
    files: dict[str, list[ArchivedFile]] = {}
    wanted = select(FILES).where(FILES.c.video_id.in_(list(video_ids)))
    for row in connection.execute(wanted).mappings():
        files.setdefault(row["video_id"], []).append(ArchivedFile(**row))
    return files


def _first_asked(connection: Connection, video_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    asked = (
        select(REQUESTS.c.video_id, REQUESTS.c.mode, REQUESTS.c.value)
        .where(REQUESTS.c.video_id.in_(list(video_ids)))
        .order_by(REQUESTS.c.requested_at, REQUESTS.c.job_id)
    )
    first: dict[str, tuple[str, str]] = {}
    for video_id, mode, value in connection.execute(asked):
        first.setdefault(video_id, (mode, value))
    return first


def _alike(settlements: Sequence[Settlement]) -> dict[object, tuple[Settlement, list[str]]]:
    """Those that ended alike, by one of them: most end well, and are written in one statement."""
    found: dict[object, tuple[Settlement, list[str]]] = {}
    for settlement in settlements:
        order = settlement.order
        alike = (order.job_ids, order.wish, settlement.status, settlement.reason)
        found.setdefault(alike, (settlement, []))[1].append(order.video_id)
    return found


def _write_status(
    connection: Connection, settlement: Settlement, video_ids: Sequence[str], now: datetime
) -> None:
    """Of the jobs that ordered; a post that is whole now is whole for all who want the same of it."""
    order = settlement.order
    jobs = REQUESTS.c.job_id.in_(order.job_ids)
    alike = REQUESTS.c.wish == order.wish.words
    whose = or_(jobs, alike) if settlement.status in WHOLE else jobs
    rows = and_(REQUESTS.c.video_id.in_(sorted(video_ids, key=int)), whose)
    reason = settlement.reason and clean_text(settlement.reason)[:REASON_LENGTH]
    connection.execute(
        update(REQUESTS).where(rows).values(status=settlement.status.value, reason=reason, updated_at=now)
    )


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In one order for all writers, or two would wait for each other."""
    return sorted(rows, key=lambda row: (row["job_id"], int(row["video_id"])))
