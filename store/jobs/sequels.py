"""A job that follows from another: of the posts that one found, crawl the comments.

Posts are known only when the first job has ended. So the first one remembers what is to follow, and a worker makes
it: one target per post, each with its own outcome, under a key of its own, so that it is made once whoever dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine, select, update

from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.found import found_videos
from store.jobs.rows import Job
from store.jobs.states import JOB_ENDS, JobState
from store.models.jobs import JOBS
from store.transactions import in_transaction

SEQUELS = ("comments",)
"""Kinds whose targets are posts."""


def make_sequels(engine: Engine, now: datetime, most: int) -> int:
    """Make the jobs that follow from those that have ended; return how many of these there were."""
    wanted = select(JOBS).where(JOBS.c.sequel.in_(SEQUELS), JOBS.c.state.in_(JOB_ENDS)).limit(most)
    with engine.connect() as connection:
        ended = [Job.of(row) for row in connection.execute(wanted)]
    for job in ended:
        if job.state is not JobState.CANCELLED and found_videos(engine, job.id, most=1):
            _make(engine, job, now)
        in_transaction(engine, partial(_forget, job_id=job.id))
    return len(ended)


def drop_sequel(engine: Engine, job_id: int) -> None:
    """Let nothing follow from a job, if it wasn't made yet."""
    in_transaction(engine, partial(_forget, job_id=job_id))


def _forget(connection: Connection, job_id: int) -> None:
    connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(sequel=None))


def _make(engine: Engine, job: Job, now: datetime) -> None:
    assert job.sequel
    request = JobRequest(
        kind=job.sequel,
        parameters=job.sequel_parameters or {},
        client_id=job.client_id,
        priority=job.priority,
        idempotency_key=f"sequel of {job.uuid}",
        sequel_of=job.id,
    )
    create_job(engine, request, _posts(engine, job.id), now)


def _posts(engine: Engine, job_id: int) -> Iterator[Wanted]:
    after = "0"
    while ids := found_videos(engine, job_id, after):
        yield from (Wanted(video_id, video_id) for video_id in ids)
        after = ids[-1]
