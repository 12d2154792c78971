"""The named accounts: each has one property that a crawler must handle, and is the same under every seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DAY_SECONDS = 86_400


class Standing(StrEnum):
    """What the site says about an account as a whole."""

    PUBLIC = "public"
    PRIVATE = "private"
    BANNED = "banned"
    DELETED = "deleted"


class Mark(StrEnum):
    """What the site says about a single post."""

    AGE_GATED = "age_gated"
    TAKEN_DOWN = "taken_down"
    REGION_BLOCKED = "region_blocked"
    DELETED = "deleted"
    PRIVATE = "private"
    UNDER_REVIEW = "under_review"
    SOUND_REMOVED = "sound_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named account and what is special about it. Posts are numbered from the oldest, 0."""

    username: str
    about: str
    """What it is for, in the words of `docs/standin.md`."""
    nickname: str = ""
    posts: int = 30
    step: int = 2 * DAY_SECONDS
    """Seconds between two posts."""
    standing: Standing = Standing.PUBLIC
    pinned: tuple[int, ...] = ()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    former_username: str = ""
    followers: int = 48_211
    scale: int = 1
    """Factor on the counters of its posts."""
    denies_more_after: int = 0
    """`hasMorePrevious` says false from this post (counted from the newest) on, although more follow."""
    looks_back_a_week: bool = False
    """Pages of the history walk hold nothing older than a week before their cursor, so all but the first may be
    empty."""
    refuses_after: int = 0
    """The history walk gets empty bodies from this post (counted from the newest) on."""
    embeddable: bool = True
    shows_following: bool = True
    lists_for_members: bool = False
    """Who follows it, and whom it follows, is told to logged-in visitors only."""
    unusual_texts: bool = False
    verified: bool = False


CAST = (
    Role(
        username="khaby.lame", about="the contracts' example: videos, photo posts and pinned posts",
        nickname="Khabane lame", posts=120, step=3 * DAY_SECONDS, pinned=(4, 17), followers=162_345_678,
        scale=900, verified=True,
    ),
    Role(username="two.hundred", about="exactly 200 posts", posts=200),
    Role(username="five.thousand", about="5,000 posts", posts=5_000, step=7_200),
    Role(username="huge.archive", about="100,000 posts", posts=100_000, step=2_900),
    Role(username="empty.room", about="a public account without a post", posts=0),
    Role(username="private.garden", about="a private account", standing=Standing.PRIVATE, posts=25),
    Role(username="banned.account", about="a banned account (10221)", standing=Standing.BANNED),
    Role(username="deleted.account", about="a deleted account (10202)", standing=Standing.DELETED),
    Role(
        username="lying.more", about="`hasMorePrevious` says false in the middle of the history", posts=120,
        denies_more_after=45,
    ),
    Role(username="pinned.old", about="its three oldest posts are pinned", posts=60, pinned=(0, 1, 2)),
    Role(
        username="blocked.third", about="the third page of its history is refused with an empty body",
        posts=90, refuses_after=30,
    ),
    Role(
        username="mixed.outcomes", about="single posts that are gated, removed, blocked or gone", posts=30,
        marks={
            1: Mark.AGE_GATED, 3: Mark.TAKEN_DOWN, 5: Mark.REGION_BLOCKED, 7: Mark.DELETED,
            9: Mark.PRIVATE, 11: Mark.UNDER_REVIEW, 13: Mark.SOUND_REMOVED,
        },
    ),
    Role(
        username="texts.of.all", about="emoji, right-to-left text, lone surrogates, markup, empty captions",
        nickname="نور 🌙 \u202eabc", posts=40, unusual_texts=True,
    ),
    Role(
        username="big.counts", about="counts above 2^31, beyond what fits 32 bits; its follower lists are for members",
        posts=20, scale=40_000, followers=4_512_345_678, lists_for_members=True,
    ),
    Role(
        username="new.handle", about="was called @old.handle; its secUid stayed", posts=25,
        former_username="old.handle",
    ),
    Role(username="no.embed", about="turned embedding off", posts=25, embeddable=False),
    Role(username="hidden.follows", about="hides whom it follows", posts=15, shows_following=False),
    Role(
        username="slow.poster", about="a post every forty days, and a history that looks back one week only",
        posts=18, step=40 * DAY_SECONDS, looks_back_a_week=True,
    ),
)  # fmt: skip
