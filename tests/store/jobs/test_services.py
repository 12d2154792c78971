"""What people do to jobs: cancel, pause, resume."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from store.jobs.claims import Order, claim_shard, end_shard, heartbeat
from store.jobs.dispatch import settle, shards_to_schedule
from store.jobs.errors import JobRefused, ShardLost
from store.jobs.progress import read_progress
from store.jobs.rows import Job
from store.jobs.services import (
    AT_ONCE,
    GRACE,
    cancel_job,
    cancel_waiting_shards,
    get_job,
    overdue_shards,
    pause_job,
    resume_job,
)
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

Service = Callable[[Engine, int, datetime], Job]
WAITS = "no healthy identity"
MINUTE = timedelta(minutes=1)


def test_a_job_that_waits_is_cancelled_at_once(engine: Engine) -> None:
    job = make_job(engine, 3)

    cancelled = cancel_job(engine, job.uuid, NOON)

    assert (cancelled.state, cancelled.reason, cancelled.finished_at) == (
        JobState.CANCELLED,
        "cancelled",
        NOON,
    )
    assert read_progress(engine, job.id).outcomes == {"cancelled": 3}
    assert shards_to_schedule(engine, "worker", NOON, 9) == []
    assert_ledger_adds_up(engine, job)


def test_a_process_is_told_to_cancel_and_keeps_what_it_found(engine: Engine) -> None:
    job = make_job(engine, 4, shard_size=3)
    claim = start_shard(engine)
    crawl(engine, claim.shard, most=1)

    assert cancel_job(engine, job.id, NOON).state is JobState.RUNNING
    assert shard_states(engine, job) == ["running", "cancelled"]
    ours = (claim.shard.id, claim.shard.attempt)
    assert heartbeat(engine, *ours, NOON) is Order.CANCEL
    assert crawl(engine, claim.shard, most=1) == 1
    assert end_shard(engine, *ours, "cancelled", NOON) is ShardState.CANCELLED

    assert get_job(engine, job.id).state is JobState.CANCELLED
    assert read_progress(engine, job.id).outcomes == {"ok": 2, "cancelled": 2}
    assert_ledger_adds_up(engine, job)


def test_a_process_that_does_not_stop_is_ended_by_force(engine: Engine) -> None:
    job = make_job(engine, 3)
    claim = start_shard(engine)
    cancel_job(engine, job.id, NOON)

    assert overdue_shards(engine, NOON + GRACE - timedelta(seconds=1)) == []
    (overdue,) = overdue_shards(engine, NOON + GRACE)
    assert (overdue.node, overdue.scrapyd_job) == ("http://node", "x")
    assert settle(engine, overdue.id, overdue.attempt, "ended by force", NOON + GRACE)

    assert get_job(engine, job.id).state is JobState.CANCELLED
    with pytest.raises(ShardLost):
        crawl(engine, claim.shard)
    assert_ledger_adds_up(engine, job)


def test_workers_cancel_what_a_request_does_not_wait_for(engine: Engine) -> None:
    job = make_job(engine, AT_ONCE + 3, shard_size=1)
    waiting = make_job(engine, 1)

    assert cancel_job(engine, job.id, NOON).state is JobState.PENDING
    assert shards_to_schedule(engine, "worker", NOON, 99)[0].job_id == waiting.id
    assert cancel_waiting_shards(engine, NOON, 2) == 2
    assert cancel_waiting_shards(engine, NOON, 99) == 1

    assert get_job(engine, job.id).state is JobState.CANCELLED
    assert cancel_waiting_shards(engine, NOON, 99) == 0
    assert_ledger_adds_up(engine, job)


@pytest.mark.parametrize("change", [cancel_job, pause_job, resume_job])
def test_what_has_ended_stays_ended(engine: Engine, change: Service) -> None:
    job = make_job(engine, 1)
    cancel_job(engine, job.id, NOON)

    with pytest.raises(JobRefused, match=f"Job {job.id} is cancelled: it can't be "):
        change(engine, job.id, NOON)

    assert get_job(engine, job.id).finished_at == NOON


@pytest.mark.parametrize("change", [cancel_job, pause_job, resume_job])
def test_what_is_done_is_done(engine: Engine, change: Service) -> None:
    job = make_job(engine, 1)
    claim = start_shard(engine)
    crawl(engine, claim.shard)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON)

    with pytest.raises(JobRefused, match=f"Job {job.id} is completed: it can't be "):
        change(engine, job.id, NOON + MINUTE)

    assert read_progress(engine, job.id).outcomes == {"ok": 1}
    assert get_job(engine, job.id).state is JobState.COMPLETED


def test_a_paused_job_rests_until_it_is_resumed(engine: Engine) -> None:
    job = make_job(engine, 4, shard_size=2)
    claim = start_shard(engine)

    paused = pause_job(engine, job.id, NOON)
    assert (paused.state, paused.reason, paused.paused_since) == (JobState.PAUSED, "paused", NOON)
    assert heartbeat(engine, claim.shard.id, claim.shard.attempt, NOON) is Order.PAUSE
    crawl(engine, claim.shard, most=1)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "paused", NOON, is_handed_back=True)
    assert get_job(engine, job.id).state is JobState.PAUSED
    assert shards_to_schedule(engine, "worker", NOON, 9) == []

    resumed = resume_job(engine, job.id, NOON)
    assert (resumed.state, resumed.reason, resumed.paused_since) == (JobState.PENDING, None, None)
    for left in (1, 2):
        assert crawl(engine, start_shard(engine).shard) == left
    assert_ledger_adds_up(engine, job)


def test_a_pause_that_comes_too_late_does_not_keep_a_job_from_its_end(engine: Engine) -> None:
    job = make_job(engine, 2)
    claim = start_shard(engine)
    pause_job(engine, job.id, NOON)

    crawl(engine, claim.shard)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "paused", NOON, is_handed_back=True)

    assert get_job(engine, job.id).state is JobState.COMPLETED


def test_a_job_that_is_resumed_before_its_process_stopped_goes_on(engine: Engine) -> None:
    job = make_job(engine, 2)
    claim = start_shard(engine)
    pause_job(engine, job.id, NOON)

    assert resume_job(engine, job.id, NOON).state is JobState.RUNNING
    assert heartbeat(engine, claim.shard.id, claim.shard.attempt, NOON) is Order.GO_ON


@pytest.mark.parametrize(("change", "left"), [(cancel_job, "cancelled"), (pause_job, "pending")])
def test_a_process_that_starts_after_a_cancel_or_a_pause_is_sent_home(
    engine: Engine, change: Service, left: str
) -> None:
    job = make_job(engine, 2)
    (shard,) = shards_to_schedule(engine, "worker", NOON, 9)
    change(engine, job.id, NOON)

    with pytest.raises(ShardLost):
        claim_shard(engine, shard.id, shard.attempt, PROCESS, NOON)

    assert shard_states(engine, job) == [left]


def test_a_job_pauses_when_all_its_processes_wait_and_goes_on_with_the_first(engine: Engine) -> None:
    job = make_job(engine, 2, shard_size=1)
    first, second = start_shard(engine).shard, start_shard(engine).shard
    wait = partial(heartbeat, engine, now=NOON, waiting_for=WAITS, waiting_until=NOON + MINUTE)

    assert wait(first.id, first.attempt) is Order.GO_ON
    assert get_job(engine, job.id).state is JobState.RUNNING
    wait(second.id, second.attempt)

    paused = get_job(engine, job.id)
    assert (paused.state, paused.reason) == (JobState.PAUSED, WAITS)
    assert paused.paused_until == NOON + MINUTE

    heartbeat(engine, first.id, first.attempt, NOON)
    assert get_job(engine, job.id).state is JobState.RUNNING
    crawl(engine, first)
    end_shard(engine, first.id, first.attempt, "finished", NOON)
    assert get_job(engine, job.id).state is JobState.PAUSED


def test_a_job_that_waits_by_itself_can_be_paused_and_cancelled_by_a_person(engine: Engine) -> None:
    job = make_job(engine, 2)
    shard = start_shard(engine).shard
    heartbeat(engine, shard.id, shard.attempt, NOON, waiting_for=WAITS)

    assert pause_job(engine, job.id, NOON).reason == "paused"
    assert heartbeat(engine, shard.id, shard.attempt, NOON) is Order.PAUSE
    cancel_job(engine, job.id, NOON)
    assert heartbeat(engine, shard.id, shard.attempt, NOON) is Order.CANCEL
    with pytest.raises(JobRefused, match="is being cancelled: it can't be paused"):
        pause_job(engine, job.id, NOON)
