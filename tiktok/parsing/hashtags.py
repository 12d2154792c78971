"""Hashtags: `challenges` of a post, `challengeInfo` of pages and of `challenge/detail`, and embed pages.

Seen: 2020-05 (`desc` ""), 2022-11 to 2025-01 (`stats` of 0 and 0 in every post's challenges: withheld),
2021-01 (`videoCount` 0 beside millions of views), 2025-12 (mobile page: id, title and desc only).
"""

from __future__ import annotations

from tiktok.items import Hashtag
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import hashtag_url
from tiktok.parsing.values import Object, count, digits, filled, first, flag, url

_PICTURES = tuple(f"{kind}{size}" for kind in ("cover", "profile") for size in ("Larger", "Medium", "Thumb"))


def parse_hashtag(
    challenge: Object, stats: Object | None = None, stats_v2: Object | None = None
) -> Hashtag | None:
    """Read a hashtag; without a name there is none."""
    name = hashtag_name(challenge.get("title"))
    if name is None:
        return None
    counters: Counters = {
        "views": _known("viewCount", stats_v2, stats),
        "total_videos": _known("videoCount", stats_v2, stats),
    }
    return Hashtag(
        name=name,
        id=digits(challenge.get("id")),
        url=hashtag_url(name),
        description=filled(challenge.get("desc")),
        cover_url=url(first(*(challenge.get(picture) for picture in _PICTURES))),
        is_commerce=flag(challenge.get("isCommerce")),
        exact_counters=exact_names(counters),
        **counters,
    )


def hashtag_name(value: object) -> str | None:
    """A name without #, lower-case."""
    return value.strip().lstrip("#").lower() or None if isinstance(value, str) else None


def _known(name: str, *sources: Object | None) -> int | None:
    """A counter that was really told: TikTok writes 0 for what it withholds, and no hashtag has none."""
    for source in sources:
        number = count(source.get(name)) if source else None
        if number:
            return number
    return None
