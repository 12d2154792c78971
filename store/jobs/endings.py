"""How shards and jobs end. Whatever stops a process, its shard is settled here, in one transaction with the job.

A job ends with its last shard; what is to be told about it (`deliveries`) is written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from store.jobs.counts import read_counts
from store.jobs.ledger import has_open, mark_remaining
from store.jobs.rows import Job, Shard, move_job, move_shard, read_job
from store.jobs.states import ANSWERED, SHARD_ENDS, Ending, JobState, ShardState
from store.media.retries import close_retry
from store.models.deliveries import DELIVERIES
from store.models.jobs import SHARDS

MOST_FAILURES = 3
"""Processes in a row that a shard may lose without getting a single target done."""
FIRST_PAUSE = timedelta(seconds=5)
"""Before a shard is started again; doubles with each failure."""

MEDIA_RETRY = "video"
"""Kind of a job that follows from another to try a post's media again: `store.jobs.media_retries`."""
GONE = "its process is gone; start it again, or resume the job"
NOT_PAUSED: dict[str, Any] = {"reason": None, "paused_since": None, "paused_until": None}
NO_PROCESS: dict[str, Any] = {
    "leased_by": None,
    "leased_until": None,
    "waiting_for": None,
    "waiting_until": None,
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a job's shards are doing."""

    states: set[ShardState]
    waits_for: str | None = None
    """Why nothing of it can go on, though processes live."""
    waits_until: datetime | None = None


def settle_shard(
    connection: Connection, job: Job, shard: Shard, reason: str, now: datetime, *, is_failure: bool
) -> ShardState:
    """Decide what becomes of a locked shard whose process is gone, and of its job."""
    failures = shard.failures + is_failure
    if job.cancel_requested_at:
        mark_remaining(connection, shard, Ending.CANCELLED, "the job was cancelled", now)
        state = ShardState.CANCELLED
    elif not has_open(connection, shard):
        state = ShardState.DONE
    elif failures > MOST_FAILURES:
        mark_remaining(connection, shard, Ending.FAILED, f"given up after {failures} attempts: {reason}", now)
        state = ShardState.FAILED
    else:
        state = ShardState.PENDING
    pause = FIRST_PAUSE * 2 ** (failures - 1) if is_failure else timedelta()
    changes = {"failures": failures, "due_at": now + pause, "finish_reason": reason, **NO_PROCESS}
    move_shard(connection, shard, state, finished_at=now if state in SHARD_ENDS else None, **changes)
    settle_job(connection, job, now)
    return state


def settle_job(connection: Connection, job: Job, now: datetime) -> None:
    """Bring a locked job into the state that its shards' states mean."""
    job = read_job(connection, job.id)
    at_work = read_work(connection, job.id)
    if at_work.states <= SHARD_ENDS:
        end_job(connection, job, at_work.states, now)
    elif ShardState.RUNNING in at_work.states:
        _follow_running(connection, job, at_work, now)
    elif job.pause_requested_at or job.is_by_hand:
        reason = "paused" if job.pause_requested_at else GONE
        move_job(connection, job, JobState.PAUSED, reason=reason, paused_since=job.paused_since or now)
    elif job.state is not JobState.PENDING:
        move_job(connection, job, JobState.PENDING, **NOT_PAUSED)


def read_work(connection: Connection, job_id: int) -> Work:
    """Look at all shards of a job."""
    wanted = (
        select(
            SHARDS.c.state,
            func.count().label("shards"),
            func.count(SHARDS.c.waiting_for).label("waiting"),
            func.min(SHARDS.c.waiting_for).label("reason"),
            func.min(SHARDS.c.waiting_until).label("until"),
        )
        .where(SHARDS.c.job_id == job_id)
        .group_by(SHARDS.c.state)
    )
    by_state = {ShardState(row.state): row for row in connection.execute(wanted)}
    running = by_state.get(ShardState.RUNNING)
    if running is None or running.waiting < running.shards:
        return Work(set(by_state))
    return Work(set(by_state), running.reason, running.until)


def end_job(connection: Connection, job: Job, states: set[ShardState], now: datetime) -> None:
    """End a job whose shards have all ended, and say so to whoever wanted to be told."""
    state, reason = _verdict(connection, job, states)
    ended = NOT_PAUSED | {"reason": reason, "finished_at": now, "exclusive_for": None}
    move_job(connection, job, state, pause_requested_at=None, **ended)
    if job.sequel_of and job.kind == MEDIA_RETRY:
        close_retry(connection, job.sequel_of, job.id, now)
    if job.callback_url:
        _announce(connection, job, now)


def _verdict(connection: Connection, job: Job, states: set[ShardState]) -> tuple[JobState, str | None]:
    if ShardState.CANCELLED in states:
        return JobState.CANCELLED, "cancelled"
    counts = read_counts(connection, job.id)
    if ShardState.FAILED in states:
        given_up = counts.get(Ending.FAILED, 0)
        why = connection.scalar(
            select(SHARDS.c.finish_reason)
            .where(SHARDS.c.job_id == job.id, SHARDS.c.state == ShardState.FAILED)
            .order_by(SHARDS.c.number)
            .limit(1)
        )
        return JobState.FAILED, f"{given_up:,} of {job.targets_total:,} targets given up: {why}"
    refused = {outcome: n for outcome, n in counts.items() if outcome not in ANSWERED | {Ending.INVALID}}
    if refused and not ANSWERED & counts.keys():
        shown = ", ".join(f"{outcome} {n:,}" for outcome, n in sorted(refused.items()))
        return JobState.FAILED, f"no target was answered: {shown}"
    return JobState.COMPLETED, None


def _follow_running(connection: Connection, job: Job, work: Work, now: datetime) -> None:
    """A job whose running shards all wait is paused; it runs as soon as one of them doesn't."""
    if work.waits_for and not job.pause_requested_at:
        waits = {"reason": work.waits_for, "paused_until": work.waits_until}
        move_job(connection, job, JobState.PAUSED, paused_since=job.paused_since or now, **waits)
    elif job.state is not JobState.RUNNING and not job.pause_requested_at:
        move_job(connection, job, JobState.RUNNING, **NOT_PAUSED)


def _announce(connection: Connection, job: Job, now: datetime) -> None:
    connection.execute(
        insert(DELIVERIES).values(
            uuid=str(uuid4()),
            job_id=job.id,
            round=job.round,
            client_id=job.client_id,
            url=job.callback_url,
            state="pending",
            attempts=0,
            due_at=now,
            created_at=now,
        )
    )
