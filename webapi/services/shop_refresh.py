"""Refreshing what the shop's API tells: jobs that somebody asks for, schedules of the settings, and how it goes.

A refresh is a job of the kind `shop`. What it finds is stored with its history; when it has ended, a worker brings the
cache up to date (`webapi/worker/shop_cache.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from store.config import Config
from store.errors import ScheduleNotFound
from store.jobs.creation import JobRequest, create_job
from store.jobs.kinds import find_kind
from store.jobs.rows import Job
from store.jobs.states import SUCCEEDED
from store.models.jobs import JOB_COUNTS, JOBS, SHARDS
from store.schedules.schedule import Schedule, ScheduleRequest, get_schedule
from store.schedules.standing import keep_schedule, standing_uuid
from store.workers import living_workers

KIND = "shop"
SEQUEL = "shop_cache"
"""What follows from such a job: no other job, but the cache."""
TRENDING, CATEGORIES = "shop: trending", "shop: categories"
"""Names of the schedules."""
LIMIT = 100
"""Products of a list: more than anybody may ask the API for."""
TARGET = "trending"
"""A target of such a job: alone, or with `=` and the category."""


@dataclass(frozen=True, slots=True)
class RefreshStatus:
    """How the refreshing goes, over all jobs of the shop."""

    is_running: bool
    last_scrape: datetime | None
    products_scraped: int
    errors: int
    """Targets that ended otherwise than found, or found to be empty."""
    schedules: list[Schedule]


def request_refresh(engine: Engine, client_id: str, category: str | None, now: datetime) -> Job:
    """Have trending, or a category, crawled anew; raise `InvalidTarget` for what can't be one."""
    kind = find_kind(KIND)
    request = JobRequest(
        kind=KIND, parameters=kind.read_parameters({"limit": LIMIT}), client_id=client_id, sequel=SEQUEL
    )
    return create_job(engine, request, list(kind.read_targets([target_of(category)], now=now)), now)


def target_of(category: str | None) -> str:
    """A refresh's target as jobs write it."""
    return f"{TARGET}={category}" if category else TARGET


def category_of(target: str) -> str | None:
    """The category of such a target."""
    return target.partition("=")[2].strip() or None


def keep_schedules(engine: Engine, config: Config, now: datetime) -> None:
    """Have the schedules be what the settings say."""
    every, categories = config.trending_interval, config.categories_to_scrape
    keep_schedule(engine, TRENDING, _schedule(TRENDING, [target_of(None)], every), now)
    targets = list(map(target_of, categories))
    keep_schedule(engine, CATEGORIES, _schedule(CATEGORIES, targets, config.scrape_interval), now)


def read_refresh_status(engine: Engine, now: datetime) -> RefreshStatus:
    """Say how the refreshing goes."""
    ours = JOBS.c.kind == KIND
    with engine.connect() as connection:
        last = connection.scalar(select(func.max(JOBS.c.finished_at)).where(ours))
        found = connection.scalar(
            select(func.sum(SHARDS.c.found)).join(JOBS, JOBS.c.id == SHARDS.c.job_id).where(ours)
        )
        failed = connection.scalar(
            select(func.sum(JOB_COUNTS.c.targets))
            .join(JOBS, JOBS.c.id == JOB_COUNTS.c.job_id)
            .where(ours, JOB_COUNTS.c.outcome.not_in(SUCCEEDED))
        )
    return RefreshStatus(
        is_running=bool(living_workers(engine, now)),
        last_scrape=last,
        products_scraped=int(found or 0),
        errors=int(failed or 0),
        schedules=[one for name in (TRENDING, CATEGORIES) if (one := _find(engine, name))],
    )


def _schedule(name: str, targets: list[str], every_seconds: int) -> ScheduleRequest | None:
    if not targets or not every_seconds:
        return None
    return ScheduleRequest(
        name=name,
        kind=KIND,
        targets=targets,
        parameters={"limit": LIMIT},
        options={"sequel": SEQUEL},
        interval_minutes=every_seconds // 60,
    )


def _find(engine: Engine, name: str) -> Schedule | None:
    try:
        return get_schedule(engine, standing_uuid(name))
    except ScheduleNotFound:
        return None
