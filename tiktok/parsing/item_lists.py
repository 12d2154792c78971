"""Lists of posts: profiles, hashtags, sounds, playlists, feeds, stories, whatever endpoint served them.

They differ in how they page (facts B.1 to B.3). `hasMorePrevious` of `creator/item_list` is passed on as
said: that it lies is the crawler's business. A list without posts may lack its rows altogether.

Seen: 2021-01 (`items`, paging by `maxCursor`), 2022-11 (feed without a cursor), 2024-10 (cursor "590" for 12
rows), 2025-10 (cursor in milliseconds, as string).
"""

from __future__ import annotations

from tiktok.parsing.posts import PostReader
from tiktok.parsing.results import Parsed
from tiktok.parsing.rows import parse_list
from tiktok.parsing.values import Json, Object, mapping

_CURSORS = ("cursor", "maxCursor", "MaxCursor")
_HAS_MORE = ("hasMore", "hasMorePrevious", "HasMoreAfter")


def is_item_list(payload: Json) -> bool:
    """Rows tell, or the way to page when no other list is there whose paging it could be."""
    answer = mapping(payload)
    if "itemList" in answer or isinstance(answer.get("items"), list):
        return True
    pages = any(name in answer for name in _HAS_MORE)
    return pages and not any(isinstance(value, list) for value in answer.values())


def parse_item_list(payload: Json) -> Parsed:
    """Read a page of posts."""
    answer = mapping(payload)
    rows = "items" if isinstance(answer.get("items"), list) else "itemList"
    return parse_list(
        answer.get(rows),
        rows,
        PostReader().read,
        cursor=_first_told(answer, _CURSORS),
        has_more=_first_told(answer, _HAS_MORE),
    )


def _first_told(answer: Object, names: tuple[str, ...]) -> Json:
    return next((answer[name] for name in names if name in answer), None)
