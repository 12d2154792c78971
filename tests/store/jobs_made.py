"""Jobs for tests of what comes before and after crawling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from store.jobs.claims import Process, claim_shard, end_shard
from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import shards_to_schedule
from store.jobs.filling import Wanted
from store.jobs.ledger import Finding, finalise
from store.jobs.rows import Job
from store.jobs.services import get_job


def bulk_job(engine: Engine, usernames: Sequence[str], now: datetime, **request: Any) -> Job:
    """A bulk job of these usernames."""
    targets = [Wanted(name, name) for name in usernames]
    return create_job(engine, JobRequest(kind="bulk_profiles", **request), targets, now)


def crawl(engine: Engine, job: Job, now: datetime, outcomes: Sequence[Finding]) -> Job:
    """Let a process do all of a job that has one shard."""
    (shard,) = shards_to_schedule(engine, "test", now, 1)
    process = Process(host="here", pid=1, started_at=now)
    claim_shard(engine, shard.id, shard.attempt, process, now)
    finalise(engine, shard.id, shard.attempt, outcomes, now)
    end_shard(engine, shard.id, shard.attempt, "finished", now)
    return get_job(engine, job.id)


def done_job(engine: Engine, now: datetime, callback_url: str | None = None, **request: Any) -> Job:
    """A bulk job of two usernames that has ended, one of them not found."""
    job = bulk_job(engine, ["khaby.lame", "nobody.here"], now, callback_url=callback_url, **request)
    findings = [
        Finding(position=1, outcome="ok", record_id="6784819479778378757"),
        Finding(position=2, outcome="not_found", reason="TikTok knows no such user"),
    ]
    return crawl(engine, job, now, findings)
