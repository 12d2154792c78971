"""`user/list`: followers and following, newest first, and the app's follower list (facts B.4).

A hidden list omits `userList`, which reads as a page without rows. Rows with the id "0" are dummies.

Seen: 2021-09 (app, `min_time` paging), 2025-10 (`minCursor` paging, exact `statsV2`).
"""

from __future__ import annotations

from tiktok.items import Item
from tiktok.parsing.app_users import parse_app_user
from tiktok.parsing.results import Parsed
from tiktok.parsing.rows import parse_list
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, Object, mapping

DUMMY_IDS = ("0", 0)


def is_user_list(payload: Json) -> bool:
    """Without rows the paging tells: only this list pages by `minCursor` and says its `total`."""
    answer = mapping(payload)
    return "userList" in answer or answer.keys() >= {"minCursor", "total"}


def parse_user_list(payload: Json) -> Parsed:
    """Read a page of followers or following."""
    answer = mapping(payload)
    return parse_list(
        answer.get("userList"),
        "userList",
        parse_user_row,
        cursor=answer.get("minCursor"),
        has_more=answer.get("hasMore"),
        declared=answer.get("total"),
    )


def parse_user_row(row: Object) -> list[Item] | None:
    """Read one `{user, stats, statsV2}` row."""
    user = mapping(row.get("user"))
    if user.get("id") in DUMMY_IDS:
        return None
    found = parse_user(user, mapping(row.get("stats")), mapping(row.get("statsV2")), exact=True)
    return [found] if found else []


def is_app_user_list(payload: Json) -> bool:
    """The app names the list after its relation."""
    return isinstance(mapping(payload).get("followers"), list)


def parse_app_user_list(payload: Json) -> Parsed:
    """Read a page of the app's followers."""
    answer = mapping(payload)
    return parse_list(
        answer.get("followers"),
        "followers",
        parse_app_user_row,
        cursor=answer.get("min_time"),
        has_more=answer.get("has_more"),
        declared=answer.get("total"),
    )


def parse_app_user_row(row: Object) -> list[Item]:
    """Read one row, which is the user itself or carries it as `user_info`."""
    user = parse_app_user(mapping(row.get("user_info")) or row)
    return [user] if user else []
