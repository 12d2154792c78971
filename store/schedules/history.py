"""What came of a schedule's due times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from store.models.schedules import SCHEDULE_RUNS
from store.schedules.runs import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A due time and what came of it."""

    due_at: datetime
    state: RunState
    reason: str | None
    job_id: int | None
    missed: int
    ran_at: datetime


def list_runs(engine: Engine, schedule_id: int, most: int = 50) -> list[PastRun]:
    """A schedule's runs, the newest first."""
    names = ("due_at", "state", "reason", "job_id", "missed", "ran_at")
    wanted = (
        select(*(SCHEDULE_RUNS.c[name] for name in names))
        .where(SCHEDULE_RUNS.c.schedule_id == schedule_id)
        .order_by(SCHEDULE_RUNS.c.due_at.desc())
        .limit(most)
    )
    with engine.connect() as connection:
        rows = [dict(zip(names, row, strict=True)) for row in connection.execute(wanted)]
    return [PastRun(**row | {"state": RunState(row["state"])}) for row in rows]
