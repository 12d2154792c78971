"""Deleting a job: its ledger first, in batches, the job itself last, so that a deletion that stops can be repeated."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, Table, delete, select, true

from store.jobs.errors import JobRefused
from store.jobs.rows import read_job
from store.jobs.states import JOB_ENDS
from store.models.deliveries import DELIVERIES, DELIVERY_ATTEMPTS
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, JOB_VIDEOS, JOBS, SHARDS
from store.models.media import REQUESTS
from store.transactions import in_transaction

BATCH = 10_000
ABANDONED_AFTER = timedelta(minutes=15)
"""A job whose targets stopped coming in for so long has lost whoever sent them."""


def delete_job(engine: Engine, job_id: int | str) -> None:
    """Delete a job that has ended, with its ledger, callbacks and requests for media. What it crawled stays."""
    with engine.connect() as connection:
        job = read_job(connection, job_id)
    if job.state not in JOB_ENDS:
        raise JobRefused(job.id, job.state, "deleted; cancel it first")
    remove(engine, job.id)


def drop_abandoned_jobs(engine: Engine, now: datetime) -> int:
    """Delete jobs that were never filled to the end: nobody was told that they exist."""
    abandoned = select(JOBS.c.id).where(~JOBS.c.is_sealed, JOBS.c.filled_at <= now - ABANDONED_AFTER)
    with engine.connect() as connection:
        ids = list(connection.scalars(abandoned))
    for job_id in ids:
        remove(engine, job_id)
    return len(ids)


def remove(engine: Engine, job_id: int) -> None:
    """Delete a job in whatever state."""
    for table in (JOB_TARGETS, JOB_VIDEOS, REQUESTS):
        while in_transaction(engine, partial(_delete_some, table=table, job_id=job_id)):
            pass

    def work(connection: Connection) -> None:
        callbacks = select(DELIVERIES.c.id).where(DELIVERIES.c.job_id == job_id)
        connection.execute(delete(DELIVERY_ATTEMPTS).where(DELIVERY_ATTEMPTS.c.delivery_id.in_(callbacks)))
        for table in (DELIVERIES, JOB_COUNTS, SHARDS):
            connection.execute(delete(table).where(table.c.job_id == job_id))
        connection.execute(delete(JOBS).where(JOBS.c.id == job_id))

    in_transaction(engine, work)


def _delete_some(connection: Connection, table: Table, job_id: int) -> int:
    """Delete a batch of a job's rows, in the order of their key; return how many."""
    key = list(table.primary_key)[1]
    ours = table.c.job_id == job_id
    last = connection.scalar(select(key).where(ours).order_by(key).offset(BATCH - 1).limit(1))
    return connection.execute(delete(table).where(ours, true() if last is None else key <= last)).rowcount
