"""Due times become jobs, each exactly once.

A due time is taken by inserting its row, whose key it is: of any number of workers one succeeds. The job is made
with a key of its own, so that a worker which dies before noting it can be followed by another that makes the same.

    due ── taken (row `due`) ── job made ── noted (`made`, `skipped` or `failed`)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update

from store.errors import StoreError
from store.jobs.creation import JobRequest
from store.jobs.rows import Job
from store.jobs.states import JOB_ENDS
from store.models.jobs import JOBS, REASON_LENGTH
from store.models.schedules import SCHEDULE_RUNS, SCHEDULES
from store.schedules.schedule import Overlap, Schedule, read_schedule
from store.schedules.timing import Due, newest_due
from store.transactions import TROUBLE, in_transaction

TAKEOVER = timedelta(seconds=60)
"""A run that was taken and not noted for so long has lost its worker."""
SET_BACK = timedelta(seconds=30)
"""Plans made that far in the future show that the clock was set back since."""


class RunState(StrEnum):
    """What came of a due time."""

    DUE = "due"
    """Taken; its job is about to be made."""
    MADE = "made"
    SKIPPED = "skipped"
    """The last job still ran."""
    FAILED = "failed"
    """No job could be made; the reason says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """A due time that was taken."""

    schedule: Schedule
    due: Due

    @property
    def key(self) -> str:
        """The same for the same due time, whoever makes its job."""
        return f"schedule {self.schedule.uuid} {self.due.at.isoformat()}"


MakeJob = Callable[[Engine, Schedule, str, datetime], Job]
"""Makes a schedule's job under an idempotency key."""


def run_due_schedules(engine: Engine, make_job: MakeJob, now: datetime, most: int = 50) -> int:
    """Make jobs for what is due; return how many due times were dealt with."""
    replan_after_set_clock(engine, now)
    runs = in_transaction(engine, lambda connection: _take(connection, now, most))
    runs += in_transaction(engine, lambda connection: _take_over(connection, now, most))
    for run in runs:
        _carry_out(engine, make_job, run, now)
    return len(runs)


def replan_after_set_clock(engine: Engine, now: datetime) -> int:
    """Where the clock was set back, look again for what is due next: else nothing would be, until it is later."""
    was_planned_later = and_(SCHEDULES.c.is_enabled, SCHEDULES.c.planned_at > now + SET_BACK)

    def work(connection: Connection) -> int:
        rows = connection.execute(
            select(SCHEDULES).where(was_planned_later).with_for_update(skip_locked=True)
        )
        schedules = [Schedule.of(row) for row in rows]
        for schedule in schedules:
            _plan_next(connection, schedule, now)
        return len(schedules)

    with engine.connect() as connection:
        if connection.scalar(select(SCHEDULES.c.id).where(was_planned_later).limit(1)) is None:
            return 0
    return in_transaction(engine, work)


def _take(connection: Connection, now: datetime, most: int) -> list[Run]:
    wanted = (
        select(SCHEDULES)
        .where(SCHEDULES.c.is_enabled, SCHEDULES.c.next_run_at <= now)
        .order_by(SCHEDULES.c.next_run_at, SCHEDULES.c.id)
        .limit(most)
    )
    rows = connection.execute(wanted.with_for_update(skip_locked=True))
    return [run for row in rows if (run := _take_one(connection, Schedule.of(row), now))]


def _take_one(connection: Connection, schedule: Schedule, now: datetime) -> Run | None:
    assert schedule.next_run_at is not None
    due = newest_due(schedule.timing, schedule.next_run_at, now)
    _plan_next(connection, schedule, now)
    key = (SCHEDULE_RUNS.c.schedule_id == schedule.id, SCHEDULE_RUNS.c.due_at == due.at)
    if connection.scalar(select(SCHEDULE_RUNS.c.due_at).where(*key)) is not None:
        return None  # dealt with before the clock was set back
    connection.execute(
        insert(SCHEDULE_RUNS).values(
            schedule_id=schedule.id, due_at=due.at, state=RunState.DUE, missed=due.missed, ran_at=now
        )
    )
    return Run(schedule, due)


def _take_over(connection: Connection, now: datetime, most: int) -> list[Run]:
    """Finish what a worker took and left; a clock set back makes `ran_at` lie far ahead."""
    is_left = and_(
        SCHEDULE_RUNS.c.state == RunState.DUE,
        or_(SCHEDULE_RUNS.c.ran_at <= now - TAKEOVER, SCHEDULE_RUNS.c.ran_at > now + TAKEOVER),
    )
    runs = []
    for row in connection.execute(select(SCHEDULE_RUNS).where(is_left).limit(most)).all():
        key = (SCHEDULE_RUNS.c.schedule_id == row.schedule_id, SCHEDULE_RUNS.c.due_at == row.due_at)
        taken = (
            update(SCHEDULE_RUNS)
            .where(*key, SCHEDULE_RUNS.c.state == RunState.DUE, is_left)
            .values(ran_at=now)
        )
        if connection.execute(taken).rowcount:
            runs.append(Run(read_schedule(connection, row.schedule_id), Due(row.due_at, row.missed)))
    return runs


def _carry_out(engine: Engine, make_job: MakeJob, run: Run, now: datetime) -> None:
    job: Job | None = None
    state, reason = RunState.MADE, _catching_up(run.due)
    try:
        if running := _still_running(engine, run):
            state, reason = RunState.SKIPPED, f"job {running} still runs"
        else:
            job = make_job(engine, run.schedule, run.key, now)
    except TROUBLE:
        raise  # it stays taken, and is taken over when the database is back
    except StoreError as error:
        state, reason = RunState.FAILED, str(error)

    def note(connection: Connection) -> None:
        key = (SCHEDULE_RUNS.c.schedule_id == run.schedule.id, SCHEDULE_RUNS.c.due_at == run.due.at)
        ended = {
            "state": state,
            "reason": reason and reason[:REASON_LENGTH],
            "job_id": job.id if job else None,
        }
        still = SCHEDULE_RUNS.c.state == RunState.DUE
        is_noted = connection.execute(update(SCHEDULE_RUNS).where(*key, still).values(ended)).rowcount
        if is_noted and state is not RunState.SKIPPED:
            counted = {"last_run_at": now, "total_runs": SCHEDULES.c.total_runs + 1}
            connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == run.schedule.id).values(counted))

    in_transaction(engine, note)


def _plan_next(connection: Connection, schedule: Schedule, now: datetime) -> None:
    values = {"next_run_at": schedule.next_due(connection, now), "planned_at": now}
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule.id).values(values))


def _still_running(engine: Engine, run: Run) -> int | None:
    """Another job of the schedule that has not ended, where that matters."""
    if run.schedule.overlap is Overlap.ALLOW:
        return None
    own = JobRequest(kind=run.schedule.kind, client_id=run.schedule.client_id, idempotency_key=run.key).digest
    ours = (
        JOBS.c.schedule_id == run.schedule.id,
        JOBS.c.state.not_in(JOB_ENDS),
        JOBS.c.idempotency != own,
    )
    with engine.connect() as connection:
        return connection.scalar(select(JOBS.c.id).where(*ours).order_by(JOBS.c.id).limit(1))


def _catching_up(due: Due) -> str | None:
    if not due.missed:
        return None
    return f"makes up for {due.missed:,} due times that passed while no worker ran"
