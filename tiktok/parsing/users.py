"""Profiles: `userInfo.user` of pages and of `user/detail`, and the `author` that comes with a post.

Seen: 2020-05 (list row without `privateAccount`), 2023-02 (SIGI, `createTime` 0), 2025-03 (no `statsV2`),
2025-12 (`author` of the mobile page carries the counts itself), 2026-07 (39 keys, `region` gone).
"""

from __future__ import annotations

from tiktok.items import User
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import user_url
from tiktok.parsing.values import (
    Json,
    Object,
    count,
    digits,
    filled,
    first,
    flag,
    mapping,
    moment,
    text,
    url,
    username,
)

_COUNTERS = {
    "followers": ("followerCount",),
    "following": ("followingCount",),
    "total_likes": ("heartCount", "heart"),
    "total_videos": ("videoCount",),
    "likes_given": ("diggCount",),
}


def parse_user(
    user: Object, stats: Object | None = None, stats_v2: Object | None = None, *, exact: bool = False
) -> User | None:
    """Read a profile; `exact` says that this source's `statsV2` is not rounded (profile pages)."""
    user_id = digits(user.get("id"))
    if user_id is None:
        return None
    precise = mapping(stats_v2)
    counters: Counters = {
        name: _counter(names, precise, mapping(stats), user) for name, names in _COUNTERS.items()
    }
    # Profile pages write 0 since 2021, whatever the truth: the same account's posts tell a number.
    counters["likes_given"] = counters["likes_given"] or None
    known = [name for name, names in _COUNTERS.items() if exact and _counter(names, precise) is not None]
    name = username(user.get("uniqueId"))
    return User(
        id=user_id,
        username=name,
        url=user_url(name),
        sec_uid=filled(user.get("secUid")),
        display_name=filled(user.get("nickname")),
        bio=text(user.get("signature")),
        bio_link=filled(mapping(user.get("bioLink")).get("link")),
        avatar_url=url(
            first(*(user.get(f"avatar{size}") for size in ("Larger", "Medium", "Thumb", "ThumbUrl")))
        ),
        created_at=moment(user.get("createTime")),
        verified=flag(user.get("verified")),
        is_private=any_flag(user.get("privateAccount"), user.get("secret")),
        is_seller=flag(user.get("ttSeller")),
        is_organization=flag(user.get("isOrganization")),
        category=filled(mapping(user.get("commerceUserInfo")).get("category")),
        language=filled(user.get("language")),
        region=filled(user.get("region")),
        live_room_id=digits(user.get("roomId")),
        exact_counters=exact_names(counters, known),
        **counters,
    )


def _counter(names: tuple[str, ...], *sources: Object) -> int | None:
    for source in sources:
        for name in names:
            number = count(source.get(name))
            if number is not None:
                return number
    return None


def any_flag(*values: Json) -> bool | None:
    """True if any says so, `None` if none says anything."""
    known = [known for value in values if (known := flag(value)) is not None]
    return any(known) if known else None
