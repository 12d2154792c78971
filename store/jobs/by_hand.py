"""Jobs of processes that a person started: one shard holds all targets, and no worker starts another process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from store.jobs.claims import Claim, Process, begin_shard
from store.jobs.errors import JobRefused
from store.jobs.rows import Job, Shard, read_job
from store.jobs.states import SHARD_ENDS, JobState, ShardState
from store.models.jobs import JOBS, SHARDS
from store.transactions import in_transaction

ALL_TARGETS = 2**31 - 1
"""The shard size of such a job."""
UNFINISHED = (JobState.PENDING, JobState.RUNNING, JobState.PAUSED)
MOST_UNFINISHED = 50
"""Looked at when a command looks for the one it left undone."""


def unfinished_by_hand(engine: Engine, kind: str, since: datetime) -> list[tuple[Job, Shard]]:
    """Find such jobs of a kind that were made since then and have not ended, the newest first."""
    wanted = (
        select(SHARDS)
        .join(JOBS, JOBS.c.id == SHARDS.c.job_id)
        .where(JOBS.c.is_by_hand, JOBS.c.kind == kind, JOBS.c.created_at >= since, JOBS.c.is_sealed)
        .where(JOBS.c.state.in_(UNFINISHED), SHARDS.c.state.not_in(SHARD_ENDS))
        .order_by(JOBS.c.id.desc())
        .limit(MOST_UNFINISHED)
    )
    with engine.connect() as connection:
        shards = [Shard.of(row) for row in connection.execute(wanted)]
        return [(read_job(connection, shard.job_id), shard) for shard in shards]


def claim_by_hand(engine: Engine, job_id: int | str, process: Process, now: datetime) -> Claim | None:
    """Take the next shard of a job that was made by hand, for the first time or after its process was gone.

    Nothing when there is none left to take: all are done, or another process works on them.
    """

    def work(connection: Connection) -> Claim | None:
        job = read_job(connection, job_id, lock=True)
        if not job.is_by_hand:
            raise JobRefused(job.id, "the workers'", "run by hand")
        waiting = (SHARDS.c.job_id == job.id, SHARDS.c.state == ShardState.PENDING)
        row = connection.execute(
            select(SHARDS).where(*waiting).order_by(SHARDS.c.number).limit(1).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        attempt = {"attempt": row.attempt + 1}
        connection.execute(update(SHARDS).where(SHARDS.c.id == row.id).values(attempt))
        connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(pause_requested_at=None))
        return begin_shard(connection, job, Shard.of(row), process, now)

    return in_transaction(engine, work)
