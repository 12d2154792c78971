"""Readers of single values as only the shop writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from tiktok.parsing.values import Json, Object, filled, objects, urls

_REGION = re.compile(r"[A-Za-z]{2}")
_BEST_SCORE = 5.0


def region_code(value: Json) -> str | None:
    """A country's code of two letters, in capitals."""
    return value.upper() if isinstance(value, str) and _REGION.fullmatch(value) else None


def score(value: Json) -> float | None:
    """A mean of stars; 0 stands for no reviews."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        stars = float(value)
    except ValueError:
        return None
    return stars if 0 < stars <= _BEST_SCORE else None


def picture(value: Json) -> str | None:
    """The first of a picture's mirrors; a bare `uri` is no link."""
    links = value.get("url_list") if isinstance(value, dict) else None
    if (
        isinstance(links, list)
        and links
        and isinstance(links[0], str)
        and links[0].startswith(("https://", "http://"))
    ):
        return links[0]  # as they come nearly always
    return next(iter(urls(links)), None)


def pictures(values: Json) -> list[str]:
    """One link per picture."""
    return list(dict.fromkeys(link for value in objects(values) if (link := picture(value))))


def plain_text(description: Json) -> str | None:
    """A description's words: it is a list of blocks, mostly written as JSON within a string."""
    if isinstance(description, str):
        try:
            blocks = orjson.loads(description)
        except orjson.JSONDecodeError:
            return filled(description.strip())
    else:
        blocks = description
    lines = (line.strip() for block in objects(blocks) for line in _lines(block))
    return "\n".join(filter(None, lines)) or None


def _lines(block: Object) -> Iterator[str]:
    text = block.get("text")
    if isinstance(text, str):
        yield text
    points = block.get("content")
    for point in points if isinstance(points, list) else ():
        if isinstance(point, str):
            yield point
        elif isinstance(point, dict):
            yield from _lines(point)
