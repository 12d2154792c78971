"""Lists that a browser walked in one visit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import Operation, Route
from tiktok.walks import End, Row, start_walk

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def end_of(
    operation: Operation, rows: int, page: ListPage, declared: int | None = None, found: int = 0
) -> End:
    walk = start_walk(operation, Route.BROWSER, now=NOW, cursor="30", declared=declared, found=found)
    assert walk.cursor is None

    step = walk.advance([Row(str(key)) for key in range(rows)], page, rows)

    assert isinstance(step, End)
    return step


@pytest.mark.parametrize(
    ("operation", "rows", "has_more", "declared", "state"),
    [
        (Operation.SEARCH_VIDEOS, 60, False, None, ListState.COMPLETE),
        (Operation.COMMENTS, 37, False, 62, ListState.COMPLETE),
        (Operation.PROFILE_VIDEOS, 50, False, 120, ListState.COMPLETE),
        (Operation.HASHTAG_VIDEOS, 600, True, 600, ListState.COMPLETE),
        (Operation.HASHTAG_VIDEOS, 540, None, 600, ListState.COMPLETE),
        (Operation.HASHTAG_VIDEOS, 500, False, 90_000, ListState.TRUNCATED),
        (Operation.HASHTAG_VIDEOS, 500, False, None, ListState.COMPLETE),
        (Operation.SEARCH_VIDEOS, 60, True, None, ListState.TRUNCATED),
        (Operation.SEARCH_VIDEOS, 60, None, None, ListState.TRUNCATED),
        (Operation.TRENDING, 60, True, None, ListState.TRUNCATED),
        (Operation.SEARCH_USERS, 0, False, None, ListState.COMPLETE),
        (Operation.HASHTAG_VIDEOS, 0, False, 600, ListState.FAILED),
        (Operation.HASHTAG_VIDEOS, 0, None, 600, ListState.FAILED),
    ],
)
def test_a_visit_is_complete_by_an_explicit_end_or_by_count(
    operation: Operation, rows: int, has_more: bool | None, declared: int | None, state: ListState
) -> None:
    assert end_of(operation, rows, ListPage(has_more=has_more), declared).state is state


def test_a_visit_says_what_stopped_it() -> None:
    page = ListPage(has_more=True, stopped="nothing new in 25 s")

    assert end_of(Operation.SEARCH_VIDEOS, 12, page).reason == "nothing new in 25 s, found 12"


def test_rows_of_routes_before_count_too() -> None:
    assert (
        end_of(Operation.HASHTAG_VIDEOS, 60, ListPage(), declared=100, found=30).state is ListState.COMPLETE
    )
