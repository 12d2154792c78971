from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from crawler.endings import Ending
from standin.world.population import World, history, now_on
from store.models import CommentRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Comment
from tiktok.outcomes import ListState
from tiktok.routes import Operation
from tiktok.verdicts import Verdict

REPLIES = "/api/comment/list/reply/"


@pytest.fixture(scope="module")
def discussed(world: World) -> tuple[str, int]:
    """A post with some pages of comments, and how many it has, replies included."""
    account = world.account_called("two.hundred")
    assert account
    posts = history(account, now_on(0), account.role.posts, now_on(0))
    totals = {post.id: post.counters(now_on(0)).comments for post in posts}
    return next((post_id, total) for post_id, total in totals.items() if 60 < total < 120)


async def test_all_comments_and_replies_of_a_post_are_stored(site: Site, discussed: tuple[str, int]) -> None:
    post_id, total = discussed

    crawl = await site.crawl("comments", video=post_id)

    comments = site.rows(CommentRow)
    assert len(comments) == len(crawl.of_type(Comment)) == total
    assert {comment.video_id for comment in comments} == {post_id}
    replies = Counter(comment.parent_id for comment in comments if comment.parent_id)
    assert replies == {comment.id: comment.replies_count for comment in comments if comment.replies_count}
    assert (crawl.outcome.target, crawl.outcome.outcome, crawl.ending) == (post_id, Verdict.OK, Ending.DONE)


async def test_one_identity_is_enough_for_a_page_of_threads(site: Site, discussed: tuple[str, int]) -> None:
    post_id, total = discussed

    async with asyncio.timeout(60):
        await site.crawl("comments", video=post_id, settings={"GUESTS_PER_EXIT": 1})

    assert len(site.rows(CommentRow)) == total


async def test_replies_are_left_out_when_nobody_wants_them(
    site: Site, standin: RunningStandin, discussed: tuple[str, int]
) -> None:
    post_id, total = discussed
    standin.reset()

    crawl = await site.crawl("comments", video=post_id, replies="0")

    assert REPLIES not in standin.log()["counts"]
    assert 0 < len([one for one in crawl.of_type(Comment) if one.parent_id is None]) < total
    assert crawl.ending is Ending.DONE


async def test_replies_that_a_stopped_crawl_did_not_get_to_are_fetched_by_the_next(
    site: Site, standin: RunningStandin, discussed: tuple[str, int]
) -> None:
    post_id, total = discussed
    standin.add_fault("captcha", "/api/comment/list/", after=1)
    standin.add_fault("captcha", REPLIES)
    stopped = await site.crawl("comments", video=post_id)
    standin.reset()

    crawl = await site.crawl("comments", video=post_id)

    assert (stopped.outcome.outcome, stopped.ending) == (Verdict.CAPTCHA, Ending.INCOMPLETE)
    assert stopped.listings[post_id].state is ListState.TRUNCATED
    assert crawl.stats["list/resumed"] == 1
    assert len(site.rows(CommentRow)) == total
    assert crawl.ending is Ending.DONE


async def test_refused_replies_leave_the_crawl_incomplete(
    site: Site, standin: RunningStandin, discussed: tuple[str, int]
) -> None:
    post_id, _total = discussed
    standin.add_fault("captcha", REPLIES)

    crawl = await site.crawl("comments", video=post_id)

    replies = [listing for listing in crawl.listings.values() if listing.operation == Operation.REPLIES]
    assert crawl.outcome.outcome is Verdict.OK
    assert {listing.state for listing in replies} == {ListState.FAILED}
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_limit_counts_comments_per_post(site: Site, discussed: tuple[str, int]) -> None:
    post_id, _total = discussed

    crawl = await site.crawl("comments", video=post_id, limit="7", replies="0")

    top = [comment for comment in crawl.of_type(Comment) if comment.parent_id is None]
    assert len(top) == 7
    assert crawl.listings[post_id].reason == "limit of 7 reached"


async def test_a_missing_post_has_no_comments_and_is_not_found(site: Site) -> None:
    crawl = await site.crawl("comments", video="7106594312292453675")

    assert crawl.outcome.outcome is Verdict.NOT_FOUND
    assert crawl.listings == {}
