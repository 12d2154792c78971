"""What a caption refers to: hashtags and mentions.

They are written in `textExtra`, since 2023 also in `contents[].textExtra`; offsets in it are unreliable,
names are not. `challenges` describes the hashtags at more length and is missing in some answers of
`item/detail`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiktok.items import Hashtag
from tiktok.parsing.hashtags import hashtag_name, parse_hashtag
from tiktok.parsing.values import Object, mapping, objects, text, username

_WRITTEN = re.compile(r"#([^\s#@!-/:-?\[-^`{-~，。！？、…]+)")
"""A hashtag ends at a space or at punctuation; emoji and combining marks belong to it. Of 980 hashtags in the
captures' captions this finds 977, and three that `textExtra` spells differently."""


def parse_hashtags(item: Object) -> list[Hashtag]:
    """Hashtags of a post, described at length where `challenges` does."""
    described = [
        parse_hashtag(challenge, mapping(challenge.get("stats")))
        for challenge in objects(item.get("challenges"))
    ]
    named = [
        parse_hashtag({"title": extra.get("hashtagName"), "id": extra.get("hashtagId")})
        for extra in _extras(item)
    ]
    return [hashtag for hashtag in (*described, *named) if hashtag]


def hashtag_names(item: Object) -> list[str]:
    """Names in order of appearance, none twice."""
    written = (hashtag_name(extra.get("hashtagName")) for extra in _extras(item))
    described = (hashtag_name(challenge.get("title")) for challenge in objects(item.get("challenges")))
    names = [name for name in (*written, *described) if name] or _names_in_caption(item)
    return list(dict.fromkeys(names))


def _names_in_caption(item: Object) -> list[str]:
    """Names as the caption has them, for payloads that tell them nowhere else: embed lists, some details."""
    if any(name in item for name in ("textExtra", "challenges", "contents")):
        return []
    return [name.lower() for name in _WRITTEN.findall(text(item.get("desc")) or "")]


def mentioned(item: Object) -> list[str]:
    """Usernames in order of appearance, none twice."""
    names = (username(extra.get("userUniqueId")) for extra in _extras(item))
    return list(dict.fromkeys(name for name in names if name))


def _extras(item: Object) -> Iterator[Object]:
    yield from objects(item.get("textExtra"))
    for content in objects(item.get("contents")):
        yield from objects(content.get("textExtra"))
