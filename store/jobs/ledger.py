"""The ledger: one row per target that came in, in order, and how it ended.

A row's outcome and the count of outcomes change in one transaction, so the sum of the counts is the number of
targets that are done, duplicates included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, func, select, update

from store.jobs.counts import add_counts
from store.jobs.rows import Shard, lock_held_shard
from store.jobs.states import TargetState
from store.models.jobs import JOB_TARGETS, SHARDS
from store.transactions import in_transaction

FINALISE = (
    update(JOB_TARGETS)
    .where(JOB_TARGETS.c.job_id == bindparam("of_job"), JOB_TARGETS.c.position == bindparam("at"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("outcome", "reason", "record_id", "from_cache")}
        | {name: bindparam(f"new_{name}") for name in ("state", "attempt", "finished_at")}
    )
)


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A row that waits for its outcome."""

    position: int
    target: str
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How the target at a position ended."""

    position: int
    outcome: str
    """A verdict, or an `Ending`."""
    reason: str = ""
    record_id: str | None = None
    from_cache: bool = False


def open_targets(engine: Engine, shard: Shard, after: int = 0, most: int = 100) -> list[OpenTarget]:
    """Read a shard's next open targets behind a position."""
    wanted = (
        select(JOB_TARGETS.c.position, JOB_TARGETS.c.target, JOB_TARGETS.c.given)
        .where(is_open(shard), JOB_TARGETS.c.position > after)
        .order_by(JOB_TARGETS.c.position)
        .limit(most)
    )
    with engine.connect() as connection:
        return [OpenTarget(*row) for row in connection.execute(wanted)]


def finalise(engine: Engine, shard_id: int, attempt: int, findings: Sequence[Finding], now: datetime) -> int:
    """Write outcomes of targets; see `finalise_in`."""
    return in_transaction(
        engine, lambda connection: finalise_in(connection, shard_id, attempt, findings, now)
    )


def finalise_in(
    connection: Connection, shard_id: int, attempt: int, findings: Sequence[Finding], now: datetime
) -> int:
    """Write outcomes of targets in the caller's transaction; return how many of them were still open.

    Raises `ShardLost` when the shard is not this attempt's any more. A target that is done stays as it is.
    """
    shard = lock_held_shard(connection, shard_id, attempt)
    by_position = {finding.position: finding for finding in findings}
    answers = _lock_open(connection, shard, sorted(by_position))
    if not answers:
        return 0
    counts: Counter[str] = Counter()
    for position, weight in answers.items():
        counts[by_position[position].outcome] += weight
    rows = [_bound(by_position[position], attempt, now) for position in answers]
    connection.execute(FINALISE, [{"of_job": shard.job_id, **row} for row in rows])
    add_counts(connection, shard.job_id, shard.number, counts)
    if shard.failures:  # it gets somewhere
        connection.execute(update(SHARDS).where(SHARDS.c.id == shard.id).values(failures=0))
    return len(answers)


def mark_remaining(connection: Connection, shard: Shard, outcome: str, reason: str, now: datetime) -> None:
    """Give what a shard leaves open an outcome of its own."""
    left = connection.scalar(select(func.sum(JOB_TARGETS.c.answers)).where(is_open(shard)))
    if not left:
        return
    connection.execute(
        update(JOB_TARGETS).where(is_open(shard)).values(
            state=TargetState.DONE, outcome=outcome, reason=reason, attempt=shard.attempt, finished_at=now
        )
    )  # fmt: skip
    add_counts(connection, shard.job_id, shard.number, {outcome: int(left)})


def has_open(connection: Connection, shard: Shard) -> bool:
    """Whether something of a shard is left to do."""
    return connection.scalar(select(JOB_TARGETS.c.position).where(is_open(shard)).limit(1)) is not None


def is_open(shard: Shard) -> ColumnElement[bool]:
    """The condition that a row is a shard's and open."""
    return and_(
        JOB_TARGETS.c.job_id == shard.job_id,
        JOB_TARGETS.c.position.between(shard.first_position, shard.last_position),
        JOB_TARGETS.c.state == TargetState.OPEN,
    )


def _lock_open(connection: Connection, shard: Shard, positions: Sequence[int]) -> dict[int, int]:
    """Which of these rows are open, and how many positions each answers."""
    wanted = select(JOB_TARGETS.c.position, JOB_TARGETS.c.answers).where(
        is_open(shard), JOB_TARGETS.c.position.in_(positions)
    )
    rows = connection.execute(wanted.order_by(JOB_TARGETS.c.position).with_for_update())
    return {row.position: row.answers for row in rows}


def _bound(finding: Finding, attempt: int, now: datetime) -> dict[str, Any]:
    return {
        "at": finding.position,
        "new_state": TargetState.DONE,
        "new_outcome": finding.outcome,
        "new_reason": finding.reason,
        "new_record_id": finding.record_id,
        "new_from_cache": finding.from_cache,
        "new_attempt": attempt,
        "new_finished_at": now,
    }
