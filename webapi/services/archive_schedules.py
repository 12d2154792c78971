"""Schedules of jobs that archive what they find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Engine

from store.queries.schedules import find_schedule
from store.schedules.schedule import (
    Schedule,
    ScheduleRequest,
    change_schedule,
    create_schedule,
    delete_schedule,
    switch_schedule,
)
from webapi.services.archive_jobs import archive_parameters
from webapi.services.errors import Refused

NAMESPACE = UUID("0d0be0e6-6b5c-4f0e-9a2f-6f6a3a1f3c55")
"""Of the UUIDs that clients' idempotency keys become."""
MADE_OF = "made_of"
"""Under this option is a digest of what was asked for, so that a key can't mean two things."""


def request_schedule(
    engine: Engine, now: datetime, *, client_id: str, given: Mapping[str, Any], key: str | None
) -> Schedule:
    """Make a schedule of what `NewScheduleSchema` read; the same key gives the same schedule."""
    digest = sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()
    uuid = str(uuid5(NAMESPACE, f"{client_id}\0{key}")) if key else None
    request = _request(client_id, given, {MADE_OF: digest})
    schedule = create_schedule(engine, request, now, uuid=uuid)
    if schedule.options.get(MADE_OF) != digest:
        raise Refused("The idempotency key was used for another scheduled job; use a new key")
    return schedule


def update_schedule(
    engine: Engine, now: datetime, *, client_id: str, uuid: str, changes: Mapping[str, Any]
) -> None:
    """Change what was named; all else stays. Raise `ScheduleNotFound`, `ScheduleRefused`."""
    schedule = find_schedule(engine, client_id, uuid).schedule
    request = _request(client_id, {**wish_of(schedule), **changes}, schedule.options)
    change_schedule(engine, schedule.id, request, now)


def toggle_schedule(engine: Engine, now: datetime, *, client_id: str, uuid: str) -> None:
    """Switch it on or off, whichever it isn't."""
    schedule = find_schedule(engine, client_id, uuid).schedule
    switch_schedule(engine, schedule.id, now, is_enabled=not schedule.is_enabled)


def drop_schedule(engine: Engine, *, client_id: str, uuid: str) -> None:
    """Delete it; its jobs stay."""
    delete_schedule(engine, find_schedule(engine, client_id, uuid).schedule.id)


def wish_of(schedule: Schedule) -> dict[str, Any]:
    """What a schedule does, in the words of `NewScheduleSchema`."""
    return {
        "name": schedule.name,
        "mode": schedule.kind,
        "value": schedule.targets[0] if schedule.targets else "",
        "limit": schedule.parameters.get("limit"),
        "no_watermark": schedule.parameters.get("no_watermark", True),
        "interval_minutes": schedule.interval_minutes,
        "enabled": schedule.is_enabled,
    }


def _request(client_id: str, wish: Mapping[str, Any], options: Mapping[str, Any]) -> ScheduleRequest:
    return ScheduleRequest(
        name=wish["name"],
        kind=wish["mode"],
        targets=[wish["value"]],
        parameters=archive_parameters(wish),
        options=options,
        interval_minutes=wish["interval_minutes"],
        is_enabled=wish["enabled"],
        client_id=client_id,
    )
