"""Schedules that the settings ask for: made, changed and deleted as they say, by whichever worker starts first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from store.errors import ScheduleNotFound
from store.schedules.schedule import (
    Schedule,
    ScheduleRequest,
    change_schedule,
    create_schedule,
    delete_schedule,
    get_schedule,
)


def standing_uuid(name: str) -> str:
    """The same for the same name, so that of several workers one makes it."""
    return str(uuid5(NAMESPACE_URL, f"tiktok-crawler:{name}"))


def keep_schedule(engine: Engine, name: str, request: ScheduleRequest | None, now: datetime) -> None:
    """Have a schedule of that name do what is asked; without a request there is none.

    One that does so already is left alone, and so is one that somebody switched off.
    """
    uuid = standing_uuid(name)
    try:
        known = get_schedule(engine, uuid)
    except ScheduleNotFound:
        if request is not None:
            with suppress(IntegrityError):  # another worker was first
                create_schedule(engine, request, now, uuid=uuid)
        return
    if request is None:
        with suppress(ScheduleNotFound):
            delete_schedule(engine, known.id)
    elif not _is_as_asked(known, request):
        change_schedule(engine, known.id, replace(request, is_enabled=known.is_enabled), now)


def _is_as_asked(known: Schedule, request: ScheduleRequest) -> bool:
    return (known.kind, known.targets, known.options, known.interval_minutes) == (
        request.kind,
        list(request.targets),
        dict(request.options),
        request.interval_minutes,
    )
