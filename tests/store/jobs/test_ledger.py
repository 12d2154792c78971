"""The ledger: every target that came in has one row, and every row one outcome."""

from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from store.jobs.claims import end_shard
from store.jobs.errors import ShardLost
from store.jobs.filling import Wanted
from store.jobs.found import count_videos, found_videos, note_videos
from store.jobs.ledger import Finding, finalise, finalise_in, open_targets
from store.jobs.progress import read_progress
from store.jobs.results import all_results, read_results
from store.jobs.retries import retry_failed
from store.jobs.services import cancel_job
from store.models import Base
from store.models.jobs import JOB_TARGETS
from store.transactions import in_transaction
from tests.store.factories import NOON
from tests.store.jobs.samples import assert_ledger_adds_up, crawl, make_job, names, shard_states, start_shard


def test_what_is_known_of_a_target_is_kept_with_its_outcome(engine: Engine) -> None:
    job = make_job(engine, [*names(2), Wanted("@USER2", "user2")])
    shard = start_shard(engine).shard
    found = Finding(
        position=2, outcome="ok", reason="found", record_id="6800000000000000001", from_cache=True
    )

    assert finalise(engine, shard.id, shard.attempt, [found], NOON) == 1

    open_row, row, same = read_results(engine, job.id)
    assert (open_row.outcome, open_row.record_id, open_row.finished_at) == (None, None, None)
    assert (row.outcome, row.reason, row.record_id) == ("ok", "found", "6800000000000000001")
    assert (row.from_cache, row.finished_at) == (True, NOON)
    assert (same.given, same.outcome, same.record_id, same.from_cache) == (
        "@USER2",
        "ok",
        row.record_id,
        True,
    )
    assert read_progress(engine, job.id).outcomes == {"ok": 2}


def test_an_outcome_is_written_once(engine: Engine) -> None:
    job = make_job(engine, 2)
    shard = start_shard(engine).shard
    first, second = (Finding(position=1, outcome=outcome) for outcome in ("ok", "blocked"))

    assert finalise(engine, shard.id, shard.attempt, [first], NOON) == 1
    assert finalise(engine, shard.id, shard.attempt, [second], NOON) == 0
    assert finalise(engine, shard.id, shard.attempt, [], NOON) == 0

    assert read_progress(engine, job.id).outcomes == {"ok": 1}


def test_a_shard_finalises_only_its_own_range(engine: Engine) -> None:
    job = make_job(engine, 4, shard_size=2)
    first = start_shard(engine).shard
    strangers = [Finding(position=position, outcome="ok") for position in (0, 3, 4, 99)]

    assert [target.position for target in open_targets(engine, first)] == [1, 2]
    assert finalise(engine, first.id, first.attempt, strangers, NOON) == 0

    assert read_progress(engine, job.id).done == 0


def test_open_targets_come_in_order_and_a_few_at_a_time(engine: Engine) -> None:
    make_job(engine, [*names(3), Wanted("x y", None, "no name"), *names(1), Wanted("last", "last")])
    shard = start_shard(engine).shard

    first = open_targets(engine, shard, most=2)
    rest = open_targets(engine, shard, after=first[-1].position, most=9)

    assert [(t.position, t.target, t.given) for t in first] == [
        (1, "user1", "@user1"),
        (2, "user2", "@user2"),
    ]
    assert [target.position for target in rest] == [3, 6]


def test_an_outcome_and_what_is_stored_with_it_stand_or_fall_together(engine: Engine) -> None:
    job = make_job(engine, 2)
    shard = start_shard(engine).shard

    def store(connection: Connection, breaks: type[Exception] | None = None) -> None:
        note_videos(connection, job.id, {"7400000000000000001": 1}, NOON)
        finalise_in(connection, shard.id, shard.attempt, [Finding(position=1, outcome="ok")], NOON)
        if breaks:
            raise breaks

    with pytest.raises(ZeroDivisionError):
        in_transaction(engine, partial(store, breaks=ZeroDivisionError))
    assert (read_progress(engine, job.id).done, count_videos(engine, job.id)) == (0, 0)
    cancel_job(engine, job.id, NOON)
    end_shard(engine, shard.id, shard.attempt, "cancelled", NOON)
    with pytest.raises(ShardLost, match="it is cancelled"):
        in_transaction(engine, store)

    assert count_videos(engine, job.id) == 0


def test_a_post_is_found_by_many_jobs_and_once_by_each(engine: Engine) -> None:
    first, second = make_job(engine, 2), make_job(engine, 1)

    def note(job_id: int, videos: dict[str, int]) -> None:
        in_transaction(engine, lambda connection: note_videos(connection, job_id, videos, NOON))

    note(first.id, {"30": 1, "10": 1})
    note(first.id, {"20": 2, "10": 2})
    note(second.id, {"10": 1})
    note(second.id, {})

    assert list(found_videos(engine, first.id)) == ["10", "20", "30"]
    assert list(found_videos(engine, first.id, after="10", most=1)) == ["20"]
    assert (count_videos(engine, first.id), count_videos(engine, second.id)) == (3, 1)


def test_results_come_in_pages_without_a_gap(engine: Engine) -> None:
    job = make_job(engine, 25)

    pages = list(all_results(engine, job.id, page=7))

    assert [result.position for result in pages] == list(range(1, 26))
    assert [result.position for result in read_results(engine, job.id, after=20, most=3)] == [21, 22, 23]


TARGETS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), max_size=12)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(targets=TARGETS, shard_size=st.integers(1, 5), seed=st.integers(0, 999))
def test_the_sum_is_what_came_in_whatever_happens(
    sqlite_engine: Engine, targets: list[str | None], shard_size: int, seed: int
) -> None:
    with sqlite_engine.begin() as connection:
        for table in Base.metadata.tables.values():
            connection.execute(table.delete())
    dice = random.Random(seed)  # noqa: S311  # a seeded course of events
    wanted = [Wanted(name or "x y", name, "" if name else "no name") for name in targets]
    job = make_job(sqlite_engine, wanted, shard_size=shard_size)

    for _ in range(6):
        assert_ledger_adds_up(sqlite_engine, job)
        if "pending" not in shard_states(sqlite_engine, job):
            break
        shard = start_shard(sqlite_engine).shard
        crawl(sqlite_engine, shard, most=dice.randrange(4), outcome=dice.choice(["ok", "blocked", "private"]))
        if dice.random() < 0.2:
            cancel_job(sqlite_engine, job.id, NOON)
        end_shard(sqlite_engine, shard.id, shard.attempt, "x", NOON, is_handed_back=True)
    progress = read_progress(sqlite_engine, job.id)
    if progress.job.finished_at and set(progress.outcomes) & {"blocked", "cancelled"}:
        retry_failed(sqlite_engine, job.id, NOON)

    assert_ledger_adds_up(sqlite_engine, job)
    with sqlite_engine.connect() as connection:
        assert len(list(connection.scalars(select(JOB_TARGETS.c.position)))) == len(targets)
