from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crawler.list_runs import ListRun, Turn
from pipelines.selection import Selection
from tests.pipelines.samples import NOON, listing, sound, user, video, video_id
from tiktok.items import Item, Video
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage, Parsed
from tiktok.routes import Operation, Route

NOW = NOON + timedelta(days=100)


def a_run(declared: int | None = None, **selected: object) -> ListRun:
    selection = Selection(**selected)  # type: ignore[arg-type]  # the test names one of its fields
    return ListRun(Operation.PROFILE_VIDEOS, "somebody", selection, selection.scope, declared)


def a_page(rows: Sequence[Video], *more: Item, has_more: bool | None = True) -> Parsed:
    return Parsed(items=[*rows, *more], page=ListPage(keys=[row.id for row in rows], has_more=has_more))


def posts(newest: int, count: int) -> list[Video]:
    """Posts as a history lists them, newest first."""
    return [video(number) for number in range(newest, newest - count, -1)]


def take(run: ListRun, page: Parsed, known: frozenset[str] = frozenset()) -> Turn:
    return run.take(page, Route.LIST, NOW, known)


def test_a_page_is_sorted_into_rows_and_companions() -> None:
    run = a_run()

    turn = take(run, a_page(posts(9, 2), user(), sound()))

    assert turn.rows == posts(9, 2)
    assert turn.companions == [user(), sound()]
    assert not turn.is_last
    assert (turn.listing.found, turn.listing.state) == (2, ListState.RUNNING)


def test_rows_come_in_the_order_of_the_list() -> None:
    page = a_page(posts(9, 3))
    page.items.reverse()

    turn = take(a_run(), page)

    assert turn.rows == posts(9, 3)


def test_a_row_seen_before_is_neither_yielded_nor_counted_again() -> None:
    run = a_run()
    take(run, a_page(posts(9, 3)))

    turn = take(run, a_page(posts(7, 3)))

    assert turn.rows == posts(6, 2)
    assert turn.listing.found == 5


def test_the_checkpoint_names_the_next_page_and_its_route() -> None:
    run = a_run(declared=50)

    turn = take(run, a_page(posts(9, 3)))

    assert turn.listing.cursor == str(int(video(7).created_at.timestamp()) * 1000)  # type: ignore[union-attr]  # given
    assert turn.listing.route == Route.LIST
    assert turn.listing.declared == 50
    assert run.cursor_on(Route.LIST, NOW) == turn.listing.cursor


def test_a_list_ends_complete_when_counting_agrees() -> None:
    run = a_run(declared=5)
    take(run, a_page(posts(9, 3)))

    turn = take(run, a_page(posts(6, 2), has_more=False))

    assert turn.is_last
    assert turn.listing.state is ListState.COMPLETE
    assert (turn.listing.found, turn.listing.declared) == (5, 5)


def test_a_limit_cuts_the_page_and_ends_the_list() -> None:
    run = a_run(limit=4)
    take(run, a_page(posts(9, 3)))

    turn = take(run, a_page(posts(6, 3)))

    assert turn.rows == posts(6, 1)
    assert turn.listing.state is ListState.COMPLETE
    assert turn.listing.reason == "limit of 4 reached"


def test_a_limit_counts_only_rows_within_the_dates() -> None:
    run = a_run(limit=2, until=video(8).created_at)

    turn = take(run, a_page(posts(9, 4)))

    assert turn.rows == posts(7, 2)
    assert turn.is_last


def test_a_list_newest_first_ends_at_since() -> None:
    run = a_run(since=video(6).created_at)
    first = take(run, a_page(posts(9, 3)))

    turn = take(run, a_page(posts(6, 3)))

    assert not first.is_last
    assert turn.rows == posts(6, 1)
    assert turn.listing.state is ListState.COMPLETE
    assert turn.listing.reason == "reached posts before 2026-03-01"


def test_an_old_pinned_post_does_not_end_a_list_at_since() -> None:
    run = a_run(since=video(6).created_at)
    pinned = video(-500, is_pinned=True)

    turn = take(run, a_page([pinned, *posts(9, 2)]))

    assert not turn.is_last
    assert turn.rows == posts(9, 2)


def test_a_list_without_order_does_not_end_at_since() -> None:
    selection = Selection(since=video(6).created_at)
    run = ListRun(Operation.HASHTAG_VIDEOS, "garden", selection)
    page = a_page([video(9), video(1), video(8)])
    assert page.page
    page.page.cursor = "3"

    turn = run.take(page, Route.API, NOW)

    assert turn.rows == [video(9), video(8)]
    assert not turn.is_last


def test_a_known_post_ends_a_crawl_for_what_is_new() -> None:
    run = a_run()

    turn = take(run, a_page(posts(9, 3)), known=frozenset({video_id(8)}))

    assert turn.listing.state is ListState.COMPLETE
    assert turn.listing.reason == "reached posts that are already stored"


def test_a_known_pinned_post_does_not_end_it() -> None:
    pinned = video(-500, is_pinned=True)

    turn = take(a_run(), a_page([pinned, *posts(9, 2)]), known=frozenset({pinned.id}))

    assert not turn.is_last


def test_a_refused_list_is_truncated_and_keeps_its_cursor() -> None:
    run = a_run(declared=50)
    checkpoint = take(run, a_page(posts(9, 3))).listing

    listing = run.refuse("captcha: again", Route.LIST, NOW)

    assert (listing.state, listing.reason) == (ListState.TRUNCATED, "captcha: again")
    assert (listing.cursor, listing.found) == (checkpoint.cursor, 3)


def test_a_list_refused_from_the_start_has_failed() -> None:
    listing = a_run().refuse("captcha: again", Route.LIST, NOW)

    assert (listing.state, listing.cursor, listing.found) == (ListState.FAILED, None, 0)


def test_a_resumed_run_goes_on_from_the_checkpoint() -> None:
    checkpoint = listing(cursor="1772366400000", route="list", found=30, declared=50, scope="limit=40")

    run = ListRun.resume(Selection(limit=40), checkpoint)
    first_cursor = run.cursor_on(Route.LIST, NOW)
    turn = take(run, a_page(posts(-1, 12)))

    assert first_cursor == checkpoint.cursor
    assert len(turn.rows) == 10
    assert turn.listing.found == 42
    assert turn.listing.reason == "limit of 40 reached"


def test_pinned_posts_that_an_earlier_run_counted_are_not_counted_again() -> None:
    checkpoint = listing(cursor="1772366400000", route="list", found=30, declared=50)

    run = ListRun.resume(Selection(), checkpoint, seen={video_id(-2)})
    turn = take(run, a_page(posts(-1, 3)))

    assert turn.rows == [video(-1), video(-3)]
    assert turn.listing.found == 32


def test_the_head_of_a_list_does_not_count_twice_after_a_resumption() -> None:
    """An embed page shows the newest rows, which the earlier run has counted."""
    checkpoint = listing(cursor="1772366400000", route="list", found=30, declared=35)

    run = ListRun.resume(Selection(), checkpoint)
    turn = run.take(a_page(posts(99, 10)), Route.EMBED, NOW)

    assert turn.listing.found == 30
    assert turn.listing.state is ListState.TRUNCATED
    assert (turn.listing.cursor, turn.listing.route) == (checkpoint.cursor, Route.LIST)


def test_the_head_of_a_list_counts_in_the_run_that_fell_to_it() -> None:
    run = a_run(declared=50)
    take(run, a_page(posts(9, 3)))

    turn = run.take(a_page(posts(11, 5)), Route.EMBED, NOW)

    assert turn.rows == posts(11, 2)
    assert turn.listing.found == 5


def test_a_truncated_list_that_was_walked_to_its_end_keeps_no_cursor() -> None:
    """Going on from there would bring nothing, however often one asks."""
    run = ListRun(Operation.HASHTAG_VIDEOS, "garden", Selection(), declared=90_000)
    page = a_page(posts(9, 5), has_more=False)

    turn = run.take(page, Route.API, NOW)

    assert turn.listing.state is ListState.TRUNCATED
    assert turn.listing.cursor is None


def test_memory_stays_flat_however_long_the_list() -> None:
    run = a_run()

    for page in range(800):
        take(run, a_page(posts(-15 * page, 15)))

    assert run.found == 12_000
    assert len(run.seen) == 10_000
