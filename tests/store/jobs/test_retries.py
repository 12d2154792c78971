"""Trying again what failed: only that, and only after the end."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from store.jobs.claims import end_shard
from store.jobs.errors import JobConflict, JobRefused
from store.jobs.filling import Wanted
from store.jobs.ledger import open_targets
from store.jobs.progress import read_progress
from store.jobs.removal import delete_job
from store.jobs.retries import retry_failed
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState
from store.media.book import Order, ask
from store.media.statuses import Status, status_counts
from store.models.deliveries import DELIVERIES
from store.transactions import in_transaction
from tests.store.factories import NOON
from tests.store.jobs.samples import assert_ledger_adds_up, crawl, make_job, names, shard_states, start_shard
from tiktok.media.wishes import MediaWish

URL = "https://acme.example/hook"


def test_only_what_says_nothing_about_the_target_is_tried_again(engine: Engine) -> None:
    job = make_job(
        engine, [*names(4), Wanted("@user3", "user3"), Wanted("x y", None, "is no name")], shard_size=2
    )
    first, second = start_shard(engine), start_shard(engine)
    for claim, outcomes in ((first, ("ok", "not_found")), (second, ("blocked", "ok"))):
        for outcome in outcomes:
            crawl(engine, claim.shard, most=1, outcome=outcome)
        end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON)
    assert get_job(engine, job.id).state is JobState.COMPLETED

    again = retry_failed(engine, job.id, NOON)

    assert (again.state, again.round, again.finished_at) == (JobState.PENDING, 2, None)
    assert shard_states(engine, job) == ["done", "pending", "done"]
    assert read_progress(engine, job.id).outcomes == {"ok": 2, "not_found": 1, "invalid": 1}
    assert_ledger_adds_up(engine, job)
    claim = start_shard(engine)
    assert [target.position for target in open_targets(engine, claim.shard)] == [3]
    crawl(engine, claim.shard)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON)
    assert read_progress(engine, job.id).outcomes == {"ok": 4, "not_found": 1, "invalid": 1}
    assert_ledger_adds_up(engine, job)


def test_a_cancelled_job_can_be_taken_up_again_and_tells_its_second_end(engine: Engine) -> None:
    job = make_job(engine, 2, client_id="acme", is_exclusive=True, callback_url=URL)
    cancel_job(engine, job.id, NOON)

    assert retry_failed(engine, job.id, NOON).cancel_requested_at is None
    with pytest.raises(JobConflict):
        make_job(engine, 1, client_id="acme", is_exclusive=True)
    claim = start_shard(engine)
    crawl(engine, claim.shard)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON)

    assert get_job(engine, job.id).state is JobState.COMPLETED
    with engine.connect() as connection:
        assert list(connection.scalars(select(DELIVERIES.c.round).order_by(DELIVERIES.c.round))) == [1, 2]


def test_a_retry_waits_for_the_end_and_for_something_that_failed(engine: Engine) -> None:
    job = make_job(engine, 1)

    with pytest.raises(JobRefused, match="is pending: it can't be retried before its end"):
        retry_failed(engine, job.id, NOON)
    claim = start_shard(engine)
    crawl(engine, claim.shard)
    end_shard(engine, claim.shard.id, claim.shard.attempt, "finished", NOON)
    with pytest.raises(JobRefused, match="is completed: it can't be retried: none of its targets failed"):
        retry_failed(engine, job.id, NOON)


def test_a_retry_is_no_way_around_one_active_job(engine: Engine) -> None:
    job = make_job(engine, 1, client_id="acme", is_exclusive=True)
    cancel_job(engine, job.id, NOON)
    make_job(engine, 1, client_id="acme", is_exclusive=True)

    with pytest.raises(JobConflict):
        retry_failed(engine, job.id, NOON)

    assert get_job(engine, job.id).state is JobState.CANCELLED
    assert_ledger_adds_up(engine, job)


def test_only_what_has_ended_can_be_deleted(engine: Engine) -> None:
    kept, job = make_job(engine, 2), make_job(engine, 3, callback_url=URL)

    with pytest.raises(JobRefused, match="is pending: it can't be deleted; cancel it first"):
        delete_job(engine, job.id)
    orders = [
        Order(job_ids=(kept.id, job.id), video_id="71", wish=MediaWish(media=True), mode="video", value="x")
    ]
    in_transaction(engine, lambda connection: ask(connection, orders, NOON))
    cancel_job(engine, job.id, NOON)
    delete_job(engine, job.uuid)

    assert_ledger_adds_up(engine, kept)
    assert [status_counts(engine, each.id)[Status.PENDING] for each in (kept, job)] == [1, 0]
    with engine.connect() as connection:
        assert connection.scalar(select(DELIVERIES.c.id)) is None
