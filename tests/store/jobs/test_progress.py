"""How far a job is, in numbers and in percent."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from store.jobs.claims import end_shard, heartbeat
from store.jobs.filling import Wanted
from store.jobs.progress import read_progress
from store.jobs.services import cancel_job
from tests.store.factories import NOON
from tests.store.jobs.samples import crawl, make_job, names, start_shard


def test_percent_is_what_is_done_of_what_came_in_rounded_down(engine: Engine) -> None:
    job = make_job(engine, [*names(5), Wanted("x y", None, "no name"), Wanted("@user1", "user1")])
    shard = start_shard(engine).shard
    crawl(engine, shard, most=1)
    crawl(engine, shard, most=1, outcome="not_found")

    progress = read_progress(engine, job.uuid)

    assert (progress.total, progress.done, progress.succeeded) == (7, 4, 2)
    assert progress.percent == 57
    crawl(engine, shard)
    assert read_progress(engine, job.id).percent == 100


@pytest.mark.parametrize(
    ("found", "declared", "percent"), [(0, None, 0), (30, 60, 50), (70, 60, 99), (5, 0, 0)]
)
def test_the_list_of_a_single_target_counts(
    sqlite_engine: Engine, found: int, declared: int | None, percent: int
) -> None:
    job = make_job(sqlite_engine, 1)
    shard = start_shard(sqlite_engine).shard

    heartbeat(sqlite_engine, shard.id, shard.attempt, NOON, found=found, declared=declared)
    heartbeat(sqlite_engine, shard.id, shard.attempt, NOON)

    progress = read_progress(sqlite_engine, job.id)
    assert (progress.found, progress.declared, progress.percent) == (found, declared, percent)
    crawl(sqlite_engine, shard)
    end_shard(sqlite_engine, shard.id, shard.attempt, "finished", NOON)
    assert read_progress(sqlite_engine, job.id).percent == 100


def test_what_was_left_by_a_cancelled_job_is_not_worked_on(sqlite_engine: Engine) -> None:
    job = make_job(sqlite_engine, 5)
    shard = start_shard(sqlite_engine).shard
    crawl(sqlite_engine, shard, most=2)
    cancel_job(sqlite_engine, job.id, NOON)
    end_shard(sqlite_engine, shard.id, shard.attempt, "cancelled", NOON)

    progress = read_progress(sqlite_engine, job.id)

    assert (progress.done, progress.left, progress.percent) == (5, 3, 40)


def test_a_job_without_targets_is_done(sqlite_engine: Engine) -> None:
    assert read_progress(sqlite_engine, make_job(sqlite_engine, 0).id).percent == 100
