"""Lookups: questions that a caller waits for. Both sides of the live service speak of them in these words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tiktok.errors import InvalidQuestion, InvalidTarget
from tiktok.shop_targets import SHOP_SITE, shop_trending_target
from tiktok.targets import SITE, Target, TargetKind, trending_target
from tiktok.urls import read_target

DEFAULT_COUNT = 30
"""Rows of a list that nobody gave a count for: what the site itself asks at once."""
MOST_COUNT = 500
"""Rows of one lookup; longer lists are walked with the cursor, or crawled as a job."""
LONGEST_CURSOR = 2_000
LONGEST_TEXT = 2_000
"""Characters of a target; the longest URLs of the apps' share buttons have some 1,000."""


class Lookup(StrEnum):
    """What can be looked up."""

    TRENDING = "trending"
    USER = "user"
    USER_VIDEOS = "user_videos"
    USER_FOLLOWERS = "user_followers"
    USER_FOLLOWING = "user_following"
    VIDEO = "video"
    COMMENTS = "comments"
    HASHTAG = "hashtag"
    HASHTAG_VIDEOS = "hashtag_videos"
    SEARCH_USERS = "search_users"
    SEARCH_VIDEOS = "search_videos"
    SOUND = "sound"
    SOUND_VIDEOS = "sound_videos"
    SHOP_SEARCH = "shop_search"
    SHOP_PRODUCT = "shop_product"
    SHOP_TRENDING = "shop_trending"

    @property
    def is_list(self) -> bool:
        """True when the answer is a list of rows, which takes `count` and `cursor`."""
        return self not in RECORDS


RECORDS = frozenset({Lookup.USER, Lookup.VIDEO, Lookup.HASHTAG, Lookup.SOUND, Lookup.SHOP_PRODUCT})
"""Lookups of one record."""

SUBJECTS: Mapping[Lookup, TargetKind] = MappingProxyType(
    {
        Lookup.USER: TargetKind.USER,
        Lookup.USER_VIDEOS: TargetKind.USER,
        Lookup.USER_FOLLOWERS: TargetKind.USER,
        Lookup.USER_FOLLOWING: TargetKind.USER,
        Lookup.VIDEO: TargetKind.VIDEO,
        Lookup.COMMENTS: TargetKind.VIDEO,
        Lookup.HASHTAG: TargetKind.HASHTAG,
        Lookup.HASHTAG_VIDEOS: TargetKind.HASHTAG,
        Lookup.SEARCH_USERS: TargetKind.SEARCH,
        Lookup.SEARCH_VIDEOS: TargetKind.SEARCH,
        Lookup.SOUND: TargetKind.SOUND,
        Lookup.SOUND_VIDEOS: TargetKind.SOUND,
        Lookup.SHOP_SEARCH: TargetKind.SHOP_SEARCH,
        Lookup.SHOP_PRODUCT: TargetKind.PRODUCT,
    }
)
"""What the target of a lookup is."""

WITHOUT_TARGET = frozenset({Lookup.TRENDING, Lookup.SHOP_TRENDING})
"""There is only one feed of each."""
WITH_CATEGORY = frozenset({Lookup.SHOP_TRENDING})


@dataclass(frozen=True, slots=True)
class Question:
    """One lookup with its parameters."""

    lookup: Lookup
    target: str = ""
    """Username, post id or URL, tag, sound id, query, product id; empty where there is only one."""
    count: int | None = None
    """Rows of a list, at most; `DEFAULT_COUNT` when nobody says."""
    cursor: str | None = None
    """Where the list goes on: the `cursor` of the answer before, as it was."""
    category: str | None = None
    """What narrows the shop's trending: a category, or words for a kind of product."""

    @property
    def rows(self) -> int:
        """How many rows are asked for."""
        return self.count or DEFAULT_COUNT

    def as_document(self) -> dict[str, Any]:
        """The question as JSON carries it."""
        return asdict(self)

    def subject(self, now: datetime, *, site: str = SITE, shop_site: str = SHOP_SITE) -> Target:
        """Read the target; raise `InvalidTarget`."""
        if self.lookup is Lookup.TRENDING:
            return trending_target("")
        if self.lookup is Lookup.SHOP_TRENDING:
            return _shop_trending(self.category or "", site, shop_site)
        return read_target(
            self.target, SUBJECTS[self.lookup], now=now, field="target", site=site, shop_site=shop_site
        )


FIELDS = frozenset(field.name for field in fields(Question))


def read_question(given: Mapping[str, Any]) -> Question:
    """Read what a caller sent; raise `InvalidQuestion`.

    The target itself is read by whoever knows the time and the site: `Question.subject`.
    """
    if unknown := sorted(set(given) - FIELDS):
        raise InvalidQuestion(unknown[0][:50], "is no parameter", f"use some of {', '.join(sorted(FIELDS))}")
    lookup = _read_lookup(given.get("lookup"))
    question = Question(
        lookup=lookup,
        target=_read_text("target", given.get("target"), LONGEST_TEXT) or "",
        count=_read_count(given.get("count")),
        cursor=_read_text("cursor", given.get("cursor"), LONGEST_CURSOR),
        category=_read_text("category", given.get("category"), LONGEST_TEXT),
    )
    _check_presence(question)
    return question


def _shop_trending(category: str, site: str, shop_site: str) -> Target:
    """Home, words for a kind of product, or a category by its number or address."""
    if "://" in category:
        found = read_target(category, field="category", site=site, shop_site=shop_site)
        if found.kind in (TargetKind.SHOP_CATEGORY, TargetKind.SHOP_SEARCH):
            return shop_trending_target(found.word, found.region)
    return read_target(category, TargetKind.SHOP_TRENDING, field="category", site=site, shop_site=shop_site)


def _read_lookup(value: Any) -> Lookup:
    try:
        return Lookup(value)
    except ValueError:
        raise InvalidQuestion("lookup", "is not known", f"write one of {', '.join(Lookup)}") from None


def _read_text(field: str, value: Any, longest: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidQuestion(field, "is no text", "write it as a string")
    if len(value) > longest:
        raise InvalidQuestion(field, f"has {len(value):,} characters", f"write at most {longest:,}")
    return value.strip() or None


def _read_count(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_COUNT:
        raise InvalidQuestion(
            "count",
            "is not a number of rows that can be had",
            f"write 1 to {MOST_COUNT}; go on by the cursor",
        )
    return value


def _check_presence(question: Question) -> None:
    lookup = question.lookup
    if not question.target and lookup not in WITHOUT_TARGET:
        raise InvalidQuestion("target", "is missing", f"say what {lookup} is about")
    for name in ("count", "cursor"):
        if getattr(question, name) is not None and not lookup.is_list:
            raise InvalidQuestion(name, f"makes no sense: {lookup} is one record", "leave it out")
    if question.category is not None and lookup not in WITH_CATEGORY:
        raise InvalidQuestion("category", f"makes no sense for {lookup}", "leave it out")


__all__ = [
    "DEFAULT_COUNT",
    "MOST_COUNT",
    "RECORDS",
    "SUBJECTS",
    "InvalidQuestion",
    "InvalidTarget",
    "Lookup",
    "Question",
    "read_question",
]
