"""The job of a crawl that a person starts: a new one, or the one that the same command left undone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from crawler.processes import is_known_dead, this_process
from store.jobs.by_hand import ALL_TARGETS, claim_by_hand, unfinished_by_hand
from store.jobs.claims import Claim
from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import SILENCE, settle
from store.jobs.filling import Wanted
from store.jobs.rows import Job, Shard
from store.jobs.states import ShardState

logger = logging.getLogger(__name__)

RESUME_WITHIN = timedelta(days=7)
"""What was left undone longer ago is begun anew, as lists are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for."""

    kind: str
    parameters: dict[str, Any]
    digest: str
    """Of the targets: tells whether two commands mean the same."""
    targets: Callable[[], Iterable[Wanted]]


def claim_own(engine: Engine, wish: Wish, *, is_fresh: bool = False) -> Claim | None:
    """Go on with what the same command left undone, unless `is_fresh`; else make a job.

    Nothing when there is nothing to crawl.
    """
    process = this_process()
    if not is_fresh:
        now = datetime.now(UTC)
        for job, shard in unfinished_by_hand(engine, wish.kind, now - RESUME_WITHIN):
            if (job.parameters, job.options.get("digest")) != (wish.parameters, wish.digest):
                continue
            claim = _is_free(engine, shard, now) and claim_by_hand(engine, job.id, process, now)
            if claim:
                logger.info("Job %d: going on", job.id)
                return claim
    return claim_by_hand(engine, _make(engine, wish).id, process, datetime.now(UTC))


def _make(engine: Engine, wish: Wish) -> Job:
    request = JobRequest(
        kind=wish.kind, parameters=wish.parameters, options={"digest": wish.digest}, is_by_hand=True
    )
    return create_job(engine, request, wish.targets(), datetime.now(UTC), shard_size=ALL_TARGETS)


def _is_free(engine: Engine, shard: Shard, now: datetime) -> bool:
    """Say whether nobody works on a shard; settle it when its process died without a word."""
    if shard.state is not ShardState.RUNNING:
        return True
    is_silent = shard.heartbeat_at is None or now - shard.heartbeat_at > SILENCE
    if not is_silent and not is_known_dead(shard):
        return False
    return settle(engine, shard.id, shard.attempt, "its process is gone", now)
