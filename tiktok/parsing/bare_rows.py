"""Rows without the answer they came in, as resellers and savers keep them, and the discover lists of 2020.

Either a plain array or `{code, msg, data}`. Each row is read by its own keys; rows of no known kind are left
out.

Seen: 2020-05 to 2020-09 (resold lists, discover searches with repeated rows), 2023-08 (array of feed items).
"""

from __future__ import annotations

from tiktok.items import Item
from tiktok.parsing.challenges import parse_challenge_row
from tiktok.parsing.comments import parse_comment
from tiktok.parsing.music import parse_music_row
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed
from tiktok.parsing.rows import RowParser, parse_list
from tiktok.parsing.user_lists import parse_user_row
from tiktok.parsing.values import Json, Object, mapping, objects

_READERS: tuple[tuple[frozenset[str], RowParser], ...] = (
    (frozenset({"id", "desc", "createTime"}), parse_post),
    (frozenset({"itemInfos"}), parse_post),
    (frozenset({"challenge", "stats"}), parse_challenge_row),
    (frozenset({"music", "stats"}), parse_music_row),
    (frozenset({"user", "stats"}), parse_user_row),
    (frozenset({"cid", "text"}), parse_comment),
)
_DISCOVER_LISTS = ("userInfoList", "challengeInfoList", "musicInfoList")


def is_bare_rows(payload: Json) -> bool:
    """One row of a known kind is enough."""
    return any(_reader(row) for row in objects(_rows(payload)))


def parse_bare_rows(payload: Json) -> Parsed:
    """Read all rows; nothing tells what follows them."""
    return parse_list(_rows(payload), "data" if isinstance(payload, dict) else "", _parse_row)


def is_foreign_rows(payload: Json) -> bool:
    """TikTok answers with objects: an array of rows of no known kind is another tool's output."""
    return isinstance(payload, list)


def parse_foreign_rows(_payload: Json) -> Parsed:
    """Nothing in it can be trusted to mean what it does at TikTok."""
    return Parsed()


def is_discover(payload: Json) -> bool:
    """Lists of users, hashtags or sounds as `/discover` had them."""
    return any(isinstance(mapping(payload).get(name), list) for name in _DISCOVER_LISTS)


def parse_discover(payload: Json) -> Parsed:
    """Read one page of a discover list."""
    answer = mapping(payload)
    name = next(name for name in _DISCOVER_LISTS if isinstance(answer.get(name), list))
    return parse_list(
        answer[name], name, _parse_row, cursor=answer.get("offset"), has_more=answer.get("hasMore")
    )


def _rows(payload: Json) -> Json:
    if isinstance(payload, list):
        return payload
    answer = mapping(payload)
    return answer.get("data") if "code" in answer and isinstance(answer.get("data"), list) else None


def _parse_row(row: Object) -> list[Item] | None:
    reader = _reader(row)
    return reader(row) if reader else None


def _reader(row: Object) -> RowParser | None:
    return next((reader for keys, reader in _READERS if row.keys() >= keys), None)
