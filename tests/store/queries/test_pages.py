"""Lists page by page, in every order, with unknown and equal values, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from store.queries import pages
from store.queries.pages import Page, Window
from store.queries.users import SORTS as USER_SORTS
from store.queries.users import list_users
from store.queries.videos import SORTS, VideoFilter, list_videos
from store.upserts import write
from tests.store.factories import NOON, make_user, make_video

VIEWS = [None, 0, 5, 5, 5, 5, 9, None, 5, 7, 2**62, None]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Posts and profiles; of many the value is equal to others', or unknown."""
    write(
        engine,
        [
            *(
                make_video(
                    id=str(7_400_000_000_000_000_000 + number * 7 % 12),
                    views=views,
                    likes=views and views // 2,
                    created_at=NOON + timedelta(microseconds=views % 10**9) if views else None,
                )
                for number, views in enumerate(VIEWS)
            ),
            *(
                make_user(
                    id=str(100 + number),
                    username=None if number % 3 == 0 else f"user{number % 4}",
                    followers=views,
                    total_videos=views,
                )
                for number, views in enumerate(VIEWS)
            ),
        ],
    )
    return engine


def read_posts(engine: Engine, sort: str, window: Window, *, descending: bool) -> Page[Any]:
    return list_videos(engine, VideoFilter(), sort, window, descending=descending)


def read_users(engine: Engine, sort: str, window: Window, *, descending: bool) -> Page[Any]:
    return list_users(engine, None, sort, window, descending=descending)


def walk(page: Page[Any], read: Any) -> list[str]:
    ids = []
    while True:
        ids += [row.id for row in page.rows]
        if page.next is None:
            return ids
        assert len(page.rows) == page.limit
        assert page.has_more
        page = read(Window(limit=page.limit, offset=len(ids), after=page.next))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(
    ("read", "sort"),
    [*((read_posts, sort) for sort in SORTS), *((read_users, sort) for sort in USER_SORTS)],
)
@pytest.mark.parametrize("limit", [1, 3, 5, 12])
def test_pages_by_cursor_are_the_list_cut_into_pieces(
    filled: Engine, read: Any, sort: str, limit: int, *, descending: bool
) -> None:
    def page(window: Window) -> Page[Any]:
        found: Page[Any] = read(filled, sort, window, descending=descending)
        assert found.total == len(VIEWS)
        return found

    whole = [row.id for row in page(Window(limit=100)).rows]

    assert walk(page(Window(limit=limit)), page) == whole
    assert len(set(whole)) == len(VIEWS)
    by_offset = [
        row.id for start in range(0, 12, limit) for row in page(Window(limit=limit, offset=start)).rows
    ]
    assert by_offset == whole


def test_unknown_values_are_below_all_others_and_equal_ones_in_the_order_of_their_ids(filled: Engine) -> None:
    def seen(*, descending: bool) -> list[tuple[int, int]]:
        rows = read_posts(filled, "views", Window(limit=100), descending=descending).rows
        return [(-1 if row.views is None else row.views, int(row.id)) for row in rows]

    assert seen(descending=False) == sorted(seen(descending=False))
    assert seen(descending=True) == sorted(seen(descending=False), reverse=True)


def test_a_page_far_down_is_the_same_by_whatever_way_it_is_found(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(limit=4, offset=6)
    near = read_posts(filled, "likes", window, descending=True)

    monkeypatch.setattr(pages, "DEEP", 1)

    assert read_posts(filled, "likes", window, descending=True) == near


def test_what_comes_in_while_somebody_pages_shifts_nothing(filled: Engine) -> None:
    first = read_posts(filled, "views", Window(limit=2), descending=True)
    write(filled, [make_video(id="7499999999999999999", views=2**62)])

    second = read_posts(filled, "views", Window(limit=2, offset=2, after=first.next), descending=True)

    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert second.total == len(VIEWS) + 1
