"""The shapes that payloads come in: an ordered table, the first row that recognises a payload reads it.

Recognition looks at keys only, so it costs next to nothing. Rows that ask for more keys stand above rows that
ask for fewer. Every row has an example among the captures; a test sees to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed
from tiktok.parsing.values import Json

Payload = dict[str, Json] | list[Json]


@dataclass(frozen=True, slots=True)
class Shape:
    """One row: a name for reports, a cheap test, and what to do."""

    name: str
    recognises: Callable[[Payload], bool]
    parse: Callable[[Any], Parsed]


def has(*keys: str) -> Callable[[Payload], bool]:
    """Recognises an object with all these keys."""
    return lambda payload: isinstance(payload, dict) and all(key in payload for key in keys)


SHAPES: tuple[Shape, ...] = (
    Shape("item", has("id", "desc", "createTime"), lambda raw: Parsed(items=parse_post(raw))),
)
