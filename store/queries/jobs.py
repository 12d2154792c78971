"""Jobs of one client, with what shows how far they are: read for a whole page at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, case, func, select

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
    rows = select(JOBS).join(_SEQUEL, _IS_SEQUEL, isouter=True).where(*conditions)
    rows = rows.with_hint(JOBS, _BY_CLIENT, "mysql")
    count = rows.with_only_columns(func.count(), maintain_column_froms=True)
    total = total_of(engine, ("jobs", client_id, *sorted(states)), count)
    with engine.connect() as connection:
        page = Order(JOBS.c.id).page(connection, rows, window, total)
        views = _views(connection, list(map(Job.of, page.rows)))
    return Page(rows=views, total=page.total, window=window, has_more=page.has_more, next=page.next)


def count_jobs(connection: Connection, client_id: str) -> dict[JobState, int]:
    """Count a client's jobs by where they are; every state is there."""
    joined = JOBS.join(_SEQUEL, _IS_SEQUEL, isouter=True)
    counted = select(STATE, func.count()).select_from(joined).where(*_listed(client_id)).group_by(STATE)
    found = {state: number for state, number in connection.execute(counted)}  # noqa: C416  # rows are no pairs
    return {state: found.get(state.value, 0) for state in JobState}


def find_job(engine: Engine, client_id: str, job_id: int | str) -> JobView:
    """Read a job of a client by its number or its UUID; raise `JobNotFound`, also for somebody else's."""
    named = JOBS.c.uuid == job_id if isinstance(job_id, str) else JOBS.c.id == job_id
    # SQLite knows no larger numbers.
    is_possible = isinstance(job_id, str) or job_id <= MAX_ID
    with engine.connect() as connection:
        mine = select(JOBS).where(named, JOBS.c.client_id == client_id)
        row = connection.execute(mine).one_or_none() if is_possible else None
        if row is None:
            raise JobNotFound(job_id)
        (view,) = _views(connection, [Job.of(row)])
    return view


def read_jobs(engine: Engine, job_ids: Sequence[int]) -> list[JobView]:
    """Read jobs, whosever they are; those that were deleted are not in the answer."""
    with engine.connect() as connection:
        rows = connection.execute(select(JOBS).where(JOBS.c.id.in_(job_ids)))
        return _views(connection, [Job.of(row) for row in rows])


def _listed(client_id: str) -> tuple[ColumnElement[bool], ...]:
    return (JOBS.c.client_id == client_id, JOBS.c.is_sealed, JOBS.c.sequel_of.is_(None))


def _views(connection: Connection, jobs: Sequence[Job]) -> list[JobView]:
    """Look up what belongs to all of these jobs, in a fixed number of statements."""
    ids = [job.id for job in jobs]
    if not ids:
        return []
    following = select(JOBS).where(JOBS.c.sequel_of.in_(ids), JOBS.c.kind.in_(SEQUELS)).order_by(JOBS.c.id)
    sequels = {row.sequel_of: Job.of(row) for row in connection.execute(following)}
    firsts = {row.job_id: row for row in connection.execute(_first_targets(ids))}
    videos = {row.job_id: row.videos for row in connection.execute(_video_counts(ids))}
    progress = _progress(connection, [*jobs, *sequels.values()])
    return [
        JobView(
            progress=progress[job.id],
            given=firsts[job.id].given if job.id in firsts else "",
            target=firsts[job.id].target if job.id in firsts else None,
            outcome=firsts[job.id].outcome if job.id in firsts else None,
            reason=firsts[job.id].reason if job.id in firsts else None,
            videos=videos.get(job.id, 0),
            sequel=progress[sequels[job.id].id] if job.id in sequels else None,
        )
        for job in jobs
    ]


def _first_targets(ids: Sequence[int]) -> Select[Any]:
    return select(JOB_TARGETS).where(JOB_TARGETS.c.job_id.in_(ids), JOB_TARGETS.c.position == 1)


def _video_counts(ids: Sequence[int]) -> Select[Any]:
    count = select(JOB_VIDEOS.c.job_id, func.count().label("videos")).where(JOB_VIDEOS.c.job_id.in_(ids))
    return count.group_by(JOB_VIDEOS.c.job_id)


def _progress(connection: Connection, jobs: Sequence[Job]) -> dict[int, Progress]:
    ids = [job.id for job in jobs]
    of_shards = select(SHARDS.c.job_id, func.sum(SHARDS.c.found), func.sum(SHARDS.c.declared))
    rows = connection.execute(of_shards.where(SHARDS.c.job_id.in_(ids)).group_by(SHARDS.c.job_id))
    listed = {job_id: (found, declared) for job_id, found, declared in rows}
    outcomes: dict[int, dict[str, int]] = {job_id: {} for job_id in ids}
    of_outcomes = select(JOB_COUNTS.c.job_id, JOB_COUNTS.c.outcome, func.sum(JOB_COUNTS.c.targets))
    rows = connection.execute(
        of_outcomes.where(JOB_COUNTS.c.job_id.in_(ids)).group_by(JOB_COUNTS.c.job_id, JOB_COUNTS.c.outcome)
    )
    for job_id, outcome, targets in rows:
        outcomes[job_id][outcome] = int(targets)
    return {
        job.id: Progress(
            job,
            outcomes[job.id],
            int(listed.get(job.id, (0, None))[0] or 0),
            None if listed.get(job.id, (0, None))[1] is None else int(listed[job.id][1]),
        )
        for job in jobs
    }
