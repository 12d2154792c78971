"""Embed pages (`/embed/…`, `__FRONTITY_CONNECT_STATE__`): ten posts and no cursor, or one post (facts A.4).

Rows have no date (the id tells it) and no likes, and stand in no order of time: pinned and popular posts are
among the recent ones. They are kept as served. A refused page says `isError` and a code instead.

Seen: `/embed/@name`, `/embed/tag/name`, `/embed/music/id`, `/embed/v2/id` as peers describe them in 2026; no
capture of one is public.
"""

from __future__ import annotations

from typing import Any

from tiktok.items import Item
from tiktok.parsing.details import is_early_detail, parse_early_detail
from tiktok.parsing.hashtags import parse_hashtag
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed, distinct
from tiktok.parsing.rows import parse_list
from tiktok.parsing.sounds import parse_sound
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, Object, mapping, objects, username

_SUBJECTS = ("videoData", "videoList", "userInfo", "embedInfo", "isError")


def is_embed_page(payload: Json) -> bool:
    """Frontity's frame."""
    return isinstance(mapping(mapping(payload).get("source")).get("data"), dict)


def parse_embed_page(payload: Json) -> Parsed:
    """Read the page that was asked for."""
    page = _requested(mapping(payload))
    if is_early_detail(page):
        return parse_early_detail(page)
    author = mapping(page.get("userInfo"))
    about = mapping(page.get("embedInfo"))
    subject = _subject(author, about)
    if not isinstance(page.get("videoList"), list):
        return Parsed(items=subject)
    listed = parse_list(
        page["videoList"],
        "videoList",
        lambda row: parse_post(_as_item(row, author)),
        declared=about.get("videoCount"),
    )
    # The subject tells more about the author than the rows do, the rows still stand first.
    rows = [item for item in listed.items if item.type == "video"]
    listed.items = distinct([*rows, *subject, *listed.items])
    return listed


def _requested(payload: Object) -> Object:
    """Among the pages in the state, the one that the router names, else the first that has a subject."""
    pages = mapping(mapping(payload.get("source")).get("data"))
    path = _normal(mapping(mapping(payload.get("router"))).get("link"))
    named = [mapping(page) for link, page in pages.items() if path and _normal(link) == path]
    telling = [page for page in objects(list(pages.values())) if any(name in page for name in _SUBJECTS)]
    return next(iter((*named, *telling)), {})


def _normal(link: Json) -> str:
    return link.partition("?")[0].rstrip("/").lower() if isinstance(link, str) else ""


def _subject(author: Object, about: Object) -> list[Item]:
    """Whom or what the list is about: a user, a sound (told by its artist) or a hashtag."""
    if author:
        found: Item | None = parse_user(author)
    elif "artist" in about:
        found = parse_sound(about, about)
    else:
        challenge = {**about, "desc": about.get("description"), "coverLarger": about.get("coverUrl")}
        found = parse_hashtag(challenge, about)
    return [found] if found else []


def _as_item(row: Object, author: Object) -> dict[str, Any]:
    """A row as an item struct."""
    name = row.get("authorUniqueId")
    is_author = username(name) == username(author.get("uniqueId"))
    return {
        "id": row.get("id"),
        "desc": row.get("desc"),
        "createTime": row.get("createTime"),
        "author": author if is_author and author else {"uniqueId": name},
        "video": {
            "width": row.get("width"),
            "height": row.get("height"),
            "originCover": row.get("originCoverUrl"),
            "cover": row.get("coverUrl"),
            "playAddr": row.get("playAddr"),
        },
        "stats": {"playCount": row.get("playCount")},
        "privateItem": row.get("privateItem"),
    }
