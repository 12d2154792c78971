"""How shards and jobs end: bounded retries, one end, one callback, and a ledger that adds up in every case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from store.jobs.claims import Claim, end_shard
from store.jobs.dispatch import record_exit, recover_lost_shards
from store.jobs.endings import MOST_FAILURES
from store.jobs.progress import read_progress
from store.jobs.results import all_results
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState, ShardState
from store.models.deliveries import DELIVERIES
from store.models.jobs import JOBS
from tests.store.factories import NOON
from tests.store.jobs.samples import assert_ledger_adds_up, crawl, make_job, shard_states, start_shard

HOUR = timedelta(hours=1)
URL = "https://acme.example/hook"


def end(
    engine: Engine, claim: Claim, reason: str = "finished", *, is_handed_back: bool = False
) -> ShardState:
    shard = claim.shard
    return end_shard(engine, shard.id, shard.attempt, reason, NOON, is_handed_back=is_handed_back)


def test_a_job_ends_with_its_last_shard(engine: Engine) -> None:
    make_job(engine, 1)
    job = make_job(engine, 4, shard_size=2, priority=1)
    first, second = start_shard(engine), start_shard(engine)
    crawl(engine, first.shard)
    crawl(engine, second.shard)

    end(engine, first)
    assert get_job(engine, job.id).state is JobState.RUNNING
    end(engine, second)

    ended = get_job(engine, job.id)
    assert (ended.state, ended.reason, ended.finished_at) == (JobState.COMPLETED, None, NOON)


def test_the_callback_is_written_with_the_end_and_once(engine: Engine) -> None:
    job = make_job(engine, 1, client_id="acme", is_exclusive=True, callback_url=URL)
    claim = start_shard(engine)
    crawl(engine, claim.shard)

    end(engine, claim)

    with engine.connect() as connection:
        (delivery,) = connection.execute(select(DELIVERIES)).all()
        assert connection.scalar(select(JOBS.c.exclusive_for)) is None
    assert (delivery.job_id, delivery.round, delivery.client_id, delivery.url) == (job.id, 1, "acme", URL)
    assert (delivery.state, delivery.attempts, delivery.due_at) == ("pending", 0, NOON)


def test_an_end_that_can_t_tell_of_itself_is_no_end(sqlite_engine: Engine) -> None:
    job = make_job(sqlite_engine, 1, client_id="acme", is_exclusive=True, callback_url=URL)
    claim = start_shard(sqlite_engine)
    crawl(sqlite_engine, claim.shard)
    taken = dict.fromkeys(("uuid", "url", "state"), "x") | {"job_id": job.id, "round": 1, "attempts": 0}
    with sqlite_engine.begin() as connection:
        connection.execute(DELIVERIES.insert().values(**taken, due_at=NOON, created_at=NOON))

    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        end(sqlite_engine, claim)

    assert get_job(sqlite_engine, job.id).state is JobState.RUNNING
    assert shard_states(sqlite_engine, job) == ["running"]


def test_a_shard_that_ends_with_targets_left_is_started_again_after_a_pause(engine: Engine) -> None:
    job = make_job(engine, 3)
    claim = start_shard(engine)
    crawl(engine, claim.shard, most=1)

    assert end(engine, claim, "an exception") is ShardState.PENDING

    assert get_job(engine, job.id).state is JobState.PENDING
    with pytest.raises(ValueError, match="not enough values"):
        start_shard(engine, NOON + timedelta(seconds=4))
    again = start_shard(engine, NOON + timedelta(seconds=5))
    assert crawl(engine, again.shard) == 2


def test_handing_back_is_no_failure(engine: Engine) -> None:
    make_job(engine, 3)

    for _ in range(MOST_FAILURES * 2):
        assert end(engine, start_shard(engine), "SIGTERM", is_handed_back=True) is ShardState.PENDING


def test_a_shard_that_gets_nowhere_is_given_up_and_says_so(engine: Engine) -> None:
    job = make_job(engine, 4, shard_size=2, callback_url=URL)
    good = start_shard(engine)
    now = NOON
    for _ in range(MOST_FAILURES):
        bad = start_shard(engine, now)
        assert record_exit(engine, bad.shard.id, bad.shard.attempt, -9, now)
        now += HOUR
    assert shard_states(engine, job) == ["running", "pending"]

    bad = start_shard(engine, now)
    assert record_exit(engine, bad.shard.id, bad.shard.attempt, -9, now)

    assert shard_states(engine, job) == ["running", "failed"]
    crawl(engine, good.shard)
    end(engine, good)
    ended = get_job(engine, job.id)
    assert ended.state is JobState.FAILED
    assert ended.reason == "2 of 4 targets given up: its process ended with exit code -9"
    assert [(result.outcome, result.reason) for result in all_results(engine, job.id)][2:] == [
        ("failed", "given up after 4 attempts: its process ended with exit code -9")
    ] * 2
    assert_ledger_adds_up(engine, job)


def test_a_shard_that_gets_somewhere_may_lose_as_many_processes_as_it_has_targets(engine: Engine) -> None:
    job = make_job(engine, MOST_FAILURES * 3)
    now = NOON

    for _ in range(MOST_FAILURES * 3):
        claim = start_shard(engine, now)
        crawl(engine, claim.shard, most=1, now=now)
        now += HOUR
        assert recover_lost_shards(engine, now)
        now += HOUR

    assert get_job(engine, job.id).state is JobState.COMPLETED
    assert read_progress(engine, job.id).outcomes == {"ok": MOST_FAILURES * 3}


@pytest.mark.parametrize(
    ("outcomes", "state", "reason"),
    [
        (["blocked", "captcha"], JobState.FAILED, "no target was answered: blocked 1, captcha 1"),
        (["blocked", "ok"], JobState.COMPLETED, None),
        (["blocked", "not_found"], JobState.COMPLETED, None),
        (["private", "banned"], JobState.COMPLETED, None),
        (["empty", "empty"], JobState.COMPLETED, None),
    ],
)
def test_a_job_that_was_refused_everything_has_failed(
    sqlite_engine: Engine, outcomes: list[str], state: JobState, reason: str | None
) -> None:
    job = make_job(sqlite_engine, 2)
    claim = start_shard(sqlite_engine)
    for outcome in outcomes:
        crawl(sqlite_engine, claim.shard, most=1, outcome=outcome)

    end(sqlite_engine, claim)

    ended = get_job(sqlite_engine, job.id)
    assert (ended.state, ended.reason) == (state, reason)


def test_a_process_that_dies_after_its_last_target_has_lost_nothing(engine: Engine) -> None:
    job = make_job(engine, 2)
    claim = start_shard(engine)
    crawl(engine, claim.shard)

    recover_lost_shards(engine, NOON + HOUR)

    assert get_job(engine, job.id).state is JobState.COMPLETED


def test_a_job_cancelled_while_its_process_dies_is_cancelled(engine: Engine) -> None:
    job = make_job(engine, 4)
    claim = start_shard(engine)
    crawl(engine, claim.shard, most=1)
    cancel_job(engine, job.id, NOON)

    recover_lost_shards(engine, NOON + HOUR)

    assert get_job(engine, job.id).state is JobState.CANCELLED
    assert read_progress(engine, job.id).outcomes == {"ok": 1, "cancelled": 3}
    assert_ledger_adds_up(engine, job)
