"""Tables of schedules: jobs to be made again and again, and the moments at which they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, Boolean, Index, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base
from store.models.jobs import CLIENT_LENGTH, COUNTED, HOLDER_LENGTH, REASON_LENGTH
from store.models.types import UtcDateTime


class ScheduleRow(Base):
    """A job to be made at each due time."""

    __tablename__ = "schedules"
    __table_args__ = (
        Index("ux_schedules_uuid", "uuid", unique=True),
        Index("ix_schedules_client_id", "client_id"),
        Index("ix_schedules_is_enabled_next_run_at", "is_enabled", "next_run_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    client_id: Mapped[str | None] = mapped_column(String(CLIENT_LENGTH))
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(32))
    targets: Mapped[list[str]] = mapped_column(JSON)
    """As the user wrote them."""
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    priority: Mapped[int] = mapped_column(Integer)
    callback_url: Mapped[str | None] = mapped_column(Text)
    interval_seconds: Mapped[int | None] = mapped_column(Integer)
    """Either this or `cron`."""
    cron: Mapped[str | None] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(64))
    overlap: Mapped[str] = mapped_column(String(16))
    """What to do while the last job still runs."""
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When `next_run_at` was worked out; in the future it shows that the clock was set back since."""
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total_runs: Mapped[int] = mapped_column(Integer)
    leased_by: Mapped[str | None] = mapped_column(String(HOLDER_LENGTH))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScheduleRunRow(Base):
    """A due time that was dealt with; its key makes sure that this happens once."""

    __tablename__ = "schedule_runs"
    __table_args__ = (
        Index("ix_schedule_runs_job_id", "job_id"),
        Index("ix_schedule_runs_state_ran_at", "state", "ran_at"),
        CLUSTERED,
    )

    schedule_id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    """Whether a job was made."""
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    job_id: Mapped[int | None] = mapped_column(COUNTED)
    missed: Mapped[int] = mapped_column(Integer)
    """Due times before this one that passed while nobody was there: this run makes up for them."""
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)


SCHEDULES = cast("Table", ScheduleRow.__table__)
SCHEDULE_RUNS = cast("Table", ScheduleRunRow.__table__)
