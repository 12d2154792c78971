"""Canonical addresses of what an item describes, as TikTok's own pages write them."""

from __future__ import annotations

import re
from urllib.parse import quote

from tiktok.urls import SITE

_NO_SLUG = re.compile(r"[^\w]+")


def post_url(username: str | None, video_id: str, *, is_photo: bool) -> str | None:
    """Page of a post; without its author's name there is no canonical one."""
    return f"{SITE}/@{username}/{'photo' if is_photo else 'video'}/{video_id}" if username else None


def user_url(username: str | None) -> str | None:
    """Page of a profile."""
    return f"{SITE}/@{username}" if username else None


def sound_url(title: str | None, sound_id: str) -> str:
    """Page of a sound; the slug is cosmetic, TikTok itself uses `x` where a title has no letters."""
    slug = _NO_SLUG.sub("-", title or "").strip("-") or "x"
    return f"{SITE}/music/{quote(slug)}-{sound_id}"


def hashtag_url(name: str) -> str:
    """Page of a hashtag, of any script."""
    return f"{SITE}/tag/{quote(name)}"
