"""Lists without a cursor: an embed page's head, and feeds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import Operation, Route
from tiktok.walks import Continue, End, Row, carry_cursor, start_walk
from tiktok.walks.heads import STALE_ANSWERS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEN = [Row(str(key)) for key in range(10)]


@pytest.mark.parametrize(
    ("declared", "found", "state"),
    [
        (10, 0, ListState.COMPLETE),
        (7, 0, ListState.COMPLETE),
        (11, 0, ListState.TRUNCATED),
        (None, 0, ListState.TRUNCATED),
        (60, 50, ListState.COMPLETE),
    ],
)
def test_a_head_is_complete_only_when_it_holds_all_there_is(
    declared: int | None, found: int, state: ListState
) -> None:
    walk = start_walk(Operation.PROFILE_VIDEOS, Route.EMBED, now=NOW, declared=declared, found=found)

    step = walk.advance(TEN, ListPage(), 10)

    assert isinstance(step, End)
    assert step.state is state


def test_a_head_believes_the_count_on_its_own_page() -> None:
    walk = start_walk(Operation.HASHTAG_VIDEOS, Route.EMBED, now=NOW)

    step = walk.advance(TEN, ListPage(declared=100_000), 10)

    assert step == End(ListState.TRUNCATED, "head_only: found 10 of 100000, 10 shown")


@pytest.mark.parametrize(
    ("declared", "found", "state"),
    [
        (0, 0, ListState.COMPLETE),
        (5, 0, ListState.FAILED),
        (None, 0, ListState.FAILED),
        (9, 5, ListState.TRUNCATED),
    ],
)
def test_a_head_without_rows_is_empty_only_when_there_are_none(
    declared: int | None, found: int, state: ListState
) -> None:
    walk = start_walk(Operation.PROFILE_VIDEOS, Route.EMBED, now=NOW, declared=declared, found=found)

    step = walk.advance([], ListPage(), 0)

    assert isinstance(step, End)
    assert step.state is state


def test_a_head_has_no_cursor_and_no_order_to_rely_on() -> None:
    walk = start_walk(Operation.PROFILE_VIDEOS, Route.EMBED, now=NOW, cursor="1700000000000")

    assert walk.cursor is None
    assert not walk.newest_first


def test_a_feed_is_asked_again_until_nothing_new_comes() -> None:
    walk = start_walk(Operation.TRENDING, Route.API, now=NOW)
    more = ListPage(has_more=True)

    assert walk.advance(TEN, more, 10) == Continue(None)
    for _ in range(STALE_ANSWERS - 1):
        assert walk.advance(TEN, more, 0) == Continue(None)
    assert walk.advance(TEN, more, 0) == End(ListState.COMPLETE, "nothing new in 3 answers")


def test_something_new_keeps_a_feed_going() -> None:
    walk = start_walk(Operation.TRENDING, Route.API, now=NOW)
    news = [10, 0, 0, 1, 0, 0, 1]

    steps = [walk.advance(TEN, ListPage(has_more=True), new) for new in news]

    assert steps == [Continue(None)] * len(news)
    assert walk.found == 12


def test_a_feed_ends_when_it_says_so() -> None:
    walk = start_walk(Operation.TRENDING, Route.API, now=NOW)

    step = walk.advance(TEN, ListPage(has_more=False), 10)

    assert step == End(ListState.COMPLETE, "the feed says no more")


def test_a_feed_that_shows_nothing_has_failed() -> None:
    walk = start_walk(Operation.TRENDING, Route.API, now=NOW)

    steps = [walk.advance([], ListPage(), 0) for _ in range(STALE_ANSWERS)]

    assert steps[-1] == End(ListState.FAILED, "blocked_or_hidden: the feed shows nothing")


@pytest.mark.parametrize(
    ("operation", "before", "after", "carried"),
    [
        (Operation.PROFILE_VIDEOS, Route.LIST, Route.API, True),
        (Operation.PROFILE_VIDEOS, Route.API, Route.LIST, True),
        (Operation.PROFILE_VIDEOS, Route.LIST, Route.EMBED, False),
        (Operation.PROFILE_VIDEOS, Route.EMBED, Route.LIST, False),
        (Operation.HASHTAG_VIDEOS, Route.API, Route.BROWSER, False),
        (Operation.HASHTAG_VIDEOS, Route.BROWSER, Route.EMBED, False),
        (Operation.COMMENTS, Route.API, Route.SESSION, True),
    ],
)
def test_a_cursor_is_carried_where_the_next_route_understands_it(
    operation: Operation, before: Route, after: Route, carried: bool
) -> None:
    assert carry_cursor(operation, before, after, "123") == ("123" if carried else None)
