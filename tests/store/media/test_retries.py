from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from store.media.book import Order, Settlement, ask, claim, settle
from store.media.holders import new_holder
from store.media.retries import Choice, open_orders, retry_posts
from store.media.statuses import Status, post_statuses, status_counts
from store.transactions import in_transaction
from tiktok.media.wishes import MediaWish

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = Choice()


def order(video_id: str, job_id: int = 1, *, covers: bool = False) -> Order:
    wanted = MediaWish(media=True, covers=covers)
    return Order(job_ids=(job_id,), video_id=video_id, wish=wanted, mode="profile", value="maya")


def book(engine: Engine, status: Status, *orders: Order) -> None:
    holder = new_holder()
    ended = [Settlement(each, status, "not offered" if status is Status.FAILED else None) for each in orders]
    in_transaction(engine, lambda connection: claim(connection, holder, orders, NOON))
    in_transaction(engine, lambda connection: settle(connection, holder, ended, NOON))


@pytest.fixture
def a_job(engine: Engine) -> Engine:
    """Thirty posts of which three failed, and others' posts."""
    book(engine, Status.DOWNLOADED, *(order(str(number)) for number in range(100, 127)))
    book(engine, Status.FAILED, *(order(str(number)) for number in range(127, 130)))
    book(engine, Status.FAILED, order("500", job_id=2))
    return engine


def test_all_failed_posts_of_a_job_are_tried_again(a_job: Engine) -> None:
    again = retry_posts(a_job, Choice(job_id=1), NOON)

    counts = status_counts(a_job, 1)
    assert again == 3
    assert (counts[Status.PENDING], counts[Status.DOWNLOADED], counts[Status.FAILED]) == (3, 27, 0)
    assert [each.video_id for each in open_orders(a_job, ALL)] == ["127", "128", "129"]
    assert post_statuses(a_job, 1, ["127"])[0].reason is None
    assert status_counts(a_job, 2)[Status.FAILED] == 1


def test_one_failed_post_is_tried_again(a_job: Engine) -> None:
    assert retry_posts(a_job, Choice(video_ids=["128"]), NOON) == 1
    assert retry_posts(a_job, Choice(video_ids=["100"]), NOON) == 0, "it did not fail"
    assert [each.video_id for each in open_orders(a_job, ALL)] == ["128"]


def test_what_several_jobs_wait_for_is_one_order_for_what_any_wants(engine: Engine) -> None:
    asked = [order("7"), order("7", job_id=2, covers=True), order("8", job_id=2)]
    in_transaction(engine, lambda connection: ask(connection, asked, NOON))

    first, second = open_orders(engine, ALL)

    assert (first.job_ids, first.wish) == ((1, 2), MediaWish(media=True, covers=True))
    assert second == order("8", job_id=2)
    assert open_orders(engine, Choice(job_id=1)) == [order("7")]
    assert open_orders(engine, Choice(mode="profile", value="somebody")) == []
    assert open_orders(engine, ALL, after="7") == [second]
    assert [each.video_id for each in open_orders(engine, ALL, n=1)] == ["7"]
