"""What people do to jobs that go on: cancel, pause, resume."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, select, update

from store.jobs.dispatch import settle
from store.jobs.endings import read_work, settle_job
from store.jobs.errors import JobRefused
from store.jobs.rows import Job, Shard, move_job, read_job
from store.jobs.states import JOB_ACTIVE, JOB_ENDS, JobState, ShardState
from store.models.jobs import JOBS, SHARDS
from store.transactions import in_transaction

AT_ONCE = 20
"""Shards that a request to cancel waits for; workers see to the rest."""
GRACE = timedelta(seconds=30)
"""A process may take so long to end its batch before it is ended."""


def cancel_job(engine: Engine, job_id: int | str, now: datetime) -> Job:
    """Cancel a job: what waits is cancelled, processes end after the batch in flight, results are kept."""

    def work(connection: Connection) -> Job:
        job = _lock_active(connection, job_id, "cancelled")
        if not job.cancel_requested_at:
            changes = {"cancel_requested_at": now, "pause_requested_at": None}
            connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(changes))
        return job

    job = in_transaction(engine, work)
    cancel_waiting_shards(engine, now, AT_ONCE, job_id=job.id)
    return get_job(engine, job.id)


def cancel_waiting_shards(engine: Engine, now: datetime, most: int, job_id: int | None = None) -> int:
    """Cancel shards of cancelled jobs that no process works on; return how many."""
    waits = SHARDS.c.state.in_([ShardState.PENDING, ShardState.SCHEDULED])
    found = _cancelled_shards(engine, waits, now, most, job_id)
    return sum(settle(engine, shard.id, shard.attempt, "cancelled", now) for shard in found)


def overdue_shards(engine: Engine, now: datetime, grace: timedelta = GRACE, most: int = 100) -> list[Shard]:
    """Find shards whose process should have stopped by now: end it, then `settle` the shard."""
    return _cancelled_shards(engine, SHARDS.c.state == ShardState.RUNNING, now - grace, most)


def pause_job(engine: Engine, job_id: int | str, now: datetime) -> Job:
    """Pause a job until somebody resumes it; processes hand back after the batch in flight."""

    def work(connection: Connection) -> None:
        job = _lock_active(connection, job_id, "paused")
        if job.cancel_requested_at:
            raise JobRefused(job.id, "being cancelled", "paused")
        since = job.paused_since or now
        paused = {"pause_requested_at": now, "reason": "paused", "paused_since": since, "paused_until": None}
        move_job(connection, job, JobState.PAUSED, **paused)

    in_transaction(engine, work)
    return get_job(engine, job_id)


def resume_job(engine: Engine, job_id: int | str, now: datetime) -> Job:
    """Let a paused job go on. One whose process was started by hand and is gone becomes the workers'."""

    def work(connection: Connection) -> None:
        job = read_job(connection, job_id, lock=True)
        if job.state is not JobState.PAUSED:
            raise JobRefused(job.id, job.state, "resumed")
        is_at_work = ShardState.RUNNING in read_work(connection, job.id).states
        changes = {"pause_requested_at": None, "is_by_hand": job.is_by_hand and is_at_work}
        connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(changes))
        settle_job(connection, job, now)

    in_transaction(engine, work)
    return get_job(engine, job_id)


def get_job(engine: Engine, job_id: int | str) -> Job:
    """Read a job by its number or its UUID; raise `JobNotFound`."""
    with engine.connect() as connection:
        return read_job(connection, job_id)


def _lock_active(connection: Connection, job_id: int | str, wanted: str) -> Job:
    job = read_job(connection, job_id, lock=True)
    if job.state in JOB_ENDS:
        raise JobRefused(job.id, job.state, wanted)
    return job


def _cancelled_shards(
    engine: Engine, where: ColumnElement[bool], since: datetime, most: int, job_id: int | None = None
) -> list[Shard]:
    cancelled = select(JOBS.c.id).where(JOBS.c.state.in_(JOB_ACTIVE), JOBS.c.cancel_requested_at <= since)
    with engine.connect() as connection:
        # In two steps, each by an index.
        jobs = [job_id] if job_id is not None else list(connection.scalars(cancelled))
        wanted = select(SHARDS).where(SHARDS.c.job_id.in_(jobs), where).order_by(SHARDS.c.id).limit(most)
        return [Shard.of(row) for row in connection.execute(wanted)]
