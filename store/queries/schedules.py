"""Schedules of one client, with what came of their runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, case, func, select

from store.errors import ScheduleNotFound
from store.jobs.states import JobState
from store.models.jobs import JOBS
from store.models.schedules import SCHEDULE_RUNS, SCHEDULES
from store.queries.pages import Page, Window
from store.schedules.runs import RunState
from store.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as its client sees it. Runs whose job was deleted, or goes on, are in none of the counts."""

    schedule: Schedule
    successful: int
    """Runs whose job was completed."""
    failed: int
    """Runs whose job failed, or could not be made."""
    skipped: int
    """Due times at which the last job still ran."""


def list_client_schedules(
    engine: Engine, client_id: str, *, is_enabled: bool | None, window: Window
) -> Page[ScheduleView]:
    """Read a client's schedules, the oldest first."""
    mine = [SCHEDULES.c.client_id == client_id]
    if is_enabled is not None:
        mine.append(SCHEDULES.c.is_enabled.is_(is_enabled))
    page = select(SCHEDULES).where(*mine).order_by(SCHEDULES.c.id).limit(window.limit).offset(window.offset)
    with engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(SCHEDULES).where(*mine)) or 0
        schedules = [Schedule.of(row) for row in connection.execute(page)]
        views = _views(connection, schedules)
    has_more = window.offset + len(views) < total
    return Page(rows=views, total=total, window=window, has_more=has_more)


def find_schedule(engine: Engine, client_id: str, uuid: str) -> ScheduleView:
    """Read a schedule of a client; raise `ScheduleNotFound`, also for somebody else's."""
    wanted = select(SCHEDULES).where(SCHEDULES.c.uuid == uuid, SCHEDULES.c.client_id == client_id)
    with engine.connect() as connection:
        row = connection.execute(wanted).one_or_none()
        if row is None:
            raise ScheduleNotFound(uuid)
        (view,) = _views(connection, [Schedule.of(row)])
    return view


def _views(connection: Connection, schedules: Sequence[Schedule]) -> list[ScheduleView]:
    """Count the runs of all of them at once."""
    runs = SCHEDULE_RUNS.c
    # The number of a deleted job may be another one's by now, but hardly another one's of the same schedule.
    its_job = and_(JOBS.c.id == runs.job_id, JOBS.c.schedule_id == runs.schedule_id)
    failed = (runs.state == RunState.FAILED) | (JOBS.c.state == JobState.FAILED)
    counted = (
        select(
            runs.schedule_id,
            func.sum(case((JOBS.c.state == JobState.COMPLETED, 1), else_=0)),
            func.sum(case((failed, 1), else_=0)),
            func.sum(case((runs.state == RunState.SKIPPED, 1), else_=0)),
        )
        .select_from(SCHEDULE_RUNS.join(JOBS, its_job, isouter=True))
        .where(runs.schedule_id.in_([schedule.id for schedule in schedules]))
        .group_by(runs.schedule_id)
    )
    rows = connection.execute(counted) if schedules else ()
    counts = {schedule_id: tuple(map(int, numbers)) for schedule_id, *numbers in rows}
    return [ScheduleView(schedule, *counts.get(schedule.id, (0, 0, 0))) for schedule in schedules]
