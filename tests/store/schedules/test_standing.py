"""Schedules that the settings ask for exist once, do what was asked last, and stay as people switched them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from store.schedules.schedule import Schedule, ScheduleRequest, list_schedules, switch_schedule
from store.schedules.standing import keep_schedule

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


def keep(engine: Engine, now: datetime = NOW, **changes: Any) -> Schedule:
    values: dict[str, Any] = {"name": "shop", "kind": "shop", "targets": ["trending"], "interval_minutes": 30}
    keep_schedule(engine, "shop", ScheduleRequest(**values | changes), now)
    (schedule,) = list_schedules(engine)
    return schedule


def test_it_is_made_once_whoever_starts_first(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: keep_schedule(engine, "shop", ScheduleRequest(
            name="shop", kind="shop", targets=["trending"], interval_minutes=30), NOW), range(8)))  # fmt: skip

    (schedule,) = list_schedules(engine)
    assert schedule.next_run_at == NOW + timedelta(minutes=30)


def test_one_that_does_what_is_asked_keeps_its_due_time(engine: Engine) -> None:
    first = keep(engine)

    again = keep(engine, NOW + timedelta(minutes=20))

    assert again.next_run_at == first.next_run_at


def test_one_that_is_asked_for_otherwise_is_changed(engine: Engine) -> None:
    keep(engine)

    changed = keep(engine, targets=["trending=electronics"], interval_minutes=60)

    assert (changed.targets, changed.interval_minutes) == (["trending=electronics"], 60)


def test_one_that_somebody_switched_off_stays_off(engine: Engine) -> None:
    switch_schedule(engine, keep(engine).id, NOW, is_enabled=False)

    assert not keep(engine).is_enabled
    assert not keep(engine, interval_minutes=60).is_enabled


def test_one_that_is_not_asked_for_any_more_goes(engine: Engine) -> None:
    keep(engine)

    for _ in range(2):
        keep_schedule(engine, "shop", None, NOW)

    assert list_schedules(engine) == []
