"""Trying again what failed in a job that has ended: its next round."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.exc import IntegrityError

from store.jobs.errors import JobConflict, JobRefused
from store.jobs.rows import Job, move_job, read_job
from store.jobs.states import FINAL, JOB_ENDS, JobState, ShardState, TargetState
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, SHARDS
from store.transactions import in_transaction

FRESH: dict[str, Any] = {
    "outcome": None,
    "reason": None,
    "record_id": None,
    "finished_at": None,
    "attempt": None,
}


def retry_failed(engine: Engine, job_id: int | str, now: datetime) -> Job:
    """Open again every target whose outcome says nothing about the target itself; workers see to them."""

    def work(connection: Connection) -> Job:
        job = read_job(connection, job_id, lock=True)
        if job.state not in JOB_ENDS:
            raise JobRefused(job.id, job.state, "retried before its end")
        _reopen(connection, job, now)
        _begin_round(connection, job)
        return read_job(connection, job.id)

    return in_transaction(engine, work)


def _reopen(connection: Connection, job: Job, now: datetime) -> None:
    failed = (JOB_COUNTS.c.job_id == job.id, JOB_COUNTS.c.outcome.not_in(FINAL), JOB_COUNTS.c.targets > 0)
    numbers = set(connection.scalars(select(JOB_COUNTS.c.shard).where(*failed).distinct()))
    if not numbers:
        raise JobRefused(job.id, job.state, "retried: none of its targets failed")
    connection.execute(
        update(JOB_TARGETS)
        .where(JOB_TARGETS.c.job_id == job.id, JOB_TARGETS.c.state == TargetState.DONE)
        .where(JOB_TARGETS.c.outcome.not_in(FINAL))
        .values(state=TargetState.OPEN, from_cache=False, **FRESH)
    )
    connection.execute(delete(JOB_COUNTS).where(*failed))
    connection.execute(
        update(SHARDS)
        .where(SHARDS.c.job_id == job.id, SHARDS.c.number.in_(numbers))
        .values(state=ShardState.PENDING, failures=0, due_at=now, finish_reason=None, finished_at=None)
    )


def _begin_round(connection: Connection, job: Job) -> None:
    again: dict[str, Any] = {"reason": None, "finished_at": None, "cancel_requested_at": None}
    again |= {"round": job.round + 1, "is_by_hand": False}
    if job.is_exclusive:
        again["exclusive_for"] = job.client_id
    try:
        move_job(connection, job, JobState.PENDING, **again)
    except IntegrityError as error:
        raise JobConflict(str(job.client_id)) from error
