"""The walk through a profile's history, against a site that behaves as the real one was seen to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import Operation, Route
from tiktok.walks import Continue, End, Row, Walk, passed, start_walk
from tiktok.walks.history import EMPTY_WEEKS, REPEATS, WEEK_MS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
PAGE_SIZE = 15


@dataclass
class Site:
    """`creator/item_list` of one account."""

    ages: list[int]
    """Seconds before `NOW` at which each post was made."""
    pinned: set[int] = field(default_factory=set)
    """Ages of the pinned posts."""
    looks_back_a_week: bool = False
    """Pages hold what is at most a week older than the cursor."""
    denies_more_after: int | None = None
    """After so many posts it says that there are no more, whether true or not."""
    requests: int = 0

    def page(self, cursor: str | None) -> tuple[list[Row], ListPage]:
        self.requests += 1
        before = int(cursor or 0)
        since = before - WEEK_MS if self.looks_back_a_week else 0
        older = [age for age in sorted(self.ages) if NOW_MS - age * 1000 < before]
        rows = [self.row(age) for age in older if NOW_MS - age * 1000 >= since]
        head = [self.row(age, is_pinned=True) for age in sorted(self.pinned)] if before >= NOW_MS else []
        shown = head + rows[: PAGE_SIZE - len(head)]
        seen = len(self.ages) - len(older) + len(shown)
        has_more = len(older) > PAGE_SIZE - len(head)
        if self.looks_back_a_week:
            has_more = len(older) > len(rows)
        if self.denies_more_after is not None and seen >= self.denies_more_after:
            has_more = False
        return shown, ListPage(keys=[row.key for row in shown], has_more=has_more)

    @staticmethod
    def row(age: int, *, is_pinned: bool = False) -> Row:
        made = NOW - timedelta(seconds=age)
        return Row(str(int(made.timestamp()) << 32), made, is_pinned)


def walk_through(site: Site, walk: Walk, seen: set[str], at_most: int = 500) -> End:
    """Walk to the end as a crawler does: each row is new once."""
    for _ in range(at_most):
        rows, page = site.page(walk.cursor)
        new = {row.key for row in rows} - seen
        seen |= new
        step = walk.advance(rows, page, len(new))
        if isinstance(step, End):
            return step
        assert step.cursor == walk.cursor
    pytest.fail("the walk did not end")


def history(declared: int | None = None, cursor: str | None = None, found: int = 0) -> Walk:
    return start_walk(
        Operation.PROFILE_VIDEOS, Route.LIST, now=NOW, cursor=cursor, declared=declared, found=found
    )


def rows_of(*ages: int) -> list[Row]:
    return [Site.row(age) for age in ages]


def says(has_more: bool | None = True) -> ListPage:
    return ListPage(has_more=has_more)


DAY = 86_400


def test_a_walk_starts_now_and_goes_on_at_its_cursor() -> None:
    assert history().cursor == str(NOW_MS)
    assert history(cursor="1700000000000").cursor == "1700000000000"


def test_a_whole_history_is_found_without_a_request_too_many() -> None:
    site = Site(ages=[day * DAY for day in range(1, 61)])
    seen: set[str] = set()

    end = walk_through(site, history(declared=60), seen)

    assert end == End(ListState.COMPLETE, "found 60 of 60")
    assert len(seen) == 60
    assert site.requests == 4


def test_pinned_posts_do_not_lead_the_walk_years_back() -> None:
    site = Site(ages=[day * DAY for day in range(1, 200)], pinned={150 * DAY, 198 * DAY, 199 * DAY})
    seen: set[str] = set()

    end = walk_through(site, history(declared=199), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == 199


def test_an_old_pinned_post_that_is_not_marked_does_not_lead_it_back_either() -> None:
    walk = history(declared=100)

    step = walk.advance(rows_of(900 * DAY, 1 * DAY, 2 * DAY), says(), 3)

    assert step == Continue(str(NOW_MS - 2 * DAY * 1000))


def test_a_lie_about_the_end_is_not_believed() -> None:
    site = Site(ages=[day * DAY for day in range(1, 301)], denies_more_after=120)
    seen: set[str] = set()

    end = walk_through(site, history(declared=300), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == 300


def test_a_lie_close_to_the_end_is_not_believed_before_a_page_agrees() -> None:
    site = Site(ages=[day * DAY for day in range(1, 61)], denies_more_after=56)
    seen: set[str] = set()

    walk_through(site, history(declared=60), seen)

    assert len(seen) == 60


def test_a_lie_is_not_believed_when_nobody_knows_how_many_there_are() -> None:
    site = Site(ages=[day * DAY for day in range(1, 61)], denies_more_after=15)
    seen: set[str] = set()

    end = walk_through(site, history(declared=None), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == 60
    assert site.requests == 4 + EMPTY_WEEKS


def test_a_number_that_was_rounded_down_does_not_end_the_walk() -> None:
    site = Site(ages=[day * DAY for day in range(1, 101)])
    seen: set[str] = set()

    end = walk_through(site, history(declared=30), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == 100


def test_a_history_with_hidden_posts_is_complete_when_nine_tenths_are_found() -> None:
    site = Site(ages=[day * DAY for day in range(1, 55)])

    end = walk_through(site, history(declared=60), set())

    assert end == End(ListState.COMPLETE, "the list says no more, found 54 of 60")


def test_a_history_that_misses_more_is_truncated_after_twelve_empty_weeks() -> None:
    site = Site(ages=[day * DAY for day in range(1, 31)])

    end = walk_through(site, history(declared=60), set())

    assert end == End(ListState.TRUNCATED, "nothing in 12 steps of a week, found 30 of 60")
    assert site.requests == 2 + EMPTY_WEEKS


def test_an_empty_page_steps_back_a_week() -> None:
    walk = history(declared=100)
    walk.advance(rows_of(DAY, 2 * DAY), says(), 2)
    before = int(walk.cursor or 0)

    step = walk.advance([], says(), 0)

    assert step == Continue(str(before - WEEK_MS))


def test_rows_reset_the_count_of_empty_weeks() -> None:
    walk = history(declared=100)
    walk.advance(rows_of(DAY), says(), 1)
    for _ in range(EMPTY_WEEKS - 1):
        assert isinstance(walk.advance([], says(), 0), Continue)
    walk.advance(rows_of(400 * DAY), says(), 1)

    assert isinstance(walk.advance([], says(), 0), Continue)


def test_a_repeated_page_asks_for_a_new_device_three_times_and_then_stops() -> None:
    walk = history(declared=100)
    walk.advance(rows_of(DAY, 2 * DAY), says(), 2)
    cursor = walk.cursor

    steps = [walk.advance(rows_of(DAY, 2 * DAY), says(), 0) for _ in range(REPEATS + 1)]

    assert steps[:-1] == [Continue(cursor, Change.DEVICE_ID)] * REPEATS
    assert isinstance(steps[-1], End)
    assert steps[-1].state is ListState.TRUNCATED
    assert walk.cursor == cursor


def test_a_repeated_page_that_then_moves_on_is_forgiven() -> None:
    walk = history(declared=100)
    walk.advance(rows_of(DAY), says(), 1)
    walk.advance(rows_of(DAY), says(), 0)

    assert walk.advance(rows_of(3 * DAY), says(), 1) == Continue(str(NOW_MS - 3 * DAY * 1000))


def test_posts_of_one_second_do_not_skip_a_week() -> None:
    walk = history(declared=100, cursor=str(NOW_MS - DAY * 1000), found=15)

    step = walk.advance(rows_of(DAY), says(), 1)

    assert step == Continue(str(NOW_MS - DAY * 1000 - 1000))


def test_an_empty_first_page_is_asked_once_more_by_another_identity_and_then_stepped_over() -> None:
    walk = history(declared=60)

    steps = [walk.advance([], says(has_more=False), 0) for _ in range(2)]

    assert steps == [Continue(str(NOW_MS), Change.IDENTITY), Continue(str(NOW_MS - WEEK_MS))]


def test_a_history_of_which_nothing_is_shown_has_failed_and_is_not_empty() -> None:
    site = Site(ages=[])

    end = walk_through(site, history(declared=60), set())

    assert end == End(ListState.FAILED, "blocked_or_hidden: nothing in 12 steps of a week, found 0 of 60")
    assert site.requests == 1 + EMPTY_WEEKS


def test_an_account_that_posts_rarely_is_found_by_a_site_that_looks_back_a_week_only() -> None:
    site = Site(ages=[(20 + 40 * turn) * DAY for turn in range(18)], looks_back_a_week=True)
    seen: set[str] = set()

    end = walk_through(site, history(declared=18), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == 18


def test_an_account_without_posts_is_complete_at_once() -> None:
    step = history(declared=0).advance([], says(has_more=False), 0)

    assert step == End(ListState.COMPLETE, "there are no posts")


def test_nothing_at_all_of_an_unknown_number_is_failed_and_not_empty() -> None:
    site = Site(ages=[])

    end = walk_through(site, history(), set())

    assert end.state is ListState.FAILED
    assert "blocked_or_hidden" in end.reason


def test_a_resumed_walk_whose_first_page_is_empty_goes_on() -> None:
    walk = history(declared=60, cursor="1700000000000", found=30)

    assert walk.advance([], says(), 0) == Continue(str(1_700_000_000_000 - WEEK_MS))


def test_a_walk_resumed_at_its_cursor_finds_the_rest_and_nothing_twice() -> None:
    site = Site(ages=[day * DAY for day in range(1, 101)])
    first, seen = history(declared=100), set[str]()
    for _ in range(3):
        rows, page = site.page(first.cursor)
        first.advance(rows, page, len({row.key for row in rows} - seen))
        seen |= {row.key for row in rows}
    stored = len(seen)

    end = walk_through(site, history(declared=100, cursor=first.cursor, found=first.found), seen)

    assert stored == 45
    assert end.state is ListState.COMPLETE
    assert len(seen) == 100
    assert site.requests == 7


@pytest.mark.parametrize(("ages", "declared"), [([], 60), ([DAY], 60), ([DAY], None)])
def test_after_steps_over_nothing_the_next_walk_starts_anew(ages: list[int], declared: int | None) -> None:
    end = walk_through(Site(ages=ages, denies_more_after=0), history(declared=declared), set())

    assert not end.can_go_on


def test_a_stuck_walk_can_go_on_at_its_cursor() -> None:
    walk = history(declared=100)
    steps = [walk.advance(rows_of(DAY), says(), int(not turn)) for turn in range(REPEATS + 2)]

    assert isinstance(steps[-1], End)
    assert steps[-1].can_go_on


def test_the_walk_ends_in_2016() -> None:
    walk = history(declared=9, cursor="1472706000001", found=1)

    assert walk.advance([], says(), 0) == End(ListState.TRUNCATED, "walked back to 2016, found 1 of 9")


def test_a_time_that_a_row_does_not_tell_is_read_from_its_id() -> None:
    walk = history(declared=9)
    row = Site.row(5 * DAY)

    assert walk.advance([Row(row.key)], says(), 1) == Continue(str(NOW_MS - 5 * DAY * 1000))


@pytest.mark.parametrize(("days", "is_passed"), [(3, True), (4, False), (5, False)])
def test_a_page_passes_a_date_when_its_last_row_is_older(days: int, is_passed: bool) -> None:
    rows = [Site.row(900 * DAY, is_pinned=True), *rows_of(DAY, 4 * DAY)]

    assert passed(rows, NOW - timedelta(days=days)) is is_passed


def test_pinned_posts_alone_pass_no_date() -> None:
    assert not passed([Site.row(900 * DAY, is_pinned=True)], NOW)
    assert not passed([], NOW)


@settings(max_examples=60, deadline=None)
@given(
    ages=st.sets(st.integers(1, 9 * 365 * DAY), min_size=1, max_size=120),
    data=st.data(),
)
def test_every_history_is_found_whatever_is_pinned_and_whatever_the_lie(
    ages: set[int], data: st.DataObject
) -> None:
    pinned = data.draw(st.sets(st.sampled_from(sorted(ages)), max_size=3))
    lie = data.draw(st.none() | st.integers(1, len(ages)))
    is_told = data.draw(st.booleans())
    site = Site(ages=sorted(ages), pinned=pinned, denies_more_after=lie)
    seen: set[str] = set()

    end = walk_through(site, history(declared=len(ages) if is_told else None), seen)

    assert end.state is ListState.COMPLETE
    assert len(seen) == len(ages)
    assert site.requests <= len(ages) // (PAGE_SIZE - 3) + EMPTY_WEEKS + 3
