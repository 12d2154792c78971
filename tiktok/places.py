"""Where a list goes on for somebody who has had its first rows and kept nothing but a cursor.

The cursor is ours: it holds the site's own, of the page with the next row, and the last row that was given. So it may
end within a page, and a page that has changed since gives a row twice rather than leaving one out.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from tiktok.errors import InvalidQuestion
from tiktok.routes import Route

MOST_GIVEN = 1_000_000
MOST_PINNED = 10
"""TikTok lets three be pinned."""
_WORD = re.compile(r"[\w.:=+/-]{1,300}", re.ASCII)
"""Keys and ids of the site."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list, between two rows."""

    given: int
    """Rows that were given before."""
    after: str
    """Key of the last of them."""
    route: Route | None = None
    """Route that pages by `cursor`; without one the list is walked from its top, and what was given is left out."""
    cursor: str | None = None
    """The site's, of the page where the next row was."""
    search_id: str | None = None
    """What a search's later pages are asked with."""
    pinned: tuple[str, ...] = ()
    """Keys of rows that headed the list whatever their age, and that come again where it puts them."""


def is_cursor(text: str) -> bool:
    """Tell whether a cursor of the site is one that a place can hold: all that were seen are numbers."""
    return text.isascii() and text.isdigit() and len(text) <= 20


def write_place(place: Place) -> str:
    """The place as a caller keeps it."""
    words = [place.given, place.after, place.route, place.cursor, place.search_id, place.pinned]
    return urlsafe_b64encode(json.dumps(words, separators=(",", ":")).encode()).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Read what a caller gave back; raise `InvalidQuestion`."""
    try:
        words = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        given, after, route, cursor, search_id, pinned = words
        return Place(
            _number(given),
            _word(after),
            Route(route) if route else None,
            None if cursor is None else _digits(cursor),
            None if search_id is None else _word(search_id),
            tuple(_word(key) for key in pinned[:MOST_PINNED]),
        )
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise InvalidQuestion("cursor", "is none of ours", "give back the one of the answer before") from None


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_GIVEN:
        raise ValueError(value)
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise ValueError(value)
    return value


def _digits(value: Any) -> str:
    if not isinstance(value, str) or not is_cursor(value):
        raise ValueError(value)
    return value
