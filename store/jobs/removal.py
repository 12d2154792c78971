"""Deleting a job: its ledger first, in batches, the job itself last, so that a deletion that stops can be repeated.

delete_job    one that has ended
discard_job   one in any state: its client loses it at once, and it is deleted when its processes have ended
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, Table, delete, select, true, update

from store.jobs.errors import JobRefused
from store.jobs.rows import read_job
from store.jobs.services import AT_ONCE, cancel_waiting_shards
from store.jobs.states import JOB_ACTIVE, JOB_ENDS
from store.models.deliveries import DELIVERIES, DELIVERY_ATTEMPTS
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, JOB_VIDEOS, JOBS, SHARDS
from store.models.media import REQUESTS
from store.transactions import in_transaction

BATCH = 10_000
ABANDONED_AFTER = timedelta(minutes=15)
"""A job whose targets stopped coming in for so long has lost whoever sent them."""

DISCARDED = "discarded"
"""Stands for the client of a job that its client deleted; real ones begin with `cl_`."""


def delete_job(engine: Engine, job_id: int | str) -> None:
    """Delete a job that has ended, with its ledger, callbacks and requests for media. What it crawled stays."""
    with engine.connect() as connection:
        job = read_job(connection, job_id)
    if job.state not in JOB_ENDS:
        raise JobRefused(job.id, job.state, "deleted; cancel it first")
    remove(engine, job.id)


def discard_job(engine: Engine, job_id: int, now: datetime) -> None:
    """Delete a job in any state, with the jobs that follow from it.

    It and its key are nobody's from now on. Its number stays taken until no process works on it: SQLite would give
    it to the next job, which then would get what such a process still writes.
    """
    ours = (JOBS.c.id == job_id) | (JOBS.c.sequel_of == job_id)
    nobodys = {"client_id": DISCARDED, "idempotency": None, "exclusive_for": None, "is_exclusive": False}
    nobodys |= {"callback_url": None, "sequel": None}

    def work(connection: Connection) -> list[int]:
        ids = list(connection.scalars(select(JOBS.c.id).where(ours).order_by(JOBS.c.id)))
        mine = JOBS.c.id.in_(ids)
        connection.execute(update(JOBS).where(mine).values(nobodys))
        to_cancel = (mine, JOBS.c.state.in_(JOB_ACTIVE), JOBS.c.cancel_requested_at.is_(None))
        cancelled = {"cancel_requested_at": now, "pause_requested_at": None}
        connection.execute(update(JOBS).where(*to_cancel).values(cancelled))
        return ids

    for each in in_transaction(engine, work):
        cancel_waiting_shards(engine, now, AT_ONCE, job_id=each)
    drop_discarded_jobs(engine)


def drop_discarded_jobs(engine: Engine) -> int:
    """Delete discarded jobs that have ended; return how many."""
    ended = select(JOBS.c.id).where(JOBS.c.client_id == DISCARDED, JOBS.c.state.in_(JOB_ENDS))
    with engine.connect() as connection:
        # What follows from a job goes before it, or would be taken for the next job's of its number.
        ids = list(connection.scalars(ended.order_by(JOBS.c.id.desc())))
    for job_id in ids:
        remove(engine, job_id)
    return len(ids)


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
