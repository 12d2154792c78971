"""Each due time becomes one job, whatever happens to workers and clocks. On SQLite and MariaDB."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from store.errors import ScheduleNotFound, ScheduleRefused
from store.jobs.rows import Job
from store.jobs.services import cancel_job
from store.models.jobs import JOBS
from store.models.schedules import SCHEDULE_RUNS
from store.schedules.making import make_job
from store.schedules.runs import TAKEOVER, RunState, run_due_schedules
from store.schedules.schedule import (
    Overlap,
    Schedule,
    ScheduleRequest,
    change_schedule,
    create_schedule,
    delete_schedule,
    get_schedule,
    list_schedules,
    switch_schedule,
)

NOW = datetime(2026, 11, 25, 10, 2, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def schedule_of(engine: Engine, now: datetime = NOW, **request: Any) -> Schedule:
    values: dict[str, Any] = {
        "name": "Daily",
        "kind": "profile",
        "targets": ["khaby.lame"],
        "interval_minutes": 5,
    }
    return create_schedule(engine, ScheduleRequest(**values | {"overlap": Overlap.ALLOW} | request), now)


def run(engine: Engine, now: datetime) -> int:
    return run_due_schedules(engine, make_job, now)


def runs_of(engine: Engine, schedule: Schedule) -> list[Any]:
    wanted = select(SCHEDULE_RUNS).where(SCHEDULE_RUNS.c.schedule_id == schedule.id)
    with engine.connect() as connection:
        return list(connection.execute(wanted.order_by(SCHEDULE_RUNS.c.due_at)))


def jobs_per_run(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        return Counter(connection.scalars(select(JOBS.c.idempotency)))


def minutes(schedule: Schedule, engine: Engine) -> list[float]:
    """When it ran, in minutes after it was made."""
    return [(row.due_at - schedule.created_at) / MINUTE for row in runs_of(engine, schedule)]


def test_a_schedule_makes_a_job_when_it_is_due_and_not_before(engine: Engine) -> None:
    schedule = schedule_of(engine)

    counts = [run(engine, NOW + offset) for offset in (0 * MINUTE, 4.9 * MINUTE, 5 * MINUTE, 5.1 * MINUTE)]

    (made,) = runs_of(engine, schedule)
    after = get_schedule(engine, schedule.uuid)
    assert counts == [0, 0, 1, 0]
    assert (made.state, made.reason, made.missed) == (RunState.MADE, None, 0)
    assert made.job_id is not None
    assert (after.last_run_at, after.next_run_at, after.total_runs) == (
        NOW + 5 * MINUTE,
        NOW + 10 * MINUTE,
        1,
    )


def test_missed_times_are_made_up_for_by_one_run_that_says_so(engine: Engine) -> None:
    schedule = schedule_of(engine)

    run(engine, NOW + 62 * MINUTE)
    run(engine, NOW + 65 * MINUTE)

    first, second = runs_of(engine, schedule)
    assert minutes(schedule, engine) == [60, 65]
    assert (first.missed, second.missed) == (11, 0)
    assert first.reason == "makes up for 11 due times that passed while no worker ran"


def test_years_of_missed_minutes_are_made_up_for_at_once(engine: Engine) -> None:
    schedule = schedule_of(engine, interval_minutes=None, cron="* * * * *")

    run(engine, NOW + timedelta(days=800))

    (made,) = runs_of(engine, schedule)
    assert made.due_at == (NOW + timedelta(days=800)).replace(second=0)
    assert get_schedule(engine, schedule.id).next_run_at == made.due_at + MINUTE


def test_while_the_last_job_runs_a_due_time_is_skipped_and_says_so(engine: Engine) -> None:
    schedule = schedule_of(engine, overlap=Overlap.SKIP)
    run(engine, NOW + 5 * MINUTE)
    run(engine, NOW + 10 * MINUTE)
    (made, _) = runs_of(engine, schedule)
    cancel_job(engine, made.job_id, NOW)
    run(engine, NOW + 15 * MINUTE)

    states = [(row.state, row.reason) for row in runs_of(engine, schedule)]

    assert states == [
        (RunState.MADE, None),
        (RunState.SKIPPED, f"job {made.job_id} still runs"),
        (RunState.MADE, None),
    ]


def test_a_due_time_that_was_skipped_is_no_run(engine: Engine) -> None:
    schedule = schedule_of(engine, overlap=Overlap.SKIP)
    run(engine, NOW + 5 * MINUTE)

    run(engine, NOW + 10 * MINUTE)

    after = get_schedule(engine, schedule.id)
    assert (after.total_runs, after.last_run_at) == (1, NOW + 5 * MINUTE)


def test_a_schedule_whose_job_cannot_be_made_says_why(engine: Engine) -> None:
    schedule = schedule_of(engine)

    def refuse(*_: Any) -> Job:
        raise ScheduleRefused("user: '@' is none; give a @name")

    run_due_schedules(engine, refuse, NOW + 5 * MINUTE)

    (failed,) = runs_of(engine, schedule)
    assert (failed.state, failed.reason, failed.job_id) == (
        RunState.FAILED,
        "user: '@' is none; give a @name",
        None,
    )


@pytest.mark.parametrize("overlap", list(Overlap))
def test_a_worker_that_dies_before_or_after_it_made_the_job_is_followed_by_another(
    engine: Engine, overlap: Overlap
) -> None:
    before, after = (schedule_of(engine, overlap=overlap) for _ in range(2))

    def die(engine: Engine, schedule: Schedule, key: str, now: datetime) -> Job:
        if schedule.id == after.id:
            make_job(engine, schedule, key, now)
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run_due_schedules(engine, die, NOW + 5 * MINUTE, most=1)
    at_once = run(engine, NOW + 5 * MINUTE)
    later = run(engine, NOW + 5 * MINUTE + TAKEOVER)

    assert (at_once, later) == (0, 2)
    assert sorted(jobs_per_run(engine).values()) == [1, 1]
    for schedule in (before, after):
        (made,) = runs_of(engine, schedule)
        assert (made.state, get_schedule(engine, schedule.id).total_runs) == (RunState.MADE, 1)


def test_many_workers_make_one_job_per_due_time(engine: Engine) -> None:
    for _ in range(30):
        schedule_of(engine)
    ready = threading.Barrier(4)

    def work(_: int) -> int:
        ready.wait()
        return sum(run_due_schedules(engine, make_job, NOW + 5 * MINUTE, most=4) for _ in range(10))

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(work, range(4)))

    assert sum(counts) == 30
    assert sorted(jobs_per_run(engine).values()) == [1] * 30


def live(engine: Engine, clock: Callable[[int], datetime], ticks: int) -> None:
    """Let a worker look at its clock once a minute."""
    for tick in range(ticks):
        run(engine, clock(tick))


def test_a_clock_set_back_an_hour_doubles_nothing_and_leaves_no_gap(engine: Engine) -> None:
    schedule = schedule_of(engine)

    live(engine, lambda tick: NOW + (tick if tick <= 30 else tick - 60) * MINUTE, ticks=151)

    assert minutes(schedule, engine) == list(range(5, 91, 5))
    assert [row.missed for row in runs_of(engine, schedule)] == [0] * 18
    assert set(jobs_per_run(engine).values()) == {1}


def test_a_clock_set_forward_an_hour_doubles_nothing_and_leaves_no_gap(engine: Engine) -> None:
    schedule = schedule_of(engine)

    live(engine, lambda tick: NOW + (tick if tick <= 31 else tick + 60) * MINUTE, ticks=61)

    assert minutes(schedule, engine) == [5, 10, 15, 20, 25, 30, 90, 95, 100, 105, 110, 115, 120]
    assert sum(1 + row.missed for row in runs_of(engine, schedule)) == 24


def test_a_clock_set_forward_by_mistake_and_back_again_leaves_no_gap(engine: Engine) -> None:
    schedule = schedule_of(engine)

    live(engine, lambda tick: NOW + (tick + 60 if 31 < tick <= 33 else tick) * MINUTE, ticks=121)

    assert minutes(schedule, engine) == list(range(5, 121, 5))
    assert set(jobs_per_run(engine).values()) == {1}


def test_what_was_due_while_it_was_off_is_not_made_up_for(engine: Engine) -> None:
    schedule = schedule_of(engine)

    switch_schedule(engine, schedule.id, NOW, is_enabled=False)
    while_off = run(engine, NOW + HOUR)
    switch_schedule(engine, schedule.uuid, NOW + HOUR, is_enabled=True)
    after = run(engine, NOW + HOUR + 5 * MINUTE)

    assert (while_off, after) == (0, 1)
    assert minutes(schedule, engine) == [65]


def test_a_changed_schedule_is_planned_anew(engine: Engine) -> None:
    schedule = schedule_of(engine)
    request = ScheduleRequest(
        name="Mondays", kind="profile", targets=["@khaby.lame"], cron="0 0 * * 1", time_zone="Europe/Berlin"
    )

    changed = change_schedule(engine, schedule.id, request, NOW)

    assert changed.next_run_at == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert (changed.name, changed.interval_minutes, changed.cron) == ("Mondays", None, "0 0 * * 1")


def test_a_deleted_schedule_is_gone_with_its_runs(engine: Engine) -> None:
    schedule, other = schedule_of(engine, client_id="cl_1"), schedule_of(engine, client_id="cl_2")
    run(engine, NOW + 5 * MINUTE)

    delete_schedule(engine, schedule.uuid)

    assert [one.id for one in list_schedules(engine)] == [other.id]
    assert list_schedules(engine, client_id="cl_1") == []
    assert runs_of(engine, schedule) == []
    with pytest.raises(ScheduleNotFound):
        get_schedule(engine, schedule.id)


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"kind": "profiles"}, "kind: 'profiles' is not known"),
        ({"targets": ["not a name"]}, "user: "),
        ({"targets": []}, "user: is missing"),
        ({"parameters": {"limit": "many"}}, "limit: "),
        ({"kind": "hashtag", "targets": ["funny"], "parameters": {"only_new": True}}, "only_new: "),
        ({"interval_minutes": 4}, "interval_minutes: 4"),
        ({"interval_minutes": None}, "interval_minutes: "),
        ({"cron": "* * * * *"}, "interval_minutes: "),
        ({"interval_minutes": None, "cron": "* * *"}, "cron: "),
        ({"interval_minutes": None, "cron": "@daily", "time_zone": "Mars"}, "time_zone: "),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_by_the_name_of_its_field(
    sqlite_engine: Engine, wish: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ScheduleRefused) as refusal:
        schedule_of(sqlite_engine, **wish)

    assert str(refusal.value).startswith(problem)
    assert list_schedules(sqlite_engine) == []


def test_a_watch_crawls_only_what_is_new(engine: Engine) -> None:
    schedule_of(engine, parameters={"only_new": "1", "limit": "30"})

    run(engine, NOW + 5 * MINUTE)

    with engine.connect() as connection:
        assert list(connection.scalars(select(JOBS.c.parameters))) == [{"only_new": True, "limit": 30}]
