"""Profiles in the app's snake case: search results and lists of the app (facts F.8).

A parser of its own: the web's camel case has other names, other types and other meanings for the same words.
The app writes 0 for every counter that it does not tell, so here 0 is unknown.

Seen: 2021-08 (`author` of an app post, all counters 0), 2021-09 (app's follower rows), 2023-09 and 2025-02
(`user_info` of searches, display-rounded `follower_count` only).
"""

from __future__ import annotations

from tiktok.items import User
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import user_url
from tiktok.parsing.values import (
    Object,
    digits,
    filled,
    flag,
    moment,
    positive,
    text,
    urls,
    username,
)

_COUNTERS = {
    "followers": "follower_count",
    "following": "following_count",
    "total_likes": "total_favorited",
    "total_videos": "aweme_count",
    "likes_given": "favoriting_count",
}
_AVATARS = ("avatar_larger", "avatar_300x300", "avatar_medium", "avatar_168x168", "avatar_thumb")


def parse_app_user(user: Object) -> User | None:
    """Read a profile."""
    user_id = digits(user.get("uid")) or digits(user.get("user_id"))
    if user_id is None:
        return None
    counters: Counters = {name: positive(user.get(key)) for name, key in _COUNTERS.items()}
    name = username(user.get("unique_id"))
    return User(
        id=user_id,
        username=name,
        url=user_url(name),
        sec_uid=filled(user.get("sec_uid")),
        display_name=filled(user.get("nickname")),
        bio=text(user.get("signature")),
        avatar_url=next((link for key in _AVATARS for link in urls(user.get(key))), None),
        created_at=moment(user.get("create_time")),
        verified=_is_verified(user),
        is_private=flag(user.get("secret")),
        language=filled(user.get("language")),
        region=filled(user.get("region")),
        live_room_id=digits(user.get("room_id_str")) or digits(user.get("room_id")),
        exact_counters=exact_names(counters),
        **counters,
    )


def _is_verified(user: Object) -> bool | None:
    """The app tells the check mark by the reason it was given for; "" means there is none."""
    reasons = [user[key] for key in ("custom_verify", "enterprise_verify_reason") if key in user]
    return any(filled(reason) for reason in reasons) if reasons else None
