"""Between jobs and shards as values and their rows: reading, locking, moving from state to state.

Who locks several rows locks the job's before the shard's, and that before the ledger's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Self

from sqlalchemy import Connection, Row, select, update

from store.jobs.errors import JobNotFound, JobRefused, ShardLost
from store.jobs.states import NEXT_JOB_STATES, NEXT_SHARD_STATES, JobState, ShardState
from store.models.jobs import JOBS, REASON_LENGTH, SHARDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it was read; the columns are explained in `store.models.jobs.JobRow`."""

    id: int
    uuid: str
    client_id: str | None
    kind: str
    parameters: dict[str, Any]
    options: dict[str, Any]
    state: JobState
    reason: str | None
    priority: int
    is_exclusive: bool
    schedule_id: int | None
    callback_url: str | None
    is_by_hand: bool
    sequel: str | None
    sequel_parameters: dict[str, Any] | None
    sequel_of: int | None
    targets_total: int
    round: int
    created_at: datetime
    filled_at: datetime
    is_sealed: bool
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested_at: datetime | None
    pause_requested_at: datetime | None
    paused_since: datetime | None
    paused_until: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Make a job of its row."""
        return cls(**_values(cls, row) | {"state": JobState(row.state)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A shard as it was read; the columns are explained in `store.models.jobs.ShardRow`."""

    id: int
    job_id: int
    number: int
    first_position: int
    last_position: int
    turn: int
    state: ShardState
    attempt: int
    failures: int
    due_at: datetime
    leased_by: str | None
    node: str | None
    scrapyd_job: str | None
    scheduled_at: datetime | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    host: str | None
    pid: int | None
    process_started_at: datetime | None
    waiting_for: str | None
    waiting_until: datetime | None
    found: int | None
    declared: int | None
    exit_code: int | None
    finish_reason: str | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Make a shard of its row."""
        return cls(**_values(cls, row) | {"state": ShardState(row.state)})


def read_job(connection: Connection, job_id: int | str, *, lock: bool = False) -> Job:
    """Read a job by its number or its UUID."""
    found_by = JOBS.c.uuid if isinstance(job_id, str) else JOBS.c.id
    wanted = select(JOBS).where(found_by == job_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise JobNotFound(job_id)
    return Job.of(row)


def lock_shard(connection: Connection, shard_id: int) -> tuple[Job, Shard] | None:
    """Lock a shard and its job; nothing when it was deleted."""
    job_id = connection.scalar(select(SHARDS.c.job_id).where(SHARDS.c.id == shard_id))
    if job_id is None:
        return None
    job = connection.execute(select(JOBS).where(JOBS.c.id == job_id).with_for_update()).one_or_none()
    shard = connection.execute(select(SHARDS).where(SHARDS.c.id == shard_id).with_for_update()).one_or_none()
    return (Job.of(job), Shard.of(shard)) if job and shard else None


def lock_held_shard(connection: Connection, shard_id: int, attempt: int) -> Shard:
    """Lock a shard that this attempt runs; raise `ShardLost` when another one took over, or it ended."""
    row = connection.execute(select(SHARDS).where(SHARDS.c.id == shard_id).with_for_update()).one_or_none()
    if row is None:
        raise ShardLost(shard_id, attempt, "it was deleted")
    if row.attempt != attempt:
        raise ShardLost(shard_id, attempt, f"attempt {row.attempt} took over")
    if row.state != ShardState.RUNNING:
        raise ShardLost(shard_id, attempt, f"it is {row.state}")
    return Shard.of(row)


def move_job(connection: Connection, job: Job, to: JobState, **changes: Any) -> None:
    """Bring a locked job into another state; raise `JobRefused` where the table does not allow it."""
    if to is not job.state and to not in NEXT_JOB_STATES[job.state]:
        raise JobRefused(job.id, job.state, to)
    connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(state=to, **_cut(changes)))


def move_shard(connection: Connection, shard: Shard, to: ShardState, **changes: Any) -> None:
    """Bring a locked shard into another state."""
    assert to in NEXT_SHARD_STATES[shard.state], f"a shard does not go from {shard.state} to {to}"
    connection.execute(update(SHARDS).where(SHARDS.c.id == shard.id).values(state=to, **_cut(changes)))


def _cut(changes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value[:REASON_LENGTH] if isinstance(value, str) else value for name, value in changes.items()
    }


@cache
def _names(of: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(of))


def _values(of: type, row: Row[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in _names(of)}  # noqa: SLF001  # SQLAlchemy's public name
