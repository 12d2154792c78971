"""Hashtag objects and the marks that captions carry."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from standin.wire.templates import encode
from standin.world.tags import TAG_CALLED, Tag


def tag_object(tag: Tag) -> dict[str, Any]:
    """Return a hashtag as posts carry it."""
    pictures = ("profileLarger", "profileMedium", "profileThumb", "coverLarger", "coverMedium", "coverThumb")
    return {
        "id": tag.id,
        "title": tag.name,
        "desc": f"Everything about {tag.name}, slowly.",
        **dict.fromkeys(pictures, ""),
    }


def tag_objects(names: tuple[str, ...]) -> bytes:
    """Return a post's `challenges`, encoded."""
    return encode([tag_object(TAG_CALLED[name]) for name in names])


def text_extra(length: int, names: tuple[str, str]) -> bytes:
    """Return where a caption of this length, which ends with two hashtags, mentions them; encoded."""
    second = length - len(names[1]) - 1
    first = second - len(names[0]) - 2
    return _marks(names) % (first, second - 1, second, length)


@lru_cache(maxsize=1024)
def _marks(names: tuple[str, str]) -> bytes:
    mark = (
        '{"awemeId":"","start":%%d,"end":%%d,"hashtagId":"%s","hashtagName":"%s","type":1,"subType":0,'
        '"isCommerce":false}'
    )
    return f"[{','.join(mark % (TAG_CALLED[name].id, name) for name in names)}]".encode()
