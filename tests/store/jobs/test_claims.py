"""A process and its shard: only the newest attempt may write, whatever the older ones believe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from store.jobs.claims import Order, end_shard, heartbeat
from store.jobs.dispatch import recover_lost_shards
from store.jobs.errors import ShardLost
from store.jobs.progress import read_progress
from store.jobs.services import get_job
from store.jobs.states import JobState, ShardState
from tests.store.factories import NOON
from tests.store.jobs.samples import assert_ledger_adds_up, crawl, make_job, start_shard


def test_a_job_goes_its_way_from_the_first_target_to_the_last(engine: Engine) -> None:
    job = make_job(engine, 5)
    assert job.state is JobState.PENDING

    claim = start_shard(engine)
    assert claim.job.state is JobState.RUNNING
    assert heartbeat(engine, claim.shard.id, claim.shard.attempt, NOON) is Order.GO_ON
    assert crawl(engine, claim.shard, most=2) == 2
    assert read_progress(engine, job.id).percent == 40
    assert crawl(engine, claim.shard) == 3

    assert end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON) is ShardState.DONE
    ended = get_job(engine, job.uuid)
    assert (ended.state, ended.finished_at) == (JobState.COMPLETED, NOON)
    assert read_progress(engine, job.id).outcomes == {"ok": 5}
    assert_ledger_adds_up(engine, job)


def test_a_late_orphan_can_t_finalise(engine: Engine) -> None:
    job = make_job(engine, 5)
    orphan = start_shard(engine)
    crawl(engine, orphan.shard, most=1)
    later = NOON + timedelta(seconds=31)
    assert [shard.id for shard in recover_lost_shards(engine, later)] == [orphan.shard.id]

    for write in (crawl, lambda e, s: end_shard(e, s.id, s.attempt, "finished", later)):
        with pytest.raises(ShardLost):
            write(engine, orphan.shard)
    assert heartbeat(engine, orphan.shard.id, orphan.shard.attempt, later) is Order.STOP
    heir = start_shard(engine, later + timedelta(minutes=1))
    with pytest.raises(ShardLost):
        crawl(engine, orphan.shard)

    assert heir.shard.attempt == orphan.shard.attempt + 1
    assert crawl(engine, heir.shard) == 4
    assert_ledger_adds_up(engine, job)
