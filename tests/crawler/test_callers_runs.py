"""A caller's part of a list, page by page."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.callers_runs import CallersRun
from pipelines.selection import Selection
from tiktok.items import Video
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage, Parsed
from tiktok.places import Place
from tiktok.routes import Operation, Route

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = 7_000_000_000_000_000_000


def key(number: int) -> str:
    return str(FIRST - number)


def page(*numbers: int, cursor: str | None = None, more: bool | None = True, pinned: int = 0) -> Parsed:
    rows = [Video(id=key(number), is_pinned=place < pinned) for place, number in enumerate(numbers)]
    return Parsed(items=list(rows), page=ListPage([row.id for row in rows], cursor=cursor, has_more=more))


def begin(
    limit: int, place: Place | None = None, operation: Operation = Operation.SOUND_VIDEOS
) -> CallersRun:
    return CallersRun.begin(operation, "7", Selection(limit=limit), declared=None, place=place)


def test_a_page_that_holds_more_than_is_wanted_is_where_the_next_part_begins() -> None:
    run = begin(5)
    run.take(page(1, 2, 3, cursor="3"), Route.API, NOW)

    turn = run.take(page(4, 5, 6, cursor="6"), Route.API, NOW)

    assert [row.key for row in turn.rows] == [key(4), key(5)]
    assert run.next_place == Place(5, key(5), Route.API, "3")
    assert (run.is_whole, run.truncated) == (False, None)


def test_the_next_part_leaves_out_what_was_given_of_its_page() -> None:
    run = begin(5, Place(5, key(5), Route.API, "3"))

    turn = run.take(page(4, 5, 6, cursor="6", more=False), Route.API, NOW)

    assert [row.key for row in turn.rows] == [key(6)]
    assert (run.is_whole, run.next_place) == (True, None)
    assert turn.listing.state is ListState.COMPLETE


def test_a_page_that_has_lost_the_last_row_is_given_whole() -> None:
    run = begin(5, Place(5, key(5), Route.API, "3"))

    turn = run.take(page(4, 6, 7, cursor="7"), Route.API, NOW)

    assert [row.key for row in turn.rows] == [key(4), key(6), key(7)]


def test_where_a_list_begins_anew_what_was_given_is_left_out_by_its_last_row() -> None:
    run = begin(5, Place(3, key(3), Route.BROWSER))

    turn = run.take(page(1, 2, 3, 4, 5), Route.BROWSER, NOW)

    assert [row.key for row in turn.rows] == [key(4), key(5)]


def test_where_that_row_is_gone_it_is_left_out_by_counting() -> None:
    run = begin(5, Place(3, key(3)))
    assert run.cursor_on(Route.API, NOW) is None

    first = run.take(page(1, 2, cursor="2"), Route.API, NOW)
    second = run.take(page(4, 5, cursor="4"), Route.API, NOW)

    assert first.rows == []
    assert [row.key for row in second.rows] == [key(5)]


def test_pinned_rows_are_known_by_their_keys_and_not_counted_twice() -> None:
    run = begin(5, Place(4, key(4), pinned=(key(90),)))
    assert run.cursor_on(Route.API, NOW) is None

    first = run.take(page(90, 1, 2, cursor="3", pinned=1), Route.API, NOW)
    second = run.take(page(3, 5, 6, cursor="6"), Route.API, NOW)

    assert first.rows == []
    assert [row.key for row in second.rows] == [key(5), key(6)]


def test_a_part_without_rows_leads_nowhere() -> None:
    run = begin(5, Place(10, key(10)))

    run.take(page(*range(1, 11), more=None), Route.EMBED, NOW)

    assert run.next_place is None
    assert run.truncated


def test_what_is_refused_in_the_middle_may_be_gone_on_with() -> None:
    run = begin(5)
    run.take(page(1, 2, cursor="2"), Route.API, NOW)

    listing = run.refuse("captcha", Route.API, NOW)

    assert (run.truncated, run.is_whole, listing.state) == ("captcha", False, ListState.TRUNCATED)
    assert run.next_place == Place(2, key(2), Route.API, "2")
