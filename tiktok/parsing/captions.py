"""What a caption refers to: hashtags and mentions.

They are written in `textExtra`, since 2023 also in `contents[].textExtra`; offsets in it are unreliable,
names are not. `challenges` describes the hashtags at more length and is missing in some answers of
`item/detail`.
"""

from __future__ import annotations

import re

from tiktok.items import Hashtag
from tiktok.parsing.hashtags import hashtag_name, parse_hashtag
from tiktok.parsing.links import hashtag_url
from tiktok.parsing.values import Object, digits, mapping, objects, text, username

_WRITTEN = re.compile(r"#([^\s#@!-/:-?\[-^`{-~，。！？、…]+)")
"""A hashtag ends at a space or at punctuation; emoji and combining marks belong to it. Of 980 hashtags in the
captures' captions this finds 977, and three that `textExtra` spells differently."""


def extras_of(item: Object) -> list[Object]:
    """What the caption refers to, in order of appearance; the same may come twice."""
    extras = list(objects(item.get("textExtra")))
    for content in objects(item.get("contents")):
        extras += objects(content.get("textExtra"))
    return extras


def parse_hashtags(item: Object, extras: list[Object]) -> list[Hashtag]:
    """Hashtags of a post, described at length where `challenges` does."""
    found: dict[str, Hashtag] = {}
    for challenge in objects(item.get("challenges")):
        hashtag = parse_hashtag(challenge, mapping(challenge.get("stats")))
        if hashtag:
            found.setdefault(hashtag.name, hashtag)
    for extra in extras:
        name = hashtag_name(extra.get("hashtagName"))
        if name and name not in found:
            found[name] = Hashtag(name=name, id=digits(extra.get("hashtagId")), url=hashtag_url(name))
    return list(found.values())


def hashtag_names(item: Object, extras: list[Object]) -> list[str]:
    """Names in order of appearance, none twice."""
    names = [hashtag_name(extra.get("hashtagName")) for extra in extras]
    names += [hashtag_name(challenge.get("title")) for challenge in objects(item.get("challenges"))]
    return list(dict.fromkeys(name for name in names if name)) or _names_in_caption(item)


def _names_in_caption(item: Object) -> list[str]:
    """Names as the caption has them, for payloads that tell them nowhere else: embed lists, some details."""
    if any(name in item for name in ("textExtra", "challenges", "contents")):
        return []
    names = (name.lower() for name in _WRITTEN.findall(text(item.get("desc")) or ""))
    return list(dict.fromkeys(names))


def mentioned(extras: list[Object]) -> list[str]:
    """Usernames in order of appearance, none twice."""
    names = (username(extra.get("userUniqueId")) for extra in extras)
    return list(dict.fromkeys(name for name in names if name))
