"""Shards go to the least loaded node that lives; those whose process is gone go again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from store.jobs.claims import Process, claim_shard, heartbeat
from store.jobs.rows import Job, Shard
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState, ShardState
from store.models.jobs import SHARDS
from tests.store.jobs_made import bulk_job
from tests.webapi.worker.conftest import NOW, Clock
from tests.webapi.worker.pretend_node import PretendNode
from webapi.worker.dispatch import Dispatch
from webapi.worker.task import Tools
from webapi.worker.watch import Watch

PROCESS = Process(host="here", pid=1, started_at=NOW)


def jobs(engine: Engine, count: int) -> list[Job]:
    return [bulk_job(engine, ["khaby.lame"], NOW) for _ in range(count)]


def shards(engine: Engine) -> list[Shard]:
    with engine.connect() as connection:
        return [Shard.of(row) for row in connection.execute(select(SHARDS).order_by(SHARDS.c.id))]


def test_a_shard_goes_to_a_node_with_nothing_but_its_id_and_attempt(
    tools: Tools, nodes: Sequence[PretendNode]
) -> None:
    (job,) = jobs(tools.engine, 1)

    Dispatch(tools).run()

    (shard,) = shards(tools.engine)
    (started,) = [one for node in nodes for one in node.started]
    assert started == {
        "project": "tiktok", "spider": "bulk_profiles", "jobid": f"{job.id}.1.1", "priority": "0",
        "shard": str(shard.id), "attempt": "1",
    }  # fmt: skip
    assert (shard.state, shard.scrapyd_job) == (ShardState.SCHEDULED, f"{job.id}.1.1")
    assert shard.node in [node.url for node in nodes], "without the password"


def test_the_least_loaded_node_gets_the_next_shard(tools: Tools, nodes: Sequence[PretendNode]) -> None:
    nodes[0].running[:] = ["a", "b", "c"]
    nodes[1].running[:] = ["d"]
    jobs(tools.engine, 3)

    Dispatch(tools).run()

    assert [len(node.started) for node in nodes] == [1, 2]


def test_a_node_whose_queue_is_full_gets_nothing_until_it_has_room(
    tools: Tools, nodes: Sequence[PretendNode], clock: Clock
) -> None:
    jobs(tools.engine, 6)
    dispatch = Dispatch(tools)

    dispatch.run()
    dispatch.run()
    full = [len(node.started) for node in nodes]
    nodes[1].waiting.clear()
    clock.now += timedelta(seconds=1)
    dispatch.run()

    assert full == [2, 2]
    assert [len(node.started) for node in nodes] == [2, 4]


def test_a_dead_node_is_passed_over(tools: Tools, nodes: Sequence[PretendNode]) -> None:
    nodes[0].close()
    jobs(tools.engine, 2)

    Dispatch(tools).run()

    assert [len(node.started) for node in nodes] == [0, 2]


@pytest.mark.parametrize("trouble", ["refuses", "password"])
def test_what_no_node_takes_is_offered_again_later(
    tools: Tools, nodes: Sequence[PretendNode], clock: Clock, trouble: str
) -> None:
    (job,) = jobs(tools.engine, 1)
    if trouble == "refuses":
        for node in nodes:
            node.refuses = "no such spider"
    else:
        urls = tuple(node.url for node in nodes)
        tools = replace(tools, config=replace(tools.config, scrapyd_urls=urls))

    Dispatch(tools).run()
    (after,) = shards(tools.engine)
    for node in nodes:
        node.refuses = ""
    clock.now += timedelta(minutes=1)
    Dispatch(
        replace(
            tools, config=replace(tools.config, scrapyd_urls=tuple(one.url_with_password for one in nodes))
        )
    ).run()

    assert (after.state, after.leased_by) == (ShardState.PENDING, None)
    assert get_job(tools.engine, job.id).state is JobState.PENDING
    assert sum(len(node.started) for node in nodes) == 1


@pytest.fixture
def watch(tools: Tools) -> Watch:
    return Watch(tools)


Crawling = Callable[[], Shard]


@pytest.fixture
def crawling(tools: Tools, clock: Clock) -> Crawling:
    """Give a way to start a shard whose process has claimed it."""

    def start() -> Shard:
        jobs(tools.engine, 1)
        Dispatch(tools).run()
        (shard,) = shards(tools.engine)
        claim_shard(tools.engine, shard.id, shard.attempt, PROCESS, clock.now)
        return shards(tools.engine)[0]

    return start


def test_a_shard_whose_process_is_silent_goes_again_and_the_process_is_ended(
    tools: Tools, nodes: Sequence[PretendNode], clock: Clock, watch: Watch, crawling: Crawling
) -> None:
    shard = crawling()

    clock.now += timedelta(seconds=29)
    watch.run()
    still = shards(tools.engine)[0].state
    clock.now += timedelta(seconds=2)
    watch.run()
    clock.now += timedelta(seconds=10)
    Dispatch(tools).run()

    (again,) = shards(tools.engine)
    assert (still, again.state, again.attempt) == (ShardState.RUNNING, ShardState.SCHEDULED, 2)
    assert [job for node in nodes for job in node.killed] == [shard.scrapyd_job]


def test_a_process_that_lives_keeps_its_shard(
    tools: Tools, clock: Clock, watch: Watch, crawling: Crawling
) -> None:
    shard = crawling()

    for _ in range(20):
        clock.now += timedelta(seconds=10)
        heartbeat(tools.engine, shard.id, shard.attempt, clock.now)
        watch.run()

    assert shards(tools.engine)[0].state is ShardState.RUNNING


def test_after_the_database_was_away_the_living_get_time_to_say_so(
    tools: Tools, clock: Clock, watch: Watch, crawling: Crawling
) -> None:
    crawling()

    clock.now += timedelta(minutes=5)
    watch.database_came_back()
    watch.run()
    at_once = shards(tools.engine)[0].state
    clock.now += timedelta(seconds=31)
    watch.run()

    assert (at_once, shards(tools.engine)[0].state) == (ShardState.RUNNING, ShardState.PENDING)


def test_a_clock_that_is_set_makes_nobody_look_dead(
    tools: Tools, clock: Clock, watch: Watch, crawling: Crawling
) -> None:
    crawling()

    clock.was_set_by = timedelta(hours=1)
    clock.now += timedelta(hours=1)
    watch.run()

    assert shards(tools.engine)[0].state is ShardState.RUNNING


def test_a_shard_in_a_busy_node_s_queue_is_not_lost(
    tools: Tools, nodes: Sequence[PretendNode], clock: Clock, watch: Watch
) -> None:
    jobs(tools.engine, 1)
    Dispatch(tools).run()

    for _ in range(60):
        clock.now += timedelta(seconds=30)
        watch.run()
    waiting = shards(tools.engine)[0]
    for node in nodes:
        node.waiting.clear()
    clock.now += timedelta(seconds=61)
    watch.run()

    assert (waiting.state, waiting.attempt, waiting.failures) == (ShardState.SCHEDULED, 1, 0)
    assert shards(tools.engine)[0].state is ShardState.PENDING


def test_a_cancelled_process_that_does_not_stop_is_ended_after_its_grace(
    tools: Tools, nodes: Sequence[PretendNode], clock: Clock, watch: Watch, crawling: Crawling
) -> None:
    shard = crawling()
    cancel_job(tools.engine, shard.job_id, clock.now)

    for _ in range(2):
        clock.now += timedelta(seconds=14)
        heartbeat(tools.engine, shard.id, shard.attempt, clock.now)
        watch.run()
    in_grace = get_job(tools.engine, shard.job_id).state
    clock.now += timedelta(seconds=3)
    watch.run()

    assert (in_grace, get_job(tools.engine, shard.job_id).state) == (JobState.RUNNING, JobState.CANCELLED)
    assert [job for node in nodes for job in node.killed] == [shard.scrapyd_job]
