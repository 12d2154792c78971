"""Jobs for tests, and a worker and a process that see to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from store.jobs.claims import Claim, Process, claim_shard
from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.filling import Wanted
from store.jobs.ledger import Finding, finalise, open_targets
from store.jobs.progress import read_progress
from store.jobs.rows import Job, Shard
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, SHARDS
from tests.store.factories import NOON

PROCESS = Process(host="here", pid=4711, started_at=NOON)


def names(count: int) -> list[Wanted]:
    return [Wanted(f"@user{number}", f"user{number}") for number in range(1, count + 1)]


def make_job(engine: Engine, targets: int | Iterable[Wanted] = 5, shard_size: int = 500, **asked: Any) -> Job:
    wanted = names(targets) if isinstance(targets, int) else targets
    return create_job(engine, JobRequest(kind="bulk_profiles", **asked), wanted, NOON, shard_size=shard_size)


def start_shard(engine: Engine, now: datetime = NOON, worker: str = "worker") -> Claim:
    (shard,) = shards_to_schedule(engine, worker, now, 1)
    assert mark_scheduled(engine, shard.id, shard.attempt, now, node="http://node", scrapyd_job="x")
    return claim_shard(engine, shard.id, shard.attempt, PROCESS, now)


def crawl(engine: Engine, shard: Shard, most: int = 500, outcome: str = "ok", now: datetime = NOON) -> int:
    """Finalise up to so many of a shard's open targets."""
    wanted = open_targets(engine, shard, most=most)
    findings = [Finding(position=target.position, outcome=outcome) for target in wanted]
    return finalise(engine, shard.id, shard.attempt, findings, now)


def shard_states(engine: Engine, job: Job) -> list[str]:
    with engine.connect() as connection:
        wanted = select(SHARDS.c.state).where(SHARDS.c.job_id == job.id).order_by(SHARDS.c.number)
        return list(connection.scalars(wanted))


def assert_ledger_adds_up(engine: Engine, job: Job) -> None:
    """Counts, rows and what came in are the same number, in every state of a job."""
    of_job = JOB_TARGETS.c.job_id == job.id
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).where(of_job))
        answers = connection.scalar(select(func.sum(JOB_TARGETS.c.answers)).where(of_job)) or 0
        ended = (
            select(JOB_TARGETS.c.outcome, func.sum(JOB_TARGETS.c.answers).label("targets"))
            .where(of_job, JOB_TARGETS.c.outcome.is_not(None))
            .group_by(JOB_TARGETS.c.outcome)
        )
        per_outcome = {row.outcome: row.targets for row in connection.execute(ended)}
        least = connection.scalar(select(func.min(JOB_COUNTS.c.targets)).where(JOB_COUNTS.c.job_id == job.id))
    progress = read_progress(engine, job.id)
    assert rows == answers == progress.total
    assert per_outcome == progress.outcomes
    assert least is None or least >= 0
