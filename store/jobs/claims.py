"""A crawl process and its shard: claim it, say again and again that it lives, hand it back.

Everything is fenced by the number of the attempt: a process that was given up, though it still lives, can't write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from store.jobs.endings import NO_PROCESS, NOT_PAUSED, settle_job, settle_shard
from store.jobs.errors import ShardLost
from store.jobs.rows import Job, Shard, lock_shard, move_job, move_shard, read_job
from store.jobs.states import JobState, ShardState
from store.models.jobs import JOBS, REASON_LENGTH, SHARDS
from store.transactions import in_transaction


class Order(StrEnum):
    """What a process is to do, told at each heartbeat."""

    GO_ON = "go_on"
    CANCEL = "cancel"
    """Finish the batch in flight, then end."""
    PAUSE = "pause"
    """The same; somebody will go on later."""
    STOP = "stop"
    """The shard is not yours any more: whatever you still write is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Who runs a shard."""

    host: str
    pid: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A shard, and the job it belongs to, as a process took it."""

    job: Job
    shard: Shard


def claim_shard(engine: Engine, shard_id: int, attempt: int, process: Process, now: datetime) -> Claim:
    """Begin to work on a shard; raise `ShardLost` when this attempt came too late, or is not wanted."""

    def work(connection: Connection) -> Claim | str:
        found = lock_shard(connection, shard_id)
        if found is None:
            return "it was deleted"
        job, shard = found
        if shard.attempt != attempt or not _is_wanted(shard):
            return f"it is {shard.state}, at attempt {shard.attempt}"
        if job.cancel_requested_at or job.pause_requested_at:
            settle_shard(connection, job, shard, "not begun", now, is_failure=False)
            return "the job was cancelled or paused meanwhile"
        return begin_shard(connection, job, shard, process, now)

    claim = in_transaction(engine, work)
    if isinstance(claim, str):
        raise ShardLost(shard_id, attempt, claim)
    return claim


def begin_shard(connection: Connection, job: Job, shard: Shard, process: Process, now: datetime) -> Claim:
    """Note that a process works on a locked shard from now on."""
    move_shard(
        connection,
        shard,
        ShardState.RUNNING,
        host=process.host,
        pid=process.pid,
        process_started_at=process.started_at,
        started_at=shard.started_at or now,
        heartbeat_at=now,
        exit_code=None,
        finish_reason=None,
        **NO_PROCESS,
    )
    if job.state is not JobState.RUNNING:
        move_job(connection, job, JobState.RUNNING, started_at=job.started_at or now, **NOT_PAUSED)
    return Claim(read_job(connection, job.id), _read_shard(connection, shard.id))


def heartbeat(
    engine: Engine,
    shard_id: int,
    attempt: int,
    now: datetime,
    *,
    found: int | None = None,
    declared: int | None = None,
    waiting_for: str | None = None,
    waiting_until: datetime | None = None,
) -> Order:
    """Say that the process lives, how far its lists are, and whether it waits; hear what to do.

    When all running shards of a job wait, the job is paused; when one goes on, so does the job.
    """
    reason = waiting_for and waiting_for[:REASON_LENGTH]
    told: dict[str, Any] = {"waiting_for": reason, "waiting_until": waiting_until}
    told |= {name: n for name, n in (("found", found), ("declared", declared)) if n is not None}

    def work(connection: Connection) -> tuple[Order, bool]:
        ours = (SHARDS.c.id == shard_id, SHARDS.c.attempt == attempt, SHARDS.c.state == ShardState.RUNNING)
        wanted = (
            select(JOBS.c.cancel_requested_at, JOBS.c.pause_requested_at, SHARDS.c.waiting_for)
            .join(SHARDS, SHARDS.c.job_id == JOBS.c.id)
            .where(*ours)
        )
        row = connection.execute(wanted).one_or_none()
        lives = connection.execute(update(SHARDS).where(*ours).values(heartbeat_at=now, **told)).rowcount
        if row is None or not lives:
            return Order.STOP, False
        turned = (row.waiting_for is None) != (waiting_for is None)
        if row.cancel_requested_at:
            return Order.CANCEL, turned
        return Order.PAUSE if row.pause_requested_at else Order.GO_ON, turned

    order, turned = in_transaction(engine, work)
    if turned:
        in_transaction(engine, lambda connection: _follow(connection, shard_id, now))
    return order


def end_shard(
    engine: Engine, shard_id: int, attempt: int, reason: str, now: datetime, *, is_handed_back: bool = False
) -> ShardState:
    """End the process's work on its shard; return what became of it.

    With targets left it is started again; `is_handed_back` says that this is no failure (a pause, a node that
    goes down). Raises `ShardLost` when it is not this attempt's any more.
    """

    def work(connection: Connection) -> ShardState:
        found = lock_shard(connection, shard_id)
        if found is None or found[1].attempt != attempt or found[1].state is not ShardState.RUNNING:
            raise ShardLost(shard_id, attempt, "it was given up")
        return settle_shard(connection, *found, reason, now, is_failure=not is_handed_back)

    return in_transaction(engine, work)


def _follow(connection: Connection, shard_id: int, now: datetime) -> None:
    """Let the job pause or go on with its shards."""
    if found := lock_shard(connection, shard_id):
        settle_job(connection, found[0], now)


def _is_wanted(shard: Shard) -> bool:
    """Somebody is about to have it started: a process may be faster than the note that it was told to."""
    return shard.state is ShardState.SCHEDULED or (
        shard.state is ShardState.PENDING and shard.leased_by is not None
    )


def _read_shard(connection: Connection, shard_id: int) -> Shard:
    return Shard.of(connection.execute(select(SHARDS).where(SHARDS.c.id == shard_id)).one())
