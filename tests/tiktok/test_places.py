"""Cursors that callers keep."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tiktok.errors import InvalidQuestion
from tiktok.lookups import LONGEST_CURSOR
from tiktok.places import Place, read_place, write_place
from tiktok.routes import Route

PLACES = [
    Place(30, "7106594312292453675", Route.LIST, "1787459634000"),
    Place(12, "7106594312292453675", Route.API, "12", "20261125211839AB12"),
    Place(1, "7106594312292453675", Route.BROWSER),
    Place(10, "7106594312292453675", pinned=("7106594312292453675", "7106594312292453676")),
]


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_kept_and_given_back(place: Place) -> None:
    cursor = write_place(place)

    assert read_place(cursor) == place
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert len(cursor) < LONGEST_CURSOR


@pytest.mark.parametrize(
    "cursor",
    [
        "30",
        "not base64 at all!",
        "é",
        encoded({}),
        encoded([]),
        encoded([[[[]]]]),
        encoded([0, "7", None, None, None, []]),
        encoded([True, "7", None, None, None, []]),
        encoded([30, "", None, None, None, []]),
        encoded([30, "7\r\nHost: x", None, None, None, []]),
        encoded([30, "7", "teleport", None, None, []]),
        encoded([30, "7", ["list"], None, None, []]),
        encoded([30, "7", "list", "-1", None, []]),
        encoded([30, "7", "list", "9" * 21, None, []]),
        encoded([30, "7", "list", 5, None, []]),
        encoded([30, "7", "api", "12", "a b", []]),
        encoded([30, "7", None, None, None, 5]),
        encoded([30, "7", None, None, None, [5]]),
        encoded([10**9, "7", None, None, None, []]),
        urlsafe_b64encode(b"[" * 1_400).decode(),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidQuestion, match=r"^cursor: "):
        read_place(cursor)
