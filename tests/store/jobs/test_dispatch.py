"""Which shards workers start, in which order, and how they notice that a process is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from store.jobs.claims import claim_shard, end_shard, heartbeat
from store.jobs.dispatch import (
    LEASE,
    PATIENCE,
    SILENCE,
    give_back,
    mark_scheduled,
    record_exit,
    recover_lost_shards,
    settle,
    shards_to_schedule,
)
from store.jobs.errors import ShardLost
from store.jobs.rows import Shard
from store.jobs.services import get_job
from store.jobs.states import JobState
from tests.store.factories import NOON
from tests.store.jobs.samples import PROCESS, crawl, make_job, shard_states, start_shard

SECOND = timedelta(seconds=1)


def told(engine: Engine, shard: Shard, attempt: int | None = None) -> bool:
    return mark_scheduled(
        engine, shard.id, attempt or shard.attempt, NOON, node="http://node", scrapyd_job="x"
    )


def test_the_most_urgent_come_first_and_each_once(engine: Engine) -> None:
    usual, urgent = make_job(engine, 3, shard_size=1), make_job(engine, 2, shard_size=1, priority=9)
    make_job(engine, 1, is_by_hand=True)

    taken = [shards_to_schedule(engine, worker, NOON, 2) for worker in ("a", "b", "c", "a")]

    assert [[(s.job_id, s.number) for s in shards] for shards in taken] == [
        [(urgent.id, 1), (urgent.id, 2)],
        [(usual.id, 1), (usual.id, 2)],
        [(usual.id, 3)],
        [],
    ]
    assert {(s.attempt, s.leased_by) for s in taken[0]} == {(1, "a")}


def test_what_a_dead_worker_took_is_taken_over_with_a_new_number(engine: Engine) -> None:
    make_job(engine, 1)
    (first,) = shards_to_schedule(engine, "dead", NOON, 1)

    assert shards_to_schedule(engine, "heir", NOON + LEASE - SECOND, 1) == []
    (second,) = shards_to_schedule(engine, "heir", NOON + LEASE, 1)

    assert (second.id, second.attempt) == (first.id, first.attempt + 1)
    with pytest.raises(ShardLost, match="it is pending, at attempt 2"):
        claim_shard(engine, first.id, first.attempt, PROCESS, NOON)
    assert not told(engine, first)
    assert told(engine, second)


def test_a_process_may_be_faster_than_the_note_that_it_was_told_to_start(engine: Engine) -> None:
    job = make_job(engine, 1)
    (shard,) = shards_to_schedule(engine, "worker", NOON, 1)

    claim_shard(engine, shard.id, shard.attempt, PROCESS, NOON)

    assert told(engine, shard)
    assert shard_states(engine, job) == ["running"]
    with pytest.raises(ShardLost, match="it is running"):
        claim_shard(engine, shard.id, shard.attempt, PROCESS, NOON)


def test_what_no_node_takes_is_due_again_later(engine: Engine) -> None:
    make_job(engine, 1)
    (shard,) = shards_to_schedule(engine, "worker", NOON, 1)

    give_back(engine, "somebody else", [shard.id], NOON)
    assert shards_to_schedule(engine, "worker", NOON, 1) == []
    give_back(engine, "worker", [shard.id], NOON + SECOND)

    assert shards_to_schedule(engine, "worker", NOON, 1) == []
    assert len(shards_to_schedule(engine, "worker", NOON + SECOND, 1)) == 1


def test_a_silent_process_is_gone_and_one_that_speaks_is_not(engine: Engine) -> None:
    job = make_job(engine, 2, shard_size=1)
    silent, alive = start_shard(engine).shard, start_shard(engine).shard
    now = NOON + SILENCE
    heartbeat(engine, alive.id, alive.attempt, now - SECOND)

    assert recover_lost_shards(engine, now - SECOND) == []
    (lost,) = recover_lost_shards(engine, now)

    assert (lost.id, lost.host, lost.pid) == (silent.id, "here", 4711)
    assert shard_states(engine, job) == ["pending", "running"]
    assert recover_lost_shards(engine, now) == []


def test_a_node_that_never_starts_what_it_was_told_loses_it(engine: Engine) -> None:
    job = make_job(engine, 1)
    (shard,) = shards_to_schedule(engine, "worker", NOON, 1)
    told(engine, shard)

    assert recover_lost_shards(engine, NOON + PATIENCE - SECOND) == []
    assert [lost.id for lost in recover_lost_shards(engine, NOON + PATIENCE)] == [shard.id]

    assert shard_states(engine, job) == ["pending"]
    with pytest.raises(ShardLost):
        claim_shard(engine, shard.id, shard.attempt, PROCESS, NOON + PATIENCE)


def test_a_process_that_ended_behind_our_back_is_noticed_by_its_exit(engine: Engine) -> None:
    job = make_job(engine, 2)
    shard = start_shard(engine).shard

    assert record_exit(engine, shard.id, shard.attempt, -9, NOON)
    assert not record_exit(engine, shard.id, shard.attempt, -9, NOON)
    assert not settle(engine, shard.id, shard.attempt + 1, "late", NOON)

    assert shard_states(engine, job) == ["pending"]
    assert get_job(engine, job.id).state is JobState.PENDING


def test_the_exit_of_a_process_that_ended_well_is_only_noted(engine: Engine) -> None:
    job = make_job(engine, 2)
    shard = start_shard(engine).shard
    crawl(engine, shard)
    end_shard(engine, shard.id, shard.attempt, "finished", NOON)

    assert not record_exit(engine, shard.id, shard.attempt, 0, NOON)

    assert shard_states(engine, job) == ["done"]
    assert not record_exit(engine, 99, 1, 0, NOON)
