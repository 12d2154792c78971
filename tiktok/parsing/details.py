"""Objects that are about one thing: a post, a profile, a hashtag, a sound, a collection.

The same objects come as answers of the `*/detail` endpoints, as scopes of universal pages, as modules of SIGI
pages and as the properties of Next pages; so they are recognised and read here for all of them.

Seen: 2020-03 `videoData`, 2020-06 `itemInfo` without `stats` keys of today, 2025-12 mobile page, 2026-02
collection page (29 videos declared, none served).
"""

from __future__ import annotations

from collections.abc import Callable

from tiktok.parsing.challenges import is_challenge_detail, parse_challenge_detail
from tiktok.parsing.music import is_music_detail, parse_music_detail
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed, merged
from tiktok.parsing.rows import parse_list
from tiktok.parsing.user_detail import is_user_detail, parse_user_detail
from tiktok.parsing.values import Json, Object, mapping

_ITEM_PATHS = (("itemInfo", "itemStruct"), ("videoDetail", "itemInfo", "itemStruct"), ("itemStruct",))
"""Where a post may stand; the mobile page was seen with each of them."""


def is_item_detail(payload: Json) -> bool:
    """A post, or the hollow shell of one."""
    return any(isinstance(mapping(payload).get(path[0]), dict) for path in _ITEM_PATHS)


def parse_item_detail(payload: Json) -> Parsed:
    """Read the post; a hollow one gives nothing."""
    for path in _ITEM_PATHS:
        part = mapping(payload)
        for step in path:
            part = mapping(part.get(step))
        if part:
            items = parse_post(part)
            return Parsed(items=items, defects=[] if items else [".".join((*path, "id"))])
    hollow = not any(mapping(payload).get(path[0]) for path in _ITEM_PATHS)
    return Parsed(defects=[] if hollow else [".".join(_ITEM_PATHS[0])])


def is_early_detail(payload: Json) -> bool:
    """A post in the words of 2020."""
    return isinstance(mapping(payload).get("videoData"), dict)


def parse_early_detail(payload: Json) -> Parsed:
    """Read the post; a hollow one gives nothing."""
    post = mapping(mapping(payload).get("videoData"))
    items = parse_post(post) if "itemInfos" in post else []
    return Parsed(items=items, defects=[] if items or not post else ["videoData.itemInfos.id"])


def is_collection(payload: Json) -> bool:
    """A collection's page."""
    return isinstance(mapping(payload).get("collectionInfo"), dict)


def parse_collection(payload: Json) -> Parsed:
    """Read the posts that the page lists, if any, and how many there are said to be."""
    collection = mapping(payload)
    declared = mapping(collection.get("collectionInfo")).get("total")
    return parse_list(collection.get("collectionList"), "collectionList", parse_post, declared=declared)


_DETAILS: tuple[tuple[Callable[[Json], bool], Callable[[Json], Parsed]], ...] = (
    (is_item_detail, parse_item_detail),
    (is_early_detail, parse_early_detail),
    (is_user_detail, parse_user_detail),
    (is_challenge_detail, parse_challenge_detail),
    (is_music_detail, parse_music_detail),
    (is_collection, parse_collection),
)


def parse_detail(part: Object) -> Parsed | None:
    """Read whatever details the object holds, `None` when it holds none of the known ones."""
    parts = [parse(part) for recognises, parse in _DETAILS if recognises(part)]
    return merged(parts) if parts else None


def is_enveloped_detail(payload: Json) -> bool:
    """A detail inside the envelope of a service that resells TikTok's answers."""
    part = mapping(mapping(payload).get("data"))
    return any(recognises(part) for recognises, _parse in _DETAILS)


def parse_enveloped_detail(payload: Json) -> Parsed:
    """Read what the envelope holds."""
    parsed = parse_detail(mapping(mapping(payload).get("data"))) or Parsed()
    parsed.defects = [f"data.{defect}" for defect in parsed.defects]
    return parsed
