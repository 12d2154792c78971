"""Lists with a cursor: how each of them ends, and how it is known to be the end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import LADDERS, SHOP_LISTS, Operation, Route
from tiktok.walks import Continue, End, Row, Walk, start_walk
from tiktok.walks.cursors import HABITS, REPEATS, STALE_PAGES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OFFSET_LISTS = [
    Operation.HASHTAG_VIDEOS,
    Operation.SOUND_VIDEOS,
    Operation.COMMENTS,
    Operation.REPLIES,
    Operation.SEARCH_VIDEOS,
    Operation.SEARCH_USERS,
]


def walk_of(operation: Operation, **more: int | str | None) -> Walk:
    return start_walk(operation, Route.API, now=NOW, **more)  # type: ignore[arg-type]  # passed on by name


def rows(first: int, count: int) -> list[Row]:
    return [
        Row(str(key), datetime.fromtimestamp(1_700_000_000 - key, UTC)) for key in range(first, first + count)
    ]


def says(cursor: str | None = None, has_more: bool | None = True, declared: int | None = None) -> ListPage:
    return ListPage(cursor=cursor, has_more=has_more, declared=declared)


def test_every_list_that_pages_has_its_habits() -> None:
    lists = {each for each in Operation if each.is_list}

    assert set(HABITS) == lists - {Operation.TRENDING}


@pytest.mark.parametrize("operation", OFFSET_LISTS)
def test_an_offset_list_is_walked_to_its_end(operation: Operation) -> None:
    walk = walk_of(operation)

    steps = [
        walk.advance(rows(0, 10), says("10", declared=23), 10),
        walk.advance(rows(10, 10), says("20", declared=23), 10),
        walk.advance(rows(20, 3), says("23", has_more=False, declared=23), 3),
    ]

    assert steps == [
        Continue("10"),
        Continue("20"),
        End(ListState.COMPLETE, "the list says no more, found 23 of 23"),
    ]


@pytest.mark.parametrize("operation", [Operation.COMMENTS, Operation.REPLIES])
def test_comments_are_complete_although_replies_are_counted_too(operation: Operation) -> None:
    walk = walk_of(operation)
    walk.advance(rows(0, 20), says("20", declared=499), 20)

    step = walk.advance([], says("20", has_more=False, declared=499), 0)

    assert step == End(ListState.COMPLETE, "the list says no more, found 20 of 499")


@pytest.mark.parametrize(
    "operation",
    [Operation.HASHTAG_VIDEOS, Operation.SOUND_VIDEOS, Operation.FOLLOWERS, Operation.FOLLOWING],
)
def test_a_list_that_tiktok_cuts_off_is_truncated(operation: Operation) -> None:
    walk = walk_of(operation, declared=90_000)

    step = walk.advance(rows(0, 30), says("30", has_more=False), 30)

    assert step == End(ListState.TRUNCATED, "depth_cap: the list says no more, found 30 of 90000")
    assert isinstance(step, End)
    assert not step.can_go_on


def test_a_profiles_explicit_end_is_believed() -> None:
    walk = walk_of(Operation.PROFILE_VIDEOS, declared=100)

    step = walk.advance(rows(0, 16), says("1", has_more=False), 16)

    assert step == End(ListState.COMPLETE, "the list says no more, found 16 of 100")


def test_a_missing_has_more_is_not_the_end() -> None:
    walk = walk_of(Operation.PROFILE_VIDEOS, declared=122)
    walk.advance(rows(0, 16), says("1700000000000"), 16)

    step = walk.advance(rows(16, 16), says("1690000000000", has_more=None), 16)

    assert step == Continue("1690000000000", Change.IDENTITY)


def test_a_missing_has_more_is_the_end_when_the_count_agrees() -> None:
    walk = walk_of(Operation.PROFILE_VIDEOS, declared=17)

    assert walk.advance(rows(0, 16), says("1", has_more=None), 16) == End(
        ListState.COMPLETE, "found 16 of 17"
    )


@pytest.mark.parametrize(("found", "is_end"), [(17, False), (18, True)])
def test_nine_tenths_of_the_count_are_enough(found: int, is_end: bool) -> None:
    walk = walk_of(Operation.PROFILE_VIDEOS, declared=20)

    step = walk.advance(rows(0, found), says("1700000000000", has_more=None), found)

    assert isinstance(step, End) is is_end


@pytest.mark.parametrize("operation", [Operation.COMMENTS, Operation.REPLIES])
def test_comments_do_not_end_by_a_count_that_means_something_else(operation: Operation) -> None:
    walk = walk_of(operation)

    step = walk.advance(rows(0, 20), says("20", has_more=None, declared=20), 20)

    assert step == Continue("20", Change.IDENTITY)


def test_a_list_that_goes_on_without_has_more_is_truncated_with_its_cursor() -> None:
    walk = walk_of(Operation.HASHTAG_VIDEOS, declared=1000)

    steps = [
        walk.advance(rows(page * 10, 10), says(str(page * 10 + 10), has_more=None), 10)
        for page in range(REPEATS + 1)
    ]

    assert [type(step) for step in steps] == [Continue] * REPEATS + [End]
    assert steps[-1] == End(ListState.TRUNCATED, "has_more_missing: found 40 of 1000")
    assert walk.cursor == "30"


@pytest.mark.parametrize("cursor", ["20", "0", "10", None])
@pytest.mark.parametrize("operation", OFFSET_LISTS)
def test_a_cursor_that_does_not_advance_changes_the_device_and_then_stops(
    operation: Operation, cursor: str | None
) -> None:
    walk = walk_of(operation, declared=400, cursor="20", found=20)

    steps = [walk.advance(rows(20 + page, 1), says(cursor), 1) for page in range(REPEATS + 1)]

    assert steps[:-1] == [Continue("20", Change.DEVICE_ID)] * REPEATS
    assert isinstance(steps[-1], End)
    assert steps[-1].state is ListState.TRUNCATED
    assert walk.cursor == "20"


def test_the_same_rows_again_change_the_device_although_the_cursor_moves() -> None:
    walk = walk_of(Operation.HASHTAG_VIDEOS)
    walk.advance(rows(0, 10), says("10"), 10)

    assert walk.advance(rows(0, 10), says("20"), 0) == Continue("10", Change.DEVICE_ID)


def test_a_profiles_cursor_that_is_missing_or_rises_is_made_from_the_last_post() -> None:
    last = str((1_700_000_000 - 15) * 1000)

    for cursor in (None, "1800000000000", "1750000000000"):
        walk = walk_of(Operation.PROFILE_VIDEOS, cursor="1750000000000", found=9)

        assert walk.advance(rows(0, 16), says(cursor), 16) == Continue(last)


@pytest.mark.parametrize("cursor", ["²", "-1", "abc", "9" * 5000])
def test_a_cursor_that_is_no_number_is_sent_back_as_it_came(cursor: str) -> None:
    walk = walk_of(Operation.HASHTAG_VIDEOS)

    assert walk.advance(rows(0, 10), says(cursor), 10) == Continue(cursor)
    assert walk.advance(rows(10, 10), says("20"), 10) == Continue("20")
    assert walk.advance(rows(20, 10), says("20"), 10) == Continue("20", Change.DEVICE_ID)


def test_followers_page_by_a_falling_time() -> None:
    walk = walk_of(Operation.FOLLOWERS)

    steps = [
        walk.advance(rows(0, 30), says("1769000000", declared=90), 30),
        walk.advance(rows(30, 30), says("1768000000", declared=90), 30),
        walk.advance(rows(60, 30), says("1768500000", declared=90), 30),
    ]

    assert steps == [Continue("1769000000"), Continue("1768000000"), Continue("1768000000", Change.DEVICE_ID)]


@pytest.mark.parametrize("operation", sorted(set(HABITS) - SHOP_LISTS))
def test_a_list_that_says_it_is_empty_is_complete(operation: Operation) -> None:
    step = walk_of(operation).advance([], says(has_more=False), 0)

    assert step == End(ListState.COMPLETE, "the list is empty")


@pytest.mark.parametrize("operation", sorted(SHOP_LISTS))
def test_an_empty_list_of_the_shop_is_believed_when_somebody_else_is_told_the_same(
    operation: Operation,
) -> None:
    walk = walk_of(operation)

    steps = [walk.advance([], says(has_more=False), 0) for _ in range(2)]

    assert steps == [Continue(None, Change.IDENTITY), End(ListState.COMPLETE, "the list is empty")]


@pytest.mark.parametrize("operation", sorted(HABITS))
def test_an_empty_list_that_should_have_rows_is_doubted_and_then_failed(operation: Operation) -> None:
    walk = walk_of(operation, declared=9)

    steps = [walk.advance([], says(has_more=False), 0) for _ in range(2)]

    assert steps == [
        Continue(None, Change.IDENTITY),
        End(ListState.FAILED, "blocked_or_hidden: found 0 of 9"),
    ]


def test_a_hidden_list_is_never_told_as_empty() -> None:
    walk = walk_of(Operation.FOLLOWING)

    steps = [walk.advance([], ListPage(), 0) for _ in range(2)]

    assert steps == [Continue(None, Change.IDENTITY), End(ListState.FAILED, "blocked_or_hidden: found 0")]


@pytest.mark.parametrize(("operation", "size"), [(Operation.SEARCH_VIDEOS, 12), (Operation.SEARCH_USERS, 20)])
def test_a_full_page_of_a_search_that_says_no_more_is_asked_on(operation: Operation, size: int) -> None:
    walk = walk_of(operation)

    full = walk.advance(rows(0, size), says(str(size), has_more=False), size)
    last = walk.advance(rows(size, 2), says(str(size + 2), has_more=False), 2)

    assert full == Continue(str(size), Change.IDENTITY)
    assert last == End(ListState.COMPLETE, f"the list says no more, found {size + 2}")


def test_empty_pages_that_promise_more_are_given_up() -> None:
    walk = walk_of(Operation.SOUND_VIDEOS, declared=500)
    walk.advance(rows(0, 30), says("30"), 30)

    steps = [walk.advance([], says(str(40 + page)), 0) for page in range(REPEATS + 1)]

    assert isinstance(steps[-1], End)
    assert steps[-1].state is ListState.TRUNCATED


def test_a_list_that_turns_in_circles_is_given_up() -> None:
    walk = walk_of(Operation.HASHTAG_VIDEOS, declared=5000)
    walk.advance(rows(0, 10), says("10"), 10)
    pages = 0
    step: Continue | End = Continue("10")
    while isinstance(step, Continue):
        pages += 1
        step = walk.advance(rows(pages % 2 * 10, 10), says(str(10 + pages)), 0)

    assert pages == STALE_PAGES
    assert step == End(ListState.TRUNCATED, "nothing_new: pages without new rows, found 10 of 5000")


def test_only_a_profiles_posts_come_newest_first() -> None:
    assert [each for each in HABITS if walk_of(each).newest_first] == [Operation.PROFILE_VIDEOS]


@pytest.mark.parametrize("route", [Route.API, Route.SESSION])
@pytest.mark.parametrize("operation", sorted(HABITS))
def test_a_walk_goes_on_where_another_stopped(operation: Operation, route: Route) -> None:
    walk = start_walk(operation, route, now=NOW, cursor="1234", found=7, declared=9)

    assert (walk.cursor, walk.found, walk.declared) == ("1234", 7, 9)
    assert route in LADDERS[operation] or operation not in (Operation.COMMENTS, Operation.REPLIES)


@settings(deadline=None)
@given(
    operation=st.sampled_from(sorted(HABITS)),
    declared=st.none() | st.integers(0, 50),
    pages=st.lists(
        st.tuples(
            st.integers(0, 20),
            st.none() | st.integers(0, 99).map(str) | st.text(max_size=3),
            st.none() | st.booleans(),
            st.integers(0, 20),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_no_list_is_walked_for_ever(
    operation: Operation,
    declared: int | None,
    pages: list[tuple[int, str | None, bool | None, int]],
) -> None:
    walk = walk_of(operation, declared=declared)
    seen: set[str] = set()
    for turn in range(200):
        count, cursor, has_more, first = pages[turn % len(pages)]
        page = rows(first, count)
        new = {row.key for row in page} - seen
        seen |= new
        step = walk.advance(page, says(cursor, has_more), len(new))
        if isinstance(step, End):
            assert step.state is not ListState.RUNNING
            assert seen or step.state is not ListState.TRUNCATED
            return
    pytest.fail("the walk did not end")
