"""Searches: `search/general/full`, `search/item/full`, `search/user/full`, the app's own (facts B.6).

General results mix cards: videos are the list's rows, users of a card come along, the rest is left out.
`has_more` is passed on as said: that a full page with `has_more: 0` was throttled is the crawler's business.

Seen: 2021-08 (app, `aweme_list`), 2023-09 (users), 2024-10 (videos only), 2025-02 (user card first).
"""

from __future__ import annotations

from tiktok.items import Item
from tiktok.parsing.app_posts import parse_app_post
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed, distinct
from tiktok.parsing.rows import RowParser, parse_list, read_search_id
from tiktok.parsing.user_lists import parse_app_user_row
from tiktok.parsing.values import Json, Object, mapping, objects

VIDEO_CARD = 1


def is_general_search(payload: Json) -> bool:
    """A search without results says so in `search_nil_info`; its `data` may be `null` or missing."""
    answer = mapping(payload)
    return "search_nil_info" in answer or answer.keys() >= {"data", "has_more"}


def parse_general_search(payload: Json) -> Parsed:
    """Read a page of mixed results."""
    answer = mapping(payload)
    parsed = _parse_results(answer, "data", _parse_card)
    cards = objects(answer.get("data"))
    users = (
        user for card in cards for row in objects(card.get("user_list")) for user in parse_app_user_row(row)
    )
    parsed.items = distinct([*parsed.items, *users])
    return parsed


def is_item_search(payload: Json) -> bool:
    """`item_list` in snake case with items in camel case is this search's alone."""
    return "item_list" in mapping(payload)


def parse_item_search(payload: Json) -> Parsed:
    """Read a page of videos."""
    return _parse_results(mapping(payload), "item_list", parse_post)


def is_user_search(payload: Json) -> bool:
    """Rows in snake case, each with its `user_info`."""
    return "user_list" in mapping(payload)


def parse_user_search(payload: Json) -> Parsed:
    """Read a page of users."""
    return _parse_results(mapping(payload), "user_list", parse_app_user_row)


def is_app_video_list(payload: Json) -> bool:
    """The app calls a post an aweme."""
    return "aweme_list" in mapping(payload)


def parse_app_video_list(payload: Json) -> Parsed:
    """Read a page of the app's posts."""
    return _parse_results(mapping(payload), "aweme_list", parse_app_post)


def is_suggestions(payload: Json) -> bool:
    """`search/general/preview`: completions of a keyword."""
    return isinstance(mapping(payload).get("sug_list"), list)


def parse_suggestions(_payload: Json) -> Parsed:
    """Suggestions are words, no items."""
    return Parsed()


def _parse_results(answer: Object, rows: str, parse_row: RowParser) -> Parsed:
    return parse_list(
        answer.get(rows),
        rows,
        parse_row,
        cursor=answer.get("cursor"),
        has_more=answer.get("has_more"),
        search_id=read_search_id(answer),
    )


def _parse_card(card: Object) -> list[Item] | None:
    if card.get("type") != VIDEO_CARD or not isinstance(card.get("item"), dict):
        return None
    return parse_post(card["item"])
