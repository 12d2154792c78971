"""What an operator watches, in a few queries that stay small however much was crawled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, func, select

from store.answers import RouteAndVerdict, read_answers
from store.callbacks.plan import DeliveryState
from store.jobs.states import JobState, ShardState
from store.models.deliveries import DELIVERIES
from store.models.identities import IDENTITIES, IdentityKind, IdentityState
from store.models.jobs import JOB_COUNTS, JOBS, SHARDS
from store.models.products import ProductRow
from store.models.schedules import SCHEDULES
from store.models.workers import WORKERS
from store.workers import ALIVE

PRODUCTS = cast("Table", ProductRow.__table__)
NEWEST_JOBS = 1_000
"""Outcomes are added up over so many: of all jobs there ever were, that would be reading for minutes."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one moment."""

    jobs: Mapping[str, int]
    """By state."""
    outcomes: Mapping[str, int]
    """Targets of the newest jobs by how they ended."""
    answers: Mapping[RouteAndVerdict, int]
    callbacks: Mapping[str, int]
    """By state."""
    identities: Mapping[str, int]
    """By the state that is stored: who rests counts as ready."""
    products: int
    """Products of the shop that were found so far."""
    workers: int
    """Those that are there."""
    queue_ages_seconds: Mapping[str, float]
    """How long the first of each queue has been due; 0 where nothing waits."""
    cookies_expiry_days: float | None
    """Until the first login of an account ends; below 0 when it has. Empty where none has an end."""


def read_figures(engine: Engine, now: datetime) -> Figures:
    """Read them."""
    with engine.connect() as connection:
        ends = connection.scalar(
            select(func.min(IDENTITIES.c.expires_at)).where(
                IDENTITIES.c.kind == IdentityKind.ACCOUNT,
                IDENTITIES.c.state.in_([IdentityState.READY, IdentityState.EXPIRED]),
            )
        )
        return Figures(
            jobs=_by(connection, JOBS.c.state),
            outcomes=_outcomes(connection),
            answers=read_answers(connection),
            callbacks=_by(connection, DELIVERIES.c.state),
            identities=_by(connection, IDENTITIES.c.state),
            products=connection.scalar(select(func.count()).select_from(PRODUCTS)) or 0,
            workers=_living_workers(connection, now),
            queue_ages_seconds={
                name: max(0.0, (now - due).total_seconds()) if due else 0.0
                for name, due in ((name, connection.scalar(first)) for name, first in _queues(now).items())
            },
            cookies_expiry_days=None if ends is None else (ends - now) / DAY,
        )


def _queues(now: datetime) -> dict[str, Select[Any]]:
    """What has been due for longest in each queue."""
    crawls = (
        select(func.min(SHARDS.c.due_at))
        .join(JOBS, JOBS.c.id == SHARDS.c.job_id)
        .where(
            SHARDS.c.state == ShardState.PENDING,
            SHARDS.c.due_at <= now,
            JOBS.c.state.in_([JobState.PENDING, JobState.RUNNING]),
            JOBS.c.is_sealed,
            ~JOBS.c.is_by_hand,
        )
    )
    callbacks = select(func.min(DELIVERIES.c.due_at)).where(
        DELIVERIES.c.state == DeliveryState.PENDING, DELIVERIES.c.due_at <= now
    )
    schedules = select(func.min(SCHEDULES.c.next_run_at)).where(
        SCHEDULES.c.is_enabled, SCHEDULES.c.next_run_at <= now
    )
    return {"crawls": crawls, "callbacks": callbacks, "schedules": schedules}


def _outcomes(connection: Connection) -> dict[str, int]:
    newest = connection.scalar(select(func.max(JOBS.c.id))) or 0
    wanted = (
        select(JOB_COUNTS.c.outcome, func.sum(JOB_COUNTS.c.targets))
        .where(JOB_COUNTS.c.job_id > newest - NEWEST_JOBS)
        .group_by(JOB_COUNTS.c.outcome)
    )
    return {outcome: int(targets) for outcome, targets in connection.execute(wanted)}


def _by(connection: Connection, column: ColumnElement[str]) -> dict[str, int]:
    wanted = select(column, func.count()).group_by(column)
    return {str(value): count for value, count in connection.execute(wanted)}


def _living_workers(connection: Connection, now: datetime) -> int:
    living = select(func.count()).select_from(WORKERS).where(WORKERS.c.seen_at > now - ALIVE)
    return connection.scalar(living) or 0
