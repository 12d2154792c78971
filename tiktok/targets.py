"""What can be crawled, and how bare words name it: usernames, ids, hashtags, queries.

Which part of a name is cosmetic is known from the site's own redirects: the user part of a post's address, the
title before a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

SITE = "https://www.tiktok.com"
"""Where the site lives; a stand-in lives elsewhere."""

LONGEST_NAME = 200
"""Characters of a hashtag or a query; longer ones are accidents."""


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
    PRODUCT = "product"
    SHOP_SEARCH = "shop_search"
    SHOP_CATEGORY = "shop_category"
    STORE = "store"
    SHOP_TRENDING = "shop_trending"
    """What the shop shows first, or sells best of something."""
    SHORT_LINK = "short_link"
    """Must be resolved first, see `tiktok.short_links`."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to crawl."""

    kind: TargetKind
    key: str
    """What tells it from others of its kind: username (else secUid or user id), numeric id, name or query."""
    url: str
    """Canonical page on `SITE`."""
    username: str | None = None
    """The @name, when the form carried one; on posts it is cosmetic and may be another account's."""
    sec_uid: str | None = None
    user_id: str | None = None
    region: str | None = None
    """Country of the storefront, ISO 3166-1 alpha-2; of the shop's targets only, empty until it is chosen."""
    word: str = ""
    """How the shop's targets are named by a bare word, without the region."""


FIXES: Mapping[TargetKind | None, str] = {
    None: "give a TikTok URL, an @username, a #hashtag or a video id",
    TargetKind.USER: 'give 2-24 letters, digits, "_" or "." that do not end in ".", or the URL of a profile',
    TargetKind.VIDEO: "give the URL of a post or its 19-digit id",
    TargetKind.HASHTAG: "give one word without spaces, or a URL like https://www.tiktok.com/tag/funny",
    TargetKind.SOUND: "give the sound's number, or a URL like https://www.tiktok.com/music/title-7016547803243022337",
    TargetKind.SEARCH: f"give 1-{LONGEST_NAME} characters to search for",
    TargetKind.TRENDING: "give nothing, or https://www.tiktok.com/explore",
    TargetKind.COLLECTION: "give the collection's number or its URL",
    TargetKind.PLAYLIST: "give the playlist's number or its URL",
    TargetKind.EFFECT: "give the effect's number or its URL",
    TargetKind.LIVE: "give a username, a room's number, or a URL like https://www.tiktok.com/@name/live",
    TargetKind.PRODUCT: "give a product's number, or its address like https://shop.tiktok.com/us/pdp/1729447605324124806",
    TargetKind.SHOP_SEARCH: f"give 1-{LONGEST_NAME} characters to search the shop for",
    TargetKind.SHOP_CATEGORY: "give a category's number, or its address like https://www.tiktok.com/shop/c/womens-tops/601152",
    TargetKind.STORE: "give a seller's number, or its address like https://www.tiktok.com/shop/store/name/7495794203056835079",
    TargetKind.SHOP_TRENDING: "give nothing, a category's number or address, or words for a kind of product",
    TargetKind.SHORT_LINK: "give a link like https://vm.tiktok.com/ZMabc123/",
}
"""What to do about text that can't be read, by what was expected."""

_USERNAME = re.compile(r"[a-z0-9._]{1,23}[a-z0-9_]")
_SEC_UID = re.compile(r"MS4wLjABAAAA[A-Za-z0-9_-]{32,64}")
_LONG_ID = re.compile(r"[0-9]{15,20}")
"""A post's or a user's id. Users may have shorter ones, but short digits may as well be a username."""
_SLUG = re.compile(r"(?:.*-)?([0-9]{1,20})", re.DOTALL)
"""`{title}-{id}`."""
_SLUG_WITH_TITLE = re.compile(r"[^/]*-[0-9]{5,20}")
_SHORT_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TAG = re.compile(rf"[^\s#/?&\x00-\x1f\x7f\ud800-\udfff]{{1,{LONGEST_NAME}}}")


class Unreadable(Exception):  # noqa: N818  # becomes an InvalidTarget before anyone sees it
    """Why the text is no target, and the fix when it differs from the usual one."""

    def __init__(self, reason: str, fix: str | None = None) -> None:
        super().__init__(reason)
        self.fix = fix


def user_target(text: str) -> Target:
    """A profile by username, secUid or numeric id, with or without @."""
    name = text.removeprefix("@")
    if _SEC_UID.fullmatch(name):
        return Target(TargetKind.USER, name, f"{SITE}/@{name}", sec_uid=name)
    if _LONG_ID.fullmatch(name):
        return Target(TargetKind.USER, name, f"{SITE}/@{name}", user_id=name)
    username = name.lower()
    if not _USERNAME.fullmatch(username):
        raise Unreadable("is not a username", FIXES[TargetKind.USER])
    return Target(TargetKind.USER, username, f"{SITE}/@{username}", username=username)


def video_target(video_id: str, user: str = "", form: str = "video") -> Target:
    """A post by its id; `user` and `form` are what its address says."""
    if not _LONG_ID.fullmatch(video_id):
        raise Unreadable("holds no post's id", FIXES[TargetKind.VIDEO])
    username = user.lower() if _USERNAME.fullmatch(user.lower()) else None
    return Target(
        TargetKind.VIDEO, video_id, f"{SITE}/@{username or '_'}/{form}/{video_id}", username=username
    )


def hashtag_target(text: str) -> Target:
    """A hashtag by its name, with or without #."""
    name = text.removeprefix("#").lower()
    if not _TAG.fullmatch(name):
        raise Unreadable("is not a hashtag", FIXES[TargetKind.HASHTAG])
    return Target(TargetKind.HASHTAG, name, f"{SITE}/tag/{quote(name, safe='')}")


def search_target(text: str, form: str = "") -> Target:
    """A search; `form` is the part of the address that narrows it."""
    query = " ".join(text.encode("utf-8", "replace").decode().split())
    if not 0 < len(query) <= LONGEST_NAME:
        raise Unreadable("is no query", FIXES[TargetKind.SEARCH])
    return Target(TargetKind.SEARCH, query, f"{SITE}/search{form}?q={quote(query, safe='')}")


def trending_target(text: str) -> Target:
    """The feed, by any of its names."""
    if text.lower() not in {"", "trending", "explore", "foryou", "fyp"}:
        raise Unreadable("is not a feed", FIXES[TargetKind.TRENDING])
    return Target(TargetKind.TRENDING, "trending", f"{SITE}/explore")


def live_target(text: str) -> Target:
    """A live room by its number, or by whose it is."""
    if _LONG_ID.fullmatch(text):
        return Target(TargetKind.LIVE, text, f"{SITE}/share/live/{text}")
    user = user_target(text)
    return Target(TargetKind.LIVE, user.key, f"{user.url}/live", user.username, user.sec_uid, user.user_id)


def _numbered(kind: TargetKind, folder: str) -> Callable[[str], Target]:
    """Reader of `{title}-{id}` for a kind whose pages live in the folder."""

    def read(text: str) -> Target:
        match = _SLUG.fullmatch(text)
        if not match:
            raise Unreadable(f"holds no {kind}'s number", FIXES[kind])
        title = text[: match.start(1)].rstrip("-") or "x"
        return Target(kind, match[1], f"{SITE}/{folder}/{quote(title, safe='', errors='replace')}-{match[1]}")

    return read


sound_target = _numbered(TargetKind.SOUND, "music")
effect_target = _numbered(TargetKind.EFFECT, "sticker")
# The user part is cosmetic here as it is on posts.
playlist_target = _numbered(TargetKind.PLAYLIST, "@_/playlist")
collection_target = _numbered(TargetKind.COLLECTION, "@_/collection")


def short_link_target(code: str, folder: str = "vm.tiktok.com") -> Target:
    """A short link by its code."""
    if not _SHORT_CODE.fullmatch(code):
        raise Unreadable("is not a short link", FIXES[TargetKind.SHORT_LINK])
    return Target(TargetKind.SHORT_LINK, code, f"https://{folder}/{code}/")


def any_target(text: str) -> Target:
    """Whatever the text looks like."""
    if text.startswith("#"):
        return hashtag_target(text)
    if _LONG_ID.fullmatch(text):
        return video_target(text)
    if _SLUG_WITH_TITLE.fullmatch(text) and not _SEC_UID.fullmatch(text):
        return sound_target(text)
    try:
        return user_target(text)
    except Unreadable:
        raise Unreadable("names nothing on TikTok", FIXES[None]) from None


WORDS: Mapping[TargetKind | None, Callable[[str], Target]] = {
    None: any_target,
    TargetKind.USER: user_target,
    TargetKind.VIDEO: video_target,
    TargetKind.HASHTAG: hashtag_target,
    TargetKind.SOUND: sound_target,
    TargetKind.SEARCH: search_target,
    TargetKind.TRENDING: trending_target,
    TargetKind.COLLECTION: collection_target,
    TargetKind.PLAYLIST: playlist_target,
    TargetKind.EFFECT: effect_target,
    TargetKind.LIVE: live_target,
    TargetKind.SHORT_LINK: short_link_target,
}
"""Readers of bare words, by what is expected."""
