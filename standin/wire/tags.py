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


@lru_cache(maxsize=4096)
def tag_objects(names: tuple[str, ...]) -> bytes:
    """Return a post's `challenges`, encoded."""
    return encode([tag_object(TAG_CALLED[name]) for name in names])


def text_extra(caption: str, names: tuple[str, ...]) -> bytes:
    """Return where the caption mentions which hashtag, encoded."""
    return b"[" + b",".join([_mark(caption.index(f"#{name}"), name) for name in names]) + b"]"


def _mark(start: int, name: str) -> bytes:
    return (
        b'{"awemeId":"","start":%d,"end":%d,"hashtagId":"%b","hashtagName":"%b","type":1,"subType":0,'
        b'"isCommerce":false}' % (start, start + len(name) + 1, _TAG_IDS[name], name.encode())
    )


_TAG_IDS = {name: tag.id.encode() for name, tag in TAG_CALLED.items()}
