"""Schedules as values, and what people do with them: make, change, switch on and off, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from store.errors import ScheduleNotFound
from store.models.schedules import SCHEDULE_RUNS, SCHEDULES
from store.schedules.timing import Timing, next_due, read_timing
from store.schedules.wishes import read_wish
from store.transactions import in_transaction


class Overlap(StrEnum):
    """What happens at a due time while the last job still runs."""

    SKIP = "skip"
    """Nothing; the run is noted as skipped."""
    ALLOW = "allow"
    """Another job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """What somebody wants to have again and again."""

    name: str
    kind: str
    targets: Sequence[str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    """Go to its jobs as they are; `sequel` says what follows from them."""
    interval_minutes: int | None = None
    cron: str | None = None
    time_zone: str = "UTC"
    overlap: Overlap = Overlap.SKIP
    is_enabled: bool = True
    priority: int = 0
    callback_url: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A schedule as it was read; the columns are explained in `store.models.schedules.ScheduleRow`."""

    id: int
    uuid: str
    client_id: str | None
    name: str
    kind: str
    targets: list[str]
    parameters: dict[str, Any]
    options: dict[str, Any]
    priority: int
    callback_url: str | None
    interval_seconds: int | None
    cron: str | None
    time_zone: str
    overlap: Overlap
    is_enabled: bool
    next_run_at: datetime | None
    last_run_at: datetime | None
    total_runs: int
    created_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Make a schedule of its row."""
        values = {one.name: row._mapping[one.name] for one in fields(cls)}  # noqa: SLF001  # SQLAlchemy's public name
        return cls(**values | {"overlap": Overlap(row.overlap)})

    @property
    def interval_minutes(self) -> int | None:
        return None if self.interval_seconds is None else self.interval_seconds // 60

    @property
    def timing(self) -> Timing:
        """When it is due."""
        return read_timing(
            interval_minutes=self.interval_minutes,
            cron=self.cron,
            time_zone=self.time_zone,
            anchor=self.created_at,
        )

    def next_due(self, connection: Connection, now: datetime) -> datetime | None:
        """The next due time, past those that were dealt with before the clock was set back."""
        dealt_with = select(SCHEDULE_RUNS.c.due_at).where(
            SCHEDULE_RUNS.c.schedule_id == self.id, SCHEDULE_RUNS.c.due_at > now
        )
        return next_due(self.timing, now, set(connection.scalars(dealt_with)))


def create_schedule(
    engine: Engine, request: ScheduleRequest, now: datetime, *, uuid: str | None = None
) -> Schedule:
    """Make a schedule; raise `ScheduleRefused`. It is first due after an interval, or when cron says so.

    Under a UUID that there is already, nothing is made, and that schedule returned.
    """
    values = _columns(request, now) | {"uuid": uuid or str(uuid4()), "total_runs": 0, "created_at": now}
    same = select(SCHEDULES).where(SCHEDULES.c.uuid == values["uuid"])

    def work(connection: Connection) -> Schedule:
        # Of two that insert at once, the second runs again and finds the first one's row.
        if uuid and (row := connection.execute(same).one_or_none()):
            return Schedule.of(row)
        connection.execute(insert(SCHEDULES).values(values))
        return _plan(connection, read_schedule(connection, values["uuid"]), now)

    return in_transaction(engine, work)


def change_schedule(engine: Engine, schedule: int | str, request: ScheduleRequest, now: datetime) -> Schedule:
    """Replace what a schedule does and when; its runs so far stay."""
    values = _columns(request, now)

    def work(connection: Connection) -> Schedule:
        found = read_schedule(connection, schedule)
        connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == found.id).values(values))
        return _plan(connection, read_schedule(connection, found.id), now)

    return in_transaction(engine, work)


def switch_schedule(engine: Engine, schedule: int | str, now: datetime, *, is_enabled: bool) -> Schedule:
    """Switch it on or off. What was due while it was off is not made up for."""

    def work(connection: Connection) -> Schedule:
        found = read_schedule(connection, schedule)
        changes = {"is_enabled": is_enabled, "updated_at": now}
        connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == found.id).values(changes))
        return _plan(connection, replace(found, is_enabled=is_enabled), now)

    return in_transaction(engine, work)


def delete_schedule(engine: Engine, schedule: int | str) -> None:
    """Delete a schedule and its runs; its jobs stay."""

    def work(connection: Connection) -> None:
        found = read_schedule(connection, schedule)
        connection.execute(delete(SCHEDULE_RUNS).where(SCHEDULE_RUNS.c.schedule_id == found.id))
        connection.execute(delete(SCHEDULES).where(SCHEDULES.c.id == found.id))

    in_transaction(engine, work)


def get_schedule(engine: Engine, schedule: int | str) -> Schedule:
    """Read a schedule by its number or its UUID; raise `ScheduleNotFound`."""
    with engine.connect() as connection:
        return read_schedule(connection, schedule)


def list_schedules(
    engine: Engine, *, client_id: str | None = None, is_enabled: bool | None = None
) -> list[Schedule]:
    """List schedules, of one client or of all, the oldest first."""
    wanted = select(SCHEDULES).order_by(SCHEDULES.c.id)
    if client_id is not None:
        wanted = wanted.where(SCHEDULES.c.client_id == client_id)
    if is_enabled is not None:
        wanted = wanted.where(SCHEDULES.c.is_enabled.is_(is_enabled))
    with engine.connect() as connection:
        return [Schedule.of(row) for row in connection.execute(wanted)]


def read_schedule(connection: Connection, schedule: int | str) -> Schedule:
    """Read it within a transaction."""
    found_by = SCHEDULES.c.uuid if isinstance(schedule, str) else SCHEDULES.c.id
    row = connection.execute(select(SCHEDULES).where(found_by == schedule)).one_or_none()
    if row is None:
        raise ScheduleNotFound(schedule)
    return Schedule.of(row)


def _columns(request: ScheduleRequest, now: datetime) -> dict[str, Any]:
    read_timing(
        interval_minutes=request.interval_minutes, cron=request.cron, time_zone=request.time_zone, anchor=now
    )
    parameters, _ = read_wish(request.kind, request.targets, request.parameters, now)
    minutes = request.interval_minutes
    return {
        "name": request.name,
        "kind": request.kind,
        "targets": list(request.targets),
        "parameters": parameters,
        "options": dict(request.options),
        "interval_seconds": None if minutes is None else minutes * 60,
        "cron": request.cron,
        "time_zone": request.time_zone,
        "overlap": request.overlap,
        "is_enabled": request.is_enabled,
        "priority": request.priority,
        "callback_url": request.callback_url,
        "client_id": request.client_id,
        "updated_at": now,
    }


def _plan(connection: Connection, schedule: Schedule, now: datetime) -> Schedule:
    due = schedule.next_due(connection, now) if schedule.is_enabled else None
    values = {"next_run_at": due, "planned_at": now}
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule.id).values(values))
    return replace(schedule, next_run_at=due)
