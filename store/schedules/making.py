"""The job that a schedule makes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from store.jobs.creation import JobRequest, create_job
from store.jobs.rows import Job
from store.schedules.schedule import Schedule
from store.schedules.wishes import read_wish


def make_job(engine: Engine, schedule: Schedule, key: str, now: datetime) -> Job:
    """Make the job of a due time; the same key gives the same job."""
    parameters, targets = read_wish(schedule.kind, schedule.targets, schedule.parameters, now)
    request = JobRequest(
        kind=schedule.kind,
        parameters=parameters,
        options=schedule.options,
        client_id=schedule.client_id,
        priority=schedule.priority,
        idempotency_key=key,
        schedule_id=schedule.id,
        sequel=schedule.options.get("sequel"),
        callback_url=schedule.callback_url,
    )
    return create_job(engine, request, targets, now)
