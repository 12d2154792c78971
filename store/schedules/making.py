"""What a schedule asks for, read as every job is; and the job that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from store.errors import ScheduleRefused
from store.jobs.arguments import InvalidArgument
from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.kinds import find_kind
from store.jobs.rows import Job
from tiktok.errors import InvalidTarget

if TYPE_CHECKING:
    from store.schedules.schedule import Schedule


def read_wish(
    kind_name: str, targets: Sequence[str], parameters: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], list[Wanted]]:
    """Read parameters and targets; raise `ScheduleRefused`, which names the field."""
    try:
        kind = find_kind(kind_name)
        if kind.target and not targets:
            raise ScheduleRefused(f"{kind.target.name}: is missing; give {kind.target.help}")
        return kind.read_parameters(parameters), list(kind.read_targets(targets, now=now))
    except (InvalidArgument, InvalidTarget) as error:
        raise ScheduleRefused(str(error)) from error


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
