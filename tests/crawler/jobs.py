"""Jobs for tests of crawls: made and scheduled as the API and a worker do it, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.kinds import find_kind
from store.jobs.progress import Progress, read_progress
from store.jobs.results import Result, read_results
from store.jobs.rows import Job, Shard

NODE = "http://127.0.0.1:6800"


def ask_for(engine: Engine, kind_name: str, targets: Sequence[str], site: str, **parameters: Any) -> Job:
    """Make a job as the API does."""
    kind, now = find_kind(kind_name), datetime.now(UTC)
    request = JobRequest(kind=kind_name, parameters=kind.read_parameters(parameters))
    return create_job(engine, request, kind.read_targets(targets, now=now, site=site), now)


def schedule(engine: Engine) -> Shard:
    """Take the next shard as a worker does, and tell a node that isn't there."""
    now = datetime.now(UTC)
    (shard,) = shards_to_schedule(engine, "worker", now, 1)
    assert mark_scheduled(engine, shard.id, shard.attempt, now, node=NODE, scrapyd_job=f"{shard.id}")
    return shard


def numbers(shard: Shard) -> dict[str, Any]:
    """What a node hands to the spider."""
    return {"shard": str(shard.id), "attempt": str(shard.attempt)}


def progress(engine: Engine, job: Job) -> Progress:
    return read_progress(engine, job.id)


def results(engine: Engine, job: Job) -> list[Result]:
    return list(read_results(engine, job.id))
