"""Posts that were under review are looked at again some hours later, at most three times (facts D.2).

Their rows in the table of outcomes say when. A worker makes a job of those that are due and empties that column. The
job's key names them, so whoever dies in between leaves a job that is found, not made twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection, Engine, Row, select, update

from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.kinds import find_kind
from store.models.crawls import OutcomeRow
from store.transactions import in_transaction
from tiktok.aftermath import LOOKS_AGAIN
from tiktok.routes import Operation
from tiktok.targets import TargetKind


def make_looks_again(engine: Engine, now: datetime, most: int) -> int:
    """Make a job of the posts that are due; return how many there were."""
    wanted = (
        select(OutcomeRow.target, OutcomeRow.again_at, OutcomeRow.times)
        .where(
            OutcomeRow.again_at <= now,
            OutcomeRow.operation == str(Operation.VIDEO),
            OutcomeRow.kind == str(TargetKind.VIDEO),
        )
        .order_by(OutcomeRow.again_at, OutcomeRow.target)
        .limit(most)
    )
    with engine.connect() as connection:
        due = connection.execute(wanted).all()
    if unsettled := [row for row in due if row.times <= LOOKS_AGAIN]:
        _make(engine, unsettled, now)
    in_transaction(engine, partial(_take_off, due=due))
    return len(due)


def _make(engine: Engine, due: Sequence[Row[str, datetime | None, int]], now: datetime) -> None:
    looks = ";".join(f"{row.target} {row.again_at}" for row in due)
    request = JobRequest(
        kind=find_kind("video").name,
        idempotency_key=f"look again {sha256(looks.encode()).hexdigest()}",
    )
    create_job(engine, request, [Wanted(row.target, row.target) for row in due], now)


def _take_off(connection: Connection, due: Sequence[Row[str, datetime | None, int]]) -> None:
    """Empty what was seen to; a row that has ended anew meanwhile keeps its moment."""
    for row in due:
        connection.execute(
            update(OutcomeRow)
            .where(
                OutcomeRow.operation == str(Operation.VIDEO),
                OutcomeRow.kind == str(TargetKind.VIDEO),
                OutcomeRow.target == row.target,
                OutcomeRow.again_at == row.again_at,
            )
            .values(again_at=None)
        )
