"""Lists of this family page by page: by offset as the document says, and by cursor, which is as fast anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from store.queries.pages import Page, Window
from webapi import current
from webapi.services.errors import Unusable

PLACE = ("limit", "offset", "cursor")
"""Parameters that choose a page; all others choose the list."""


def window_of(given: Mapping[str, Any]) -> Window:
    """Read which page is wanted; raise `Unusable`."""
    if "cursor" not in given:
        return Window(limit=given["limit"], offset=given["offset"])
    if given["offset"]:
        raise Unusable("cursor: comes without offset; drop one of them")
    return current.cursors().read(_list(given), given["cursor"], given["limit"])


def page_document(
    name: str, rows: Sequence[Any], page: Page[Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """A list and where it stands."""
    return {
        name: rows,
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "has_more": page.has_more,
        "next_cursor": current.cursors().write(_list(given), page),
    }


def _list(given: Mapping[str, Any]) -> dict[str, Any]:
    """What tells this client's list from all others."""
    chosen = {name: value for name, value in given.items() if name not in PLACE}
    return {"list": request.endpoint, "client": current.client().id, "chosen": chosen}
