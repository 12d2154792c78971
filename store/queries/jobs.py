"""Jobs of one client, with what shows how far they are: read for a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
)

from store.jobs.errors import JobNotFound
from store.jobs.progress import Progress
from store.jobs.rows import Job
from store.jobs.sequels import SEQUELS
from store.jobs.states import JOB_ACTIVE, JobState
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, JOB_VIDEOS, JOBS, SHARDS
from store.models.types import MAX_ID
from store.queries.pages import Order, Page, Window
from store.queries.totals import total_of

_SEQUEL = JOBS.alias("sequel")
_IS_SEQUEL = and_(_SEQUEL.c.sequel_of == JOBS.c.id, _SEQUEL.c.kind.in_(SEQUELS))
"""Another try for a post's media follows from a job, too, but is no part of it."""
STATE = case(
    (JOBS.c.state != JobState.COMPLETED, JOBS.c.state),
    (JOBS.c.sequel.is_not(None), JobState.RUNNING),
    (_SEQUEL.c.state.is_(None), JOBS.c.state),
    (_SEQUEL.c.state.in_(JOB_ACTIVE), JobState.RUNNING),
    else_=_SEQUEL.c.state,
)
"""`JobView.state`, for the database."""
_BY_CLIENT = "USE INDEX (ix_jobs_client_id_sequel_of_is_sealed)"
"""MariaDB would rather intersect this index with another, and sort what is left."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its client sees it."""

    progress: Progress
    given: str
    """Its first target, as it was written."""
    target: str | None
    """The same as the ledger has it; empty where it names nothing."""
    outcome: str | None
    """How that target ended."""
    reason: str | None
    videos: int
    """Posts that it found."""
    sequel: Progress | None
    """The job of the comments of those posts, once there is one."""

    @property
    def job(self) -> Job:
        return self.progress.job

    @property
    def state(self) -> JobState:
        """Where the job is, its sequel included: as long as comments are missing it is not completed."""
        if self.job.state is not JobState.COMPLETED:
            return self.job.state
        if self.job.sequel:
            return JobState.RUNNING
        if self.sequel is None:
            return JobState.COMPLETED
        state = self.sequel.job.state
        return JobState.RUNNING if state in JOB_ACTIVE else state


def list_jobs(engine: Engine, client_id: str, states: Collection[JobState], window: Window) -> Page[JobView]:
    """Read a client's jobs, the newest first; without `states` all of them. Sequels are part of theirs."""
    conditions = [*_listed(client_id), *([STATE.in_(states)] if states else [])]
    rows = select(JOBS.c.id).join(_SEQUEL, _IS_SEQUEL, isouter=True).where(*conditions)
    rows = rows.with_hint(JOBS, _BY_CLIENT, "mysql")
    count = rows.with_only_columns(func.count(), maintain_column_froms=True)
    total = total_of(engine, ("jobs", client_id, *sorted(states)), count)
    with engine.connect() as connection:
        page = Order(JOBS.c.id).page(connection, rows, window, total)
        views = _views(connection, _VIEWS.where(JOBS.c.id.in_([row.id for row in page.rows])))
    return Page(rows=views, total=page.total, window=window, has_more=page.has_more, next=page.next)


def count_jobs(connection: Connection, client_id: str) -> dict[JobState, int]:
    """Count a client's jobs by where they are; every state is there."""
    joined = JOBS.join(_SEQUEL, _IS_SEQUEL, isouter=True)
    counted = select(STATE, func.count()).select_from(joined).where(*_listed(client_id)).group_by(STATE)
    found = {state: number for state, number in connection.execute(counted)}  # noqa: C416  # rows are no pairs
    return {state: found.get(state.value, 0) for state in JobState}


def find_job(engine: Engine, client_id: str, job_id: int | str) -> JobView:
    """Read a job of a client by its number or its UUID; raise `JobNotFound`, also for somebody else's."""
    if isinstance(job_id, int) and job_id > MAX_ID:  # SQLite knows no larger numbers
        raise JobNotFound(job_id)
    found_by = _BY_UUID if isinstance(job_id, str) else _BY_NUMBER
    with engine.connect() as connection:
        views = _views(connection, found_by, {"named": job_id, "client": client_id})
    if not views:
        raise JobNotFound(job_id)
    return views[0]


def read_jobs(engine: Engine, job_ids: Sequence[int]) -> list[JobView]:
    """Read jobs, whosever they are; those that were deleted are not in the answer."""
    with engine.connect() as connection:
        return _views(connection, _VIEWS.where(JOBS.c.id.in_(job_ids)))


def _listed(client_id: str) -> tuple[ColumnElement[bool], ...]:
    return (JOBS.c.client_id == client_id, JOBS.c.is_sealed, JOBS.c.sequel_of.is_(None))


def _sum_of(column: ColumnElement[Any], job: FromClause) -> ColumnElement[Any]:
    return select(func.sum(column)).where(SHARDS.c.job_id == job.c.id).scalar_subquery()


_FIELDS = tuple(field.name for field in fields(Job))
_VIEWS: Select[Any] = (
    select(
        *(JOBS.c[name] for name in _FIELDS),
        *(_SEQUEL.c[name] for name in _FIELDS),
        _sum_of(SHARDS.c.found, JOBS),
        _sum_of(SHARDS.c.declared, JOBS),
        _sum_of(SHARDS.c.found, _SEQUEL),
        _sum_of(SHARDS.c.declared, _SEQUEL),
        JOB_TARGETS.c.given,
        JOB_TARGETS.c.target,
        JOB_TARGETS.c.outcome,
        JOB_TARGETS.c.reason,
        select(func.count()).where(JOB_VIDEOS.c.job_id == JOBS.c.id).scalar_subquery(),
    )
    .join(_SEQUEL, _IS_SEQUEL, isouter=True)
    .join(JOB_TARGETS, and_(JOB_TARGETS.c.job_id == JOBS.c.id, JOB_TARGETS.c.position == 1), isouter=True)
    .order_by(JOBS.c.id.desc(), _SEQUEL.c.id)
)
"""All that is said of a job but how its targets ended. Made once: that takes longer than to run it."""
_MINE = _VIEWS.where(JOBS.c.client_id == bindparam("client"))
_BY_NUMBER = _MINE.where(JOBS.c.id == bindparam("named"))
_BY_UUID = _MINE.where(JOBS.c.uuid == bindparam("named"))
_OUTCOMES = (
    select(JOB_COUNTS.c.job_id, JOB_COUNTS.c.outcome, func.sum(JOB_COUNTS.c.targets))
    .where(JOB_COUNTS.c.job_id.in_(bindparam("ids", expanding=True)))
    .group_by(JOB_COUNTS.c.job_id, JOB_COUNTS.c.outcome)
)


def _views(
    connection: Connection, jobs: Select[Any], named: Mapping[str, Any] | None = None
) -> list[JobView]:
    """Read jobs with what belongs to them, in two statements however many they are; the newest first."""
    rows = connection.execute(jobs, named or {}).all()
    if not rows:
        return []
    width = len(_FIELDS)
    found = [(_job(row[:width]), _job(row[width : 2 * width]), row[2 * width :]) for row in rows]
    outcomes = _outcomes(connection, [job.id for pair in found for job in pair[:2] if job])
    return [_view(job, sequel, rest, outcomes) for job, sequel, rest in found if job]


def _job(values: Sequence[Any]) -> Job | None:
    known = dict(zip(_FIELDS, values, strict=True))
    return Job(**known | {"state": JobState(known["state"])}) if known["id"] is not None else None


def _outcomes(connection: Connection, ids: Sequence[int]) -> defaultdict[int, dict[str, int]]:
    outcomes: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for job_id, outcome, targets in connection.execute(_OUTCOMES, {"ids": ids}):
        outcomes[job_id][outcome] = int(targets)
    return outcomes


def _view(
    job: Job, sequel: Job | None, rest: Sequence[Any], outcomes: defaultdict[int, dict[str, int]]
) -> JobView:
    found, declared, sequel_found, sequel_declared, given, target, outcome, reason, videos = rest
    return JobView(
        progress=_progress(job, outcomes[job.id], found, declared),
        given=given or "",
        target=target,
        outcome=outcome,
        reason=reason,
        videos=videos,
        sequel=_progress(sequel, outcomes[sequel.id], sequel_found, sequel_declared) if sequel else None,
    )


def _progress(job: Job, outcomes: dict[str, int], found: Any, declared: Any) -> Progress:
    return Progress(job, outcomes, int(found or 0), None if declared is None else int(declared))
