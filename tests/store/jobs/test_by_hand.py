"""Jobs of processes that a person started, and that a person or a worker takes up again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from store.jobs.by_hand import ALL_TARGETS, claim_by_hand
from store.jobs.claims import Order, end_shard, heartbeat
from store.jobs.dispatch import recover_lost_shards, settle, shards_to_schedule
from store.jobs.errors import JobRefused
from store.jobs.retries import retry_failed
from store.jobs.services import cancel_job, get_job, pause_job, resume_job
from store.jobs.states import JobState, ShardState
from tests.store.factories import NOON
from tests.store.jobs.samples import (
    PROCESS,
    assert_ledger_adds_up,
    crawl,
    make_job,
    shard_states,
    start_shard,
)

HOUR = timedelta(hours=1)


def test_one_process_takes_it_all_and_no_worker_starts_another(engine: Engine) -> None:
    job = make_job(engine, 2_000, shard_size=ALL_TARGETS, is_by_hand=True)

    assert shards_to_schedule(engine, "worker", NOON, 9) == []
    claim = claim_by_hand(engine, job.id, PROCESS, NOON)

    assert claim
    assert (claim.shard.first_position, claim.shard.last_position) == (1, 2_000)
    assert claim.job.state is JobState.RUNNING
    assert claim_by_hand(engine, job.id, PROCESS, NOON) is None
    crawl(engine, claim.shard, most=2_000)
    assert end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON) is ShardState.DONE
    assert get_job(engine, job.id).state is JobState.COMPLETED


def test_a_killed_one_is_paused_until_somebody_starts_it_again(engine: Engine) -> None:
    job = make_job(engine, 3, is_by_hand=True)
    killed = claim_by_hand(engine, job.id, PROCESS, NOON)
    assert killed
    crawl(engine, killed.shard, most=1)

    recover_lost_shards(engine, NOON + HOUR)

    paused = get_job(engine, job.id)
    assert (paused.state, paused.reason) == (
        JobState.PAUSED,
        "its process is gone; start it again, or resume the job",
    )
    again = claim_by_hand(engine, job.id, PROCESS, NOON + HOUR)
    assert again
    assert (again.shard.attempt, again.job.state, again.job.reason) == (2, JobState.RUNNING, None)
    assert crawl(engine, again.shard) == 2
    assert_ledger_adds_up(engine, job)


def test_one_whose_process_is_known_to_be_dead_need_not_wait(engine: Engine) -> None:
    job = make_job(engine, 3, is_by_hand=True)
    dead = claim_by_hand(engine, job.id, PROCESS, NOON)
    assert dead

    settle(engine, dead.shard.id, dead.shard.attempt, "its process is gone", NOON)

    assert claim_by_hand(engine, job.id, PROCESS, NOON)


def test_one_that_is_resumed_becomes_the_workers(engine: Engine) -> None:
    job = make_job(engine, 3, is_by_hand=True)
    left = claim_by_hand(engine, job.id, PROCESS, NOON)
    assert left
    end_shard(engine, left.shard.id, left.shard.attempt, "SIGTERM", NOON, is_handed_back=True)

    assert resume_job(engine, job.id, NOON).state is JobState.PENDING

    with pytest.raises(JobRefused, match="is the workers': it can't be run by hand"):
        claim_by_hand(engine, job.id, PROCESS, NOON)
    assert crawl(engine, start_shard(engine).shard) == 3
    assert shard_states(engine, job) == ["running"]


def test_starting_a_paused_one_again_resumes_it(engine: Engine) -> None:
    job = make_job(engine, 3, is_by_hand=True)
    pause_job(engine, job.id, NOON)

    claim = claim_by_hand(engine, job.id, PROCESS, NOON)

    assert claim
    assert claim.job.state is JobState.RUNNING
    assert heartbeat(engine, claim.shard.id, claim.shard.attempt, NOON) is Order.GO_ON


def test_a_retry_is_the_workers_business(engine: Engine) -> None:
    job = make_job(engine, 3, is_by_hand=True)
    cancel_job(engine, job.id, NOON)

    assert not retry_failed(engine, job.id, NOON).is_by_hand

    assert crawl(engine, start_shard(engine).shard) == 3
