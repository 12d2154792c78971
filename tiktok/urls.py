"""From what people type or paste to a target, and from a short link to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SITE = "https://www.tiktok.com"
"""Where the site lives; a stand-in lives elsewhere."""

MAX_HOPS = 5
"""Redirects of a short link that we follow; yt-dlp and gallery-dl need two at most."""


class TargetKind(StrEnum):
    """What a target is."""

    USER = "user"
    VIDEO = "video"
    HASHTAG = "hashtag"
    SOUND = "sound"
    SEARCH = "search"
    TRENDING = "trending"
    COLLECTION = "collection"
    PLAYLIST = "playlist"
    EFFECT = "effect"
    LIVE = "live"
    SHORT_LINK = "short_link"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to crawl."""

    kind: TargetKind
    key: str
    """What tells it from others of its kind: username (or secUid, or user id), numeric id, name or query."""
    url: str
    """Canonical page on `SITE`."""
    username: str | None = None
    sec_uid: str | None = None
    user_id: str | None = None


def read_target(
    text: str,
    expected: TargetKind | None = None,
    *,
    now: datetime | None = None,
    field: str | None = None,
    site: str = SITE,
) -> Target:
    """Read a URL, a name or an id.

    `expected` says what bare words and digits mean and refuses URLs of other kinds (short links excepted:
    they must be resolved first). `now` bounds ids from above, `field` names the argument in the error, URLs
    on `site` are taken for TikTok's. Raises `InvalidTarget`.
    """
    raise NotImplementedError


def uploaded_at(video_id: str) -> datetime:
    """When the video was uploaded: the upper half of its id is the time in epoch seconds."""
    raise NotImplementedError


def next_hop(url: str, location: str | None, hops: int, *, site: str = SITE) -> str | Target:
    """Where a short link leads after `url` answered with `location`: a URL to ask next, or the target.

    `hops` counts the redirects followed so far; `location` is `None` when the answer was no redirect. Raises
    `ShortLinkDeadEnd`, `ShortLinkUnresolved`, `TooManyHops` or `ForeignHop`.
    """
    raise NotImplementedError
