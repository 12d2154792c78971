"""Tolerant readers of single values: what has the wrong type, or says nothing, is `None`.

TikTok writes the same field as number, digit string or boolean depending on endpoint and year; every parser
takes its values through here, so that the tolerance is in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from tiktok.urls import uploaded_at

Json = Any
"""A decoded JSON value: nothing about it is known yet."""
Object = Mapping[str, Json]

NOTHING: Object = MappingProxyType({})
"""Stands for an object that is not there, so that reading can go on."""

_LARGEST = 2**63 - 1
"""What a BIGINT column holds; nothing on TikTok is counted beyond it."""
_EXACT_FLOATS = 2**53
"""Above this a float no longer tells whole numbers apart."""
_MOMENTS = range(946_684_800, 4_102_444_800)
"""Epoch seconds of the years 2000 to 2099: whatever is outside is no date of a post or an account."""
_MS_MOMENTS = range(_MOMENTS.start * 1000, _MOMENTS.stop * 1000)
_UPLOADS = range(1_400_000_000, 4_102_444_800)
"""Upload times that ids may carry: musical.ly, whose posts TikTok took over, began in 2014."""
_LONGEST_ID = 20
"""Digits of the largest unsigned 64-bit number."""


def mapping(value: Json) -> Object:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else NOTHING


def objects(value: Json) -> list[Object]:
    """The objects in a list; an object that stands where a list should is taken as its only element."""
    if isinstance(value, list):
        return [element for element in value if isinstance(element, dict)]
    return [value] if isinstance(value, dict) and value else []


def text(value: Json) -> str | None:
    """A string as written; `""` stays, it says that nothing was written."""
    return value if isinstance(value, str) else None


def filled(value: Json) -> str | None:
    """A string that says something: `""` is nothing."""
    return value if isinstance(value, str) and value else None


def first(*values: Json) -> str | None:
    """The first string that says something."""
    for value in values:
        if isinstance(value, str) and value:
            return value
    return None


def integer(value: Json) -> int | None:
    """A whole number, also one written as digits."""
    if type(value) is int:  # not isinstance, which would take booleans for numbers
        number = value
    elif isinstance(value, str):
        if not value.isascii() or not value.removeprefix("-").isdigit() or len(value) > _LONGEST_ID:
            return None
        number = int(value)
    elif isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOATS:
        number = int(value)
    else:
        return None
    return number if -_LARGEST <= number <= _LARGEST else None


def count(value: Json) -> int | None:
    """A counter; negative ones, as TikTok sometimes serves, are not known."""
    number = integer(value)
    return number if number is not None and number >= 0 else None


def positive(value: Json) -> int | None:
    """A measure, for which 0 means unknown: width, length, bit rate."""
    number = integer(value)
    return number if number is not None and number > 0 else None


def flag(value: Json) -> bool | None:
    """A boolean, also one written as 0 or 1."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    return None


def digits(value: Json) -> str | None:
    """An id: decimal digits; 0 stands for none."""
    if isinstance(value, str):
        known = value.isascii() and value.isdigit() and len(value) <= _LONGEST_ID and value.strip("0")
        return value if known else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 2**64:
        return str(value)
    return None


def username(value: Json) -> str | None:
    """An @name, lower-case, without the @."""
    return value.lstrip("@").lower() or None if isinstance(value, str) else None


def moment(value: Json) -> datetime | None:
    """A time given in epoch seconds, or in milliseconds; 0 stands for unknown."""
    seconds = integer(value)
    if seconds is None:
        return None
    if seconds in _MS_MOMENTS:
        seconds //= 1000
    return datetime.fromtimestamp(seconds, UTC) if seconds in _MOMENTS else None


def upload_moment(video_id: str) -> datetime | None:
    """The upload time that a post's id carries, if it can be one."""
    return uploaded_at(video_id) if int(video_id) >> 32 in _UPLOADS else None


def url(value: Json) -> str | None:
    """A link; those without a scheme (`//host/…`) get one."""
    if not isinstance(value, str):
        return None
    if value.startswith("//"):
        return f"https:{value}"
    return value if value.startswith(("https://", "http://")) else None


def urls(value: Json) -> list[str]:
    """Links of one file: a string, a list of strings or of `{src}`, or an object with such a list in it."""
    if isinstance(value, dict):
        for name in ("UrlList", "urlList", "url_list"):
            if name in value:
                return urls(value[name])
        value = [value.get("src")]
    candidates = value if isinstance(value, list) else [value]
    if all(isinstance(each, str) and each.startswith("https://") for each in candidates):
        return list(dict.fromkeys(candidates))  # as they come nearly always
    links: dict[str, None] = {}
    for each in candidates:
        link = url(each.get("src") if isinstance(each, dict) else each)
        if link:
            links[link] = None
    return list(links)
