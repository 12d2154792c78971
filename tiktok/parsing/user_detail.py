"""`user/detail`: one profile, with exact counters since 2025 (facts F.3).

Seen: 2022-06 (hollow objects without a status: withheld), 2023-09 (display-rounded `stats` only),
2025-10 (`statsV2` exact: 427682 beside 427700).
"""

from __future__ import annotations

from tiktok.parsing.results import Parsed
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, mapping


def is_user_detail(payload: Json) -> bool:
    """Missing and banned users come with an empty `userInfo`."""
    return isinstance(mapping(payload).get("userInfo"), dict)


def parse_user_detail(payload: Json) -> Parsed:
    """Read the profile; a hollow one gives nothing."""
    told = mapping(mapping(payload).get("userInfo"))
    user = mapping(told.get("user"))
    found = parse_user(user, mapping(told.get("stats")), mapping(told.get("statsV2")), exact=True)
    if found is not None:
        return Parsed(items=[found])
    return Parsed(defects=["userInfo.user.id"] if user else [])
