"""Making a job: its row, its ledger in batches, its shards.

    insert ── add ── add ── … ── seal      then workers see it
                └── remove, when the targets can't be read to their end

A short list is all of it in one transaction. A long one is never held in memory, and nothing of it is crawled
before the last target came in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.jobs.endings import settle_job
from store.jobs.errors import JobConflict, KeyReused
from store.jobs.filling import BATCH, Filling, Wanted
from store.jobs.removal import remove
from store.jobs.rows import Job, read_job
from store.jobs.states import JobState
from store.models.jobs import JOBS, SHARDS
from store.transactions import in_transaction

SHARD_SIZE = 500
"""Targets that one process crawls before the next may be another node's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """What somebody asks for; the targets come separately, since there may be a million."""

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    priority: int = 0
    idempotency_key: str | None = None
    is_exclusive: bool = False
    """The client may have only one such job at a time."""
    is_by_hand: bool = False
    sequel: str | None = None
    """The kind of job to be made of the posts that this one finds."""
    sequel_parameters: Mapping[str, Any] = field(default_factory=dict)
    sequel_of: int | None = None
    schedule_id: int | None = None
    callback_url: str | None = None

    @property
    def digest(self) -> str | None:
        """The idempotency key, told apart from the same key of another client."""
        if self.idempotency_key is None:
            return None
        return sha256(f"{self.client_id or ''}\0{self.idempotency_key}".encode()).hexdigest()


def create_job(
    engine: Engine,
    request: JobRequest,
    targets: Iterable[Wanted],
    now: datetime,
    *,
    shard_size: int = SHARD_SIZE,
) -> Job:
    """Make a job, or return the one that the same idempotency key made before.

    Raises `JobConflict` for a client that has an active exclusive job, `KeyReused` for a key of another job,
    and whatever `targets` raises; then nothing is left of it.
    """
    stream = iter(targets)
    first = list(islice(stream, BATCH))

    def begin(connection: Connection) -> Filling:
        filling = Filling(_insert(connection, request, now), shard_size).add(connection, first, now)
        if len(first) < BATCH:
            _seal(connection, filling, now)
        return filling

    filling: Filling | None = None
    while filling is None:
        if made := _find_made(engine, request):
            return made
        try:
            filling = in_transaction(engine, begin)
        except _AlreadyThere:
            _check_exclusive(engine, request)
    if len(first) == BATCH:
        _fill(engine, filling, stream, now)
    with engine.connect() as connection:
        return read_job(connection, filling.job_id)


def _fill(engine: Engine, filling: Filling, stream: Iterator[Wanted], now: datetime) -> None:
    """Add the rest in batches, and seal the job; if that can't be, take it back."""
    started = time.monotonic()
    try:
        while batch := list(islice(stream, BATCH)):
            at = now + timedelta(seconds=time.monotonic() - started)
            filling = in_transaction(engine, partial(filling.add, batch=batch, now=at))
        in_transaction(engine, partial(_seal, filling=filling, now=now))
    except BaseException:
        remove(engine, filling.job_id)
        raise


def _insert(connection: Connection, request: JobRequest, now: datetime) -> int:
    values = {
        "uuid": str(uuid4()),
        "client_id": request.client_id,
        "kind": request.kind,
        "parameters": dict(request.parameters),
        "options": dict(request.options),
        "state": JobState.PENDING,
        "priority": request.priority,
        "idempotency": request.digest,
        "exclusive_for": request.client_id if request.is_exclusive else None,
        "is_exclusive": request.is_exclusive,
        "schedule_id": request.schedule_id,
        "callback_url": request.callback_url,
        "is_by_hand": request.is_by_hand,
        "sequel": request.sequel,
        "sequel_parameters": dict(request.sequel_parameters),
        "sequel_of": request.sequel_of,
        "targets_total": 0,
        "round": 1,
        "created_at": now,
        "filled_at": now,
        "is_sealed": False,
    }
    try:
        key = connection.execute(insert(JOBS).values(values)).inserted_primary_key
    except IntegrityError as error:
        raise _AlreadyThere from error
    assert key, "the database counts jobs up"
    return int(key[0])


def _seal(connection: Connection, filling: Filling, now: datetime) -> None:
    """Cut the ledger into shards and let workers see the job."""
    job = read_job(connection, filling.job_id, lock=True)
    if shards := filling.shards(job, now):
        connection.execute(insert(SHARDS), shards)
    connection.execute(
        update(JOBS).where(JOBS.c.id == job.id).values(is_sealed=True, targets_total=filling.position)
    )
    settle_job(connection, job, now)


def _find_made(engine: Engine, request: JobRequest) -> Job | None:
    if request.digest is None:
        return None
    with engine.connect() as connection:
        row = connection.execute(select(JOBS).where(JOBS.c.idempotency == request.digest)).one_or_none()
    if row is None:
        return None
    job = Job.of(row)
    if (job.kind, job.parameters) != (request.kind, dict(request.parameters)):
        raise KeyReused(job.id)
    return job


def _check_exclusive(engine: Engine, request: JobRequest) -> None:
    """Raise `JobConflict` if another job stands in the way; one of the same key is found at the next look."""
    if not (request.client_id and request.is_exclusive):
        return
    with engine.connect() as connection:
        active = connection.execute(
            select(JOBS.c.idempotency).where(JOBS.c.exclusive_for == request.client_id)
        ).one_or_none()
    if active and (active.idempotency is None or active.idempotency != request.digest):
        raise JobConflict(request.client_id)


class _AlreadyThere(Exception):  # noqa: N818  # never leaves this module
    """A unique index refused the job."""
