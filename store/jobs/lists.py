"""Lists of jobs, and of a job's shards."""

from __future__ import annotations

from sqlalchemy import Engine, select

from store.jobs.rows import Job, Shard
from store.models.jobs import JOBS, SHARDS


def recent_jobs(engine: Engine, most: int = 50) -> list[Job]:
    """The newest jobs."""
    with engine.connect() as connection:
        return [
            Job.of(row) for row in connection.execute(select(JOBS).order_by(JOBS.c.id.desc()).limit(most))
        ]


def shards_of(engine: Engine, job_id: int) -> list[Shard]:
    """A job's shards in order."""
    wanted = select(SHARDS).where(SHARDS.c.job_id == job_id).order_by(SHARDS.c.number)
    with engine.connect() as connection:
        return [Shard.of(row) for row in connection.execute(wanted)]
