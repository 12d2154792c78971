"""This family's envelope: `{"detail": …}`, a text or, for fields that can't be used, the list that FastAPI gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from webapi.extensions.envelopes import Problem

UNUSABLE = 422
LOCATIONS = {"json": "body", "query": "query", "headers": "header"}
WORDS = {
    "Missing data for required field.": ("field required", "value_error.missing"),
    "Unknown field.": ("extra fields not permitted", "value_error.extra"),
    "Field may not be null.": ("none is not an allowed value", "type_error.none.not_allowed"),
}
"""Marshmallow's message → message and type as FastAPI's clients know them."""
WRONG_TYPE = ("Not a valid", "Invalid input")
"""How messages about a value of another type begin."""


def envelope(problem: Problem) -> dict[str, Any]:
    """Put a problem into this family's words."""
    if problem.status == UNUSABLE and problem.fields:
        return {"detail": list(_problems(problem.fields))}
    detail = f"{problem.message}: {problem.details}" if problem.details else problem.message
    return {"detail": detail} | ({"error": problem.cause} if problem.cause else {})


def _problems(messages: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for location, told in messages.items():
        yield from _below((LOCATIONS.get(location, location),), told)


def _below(loc: tuple[str | int, ...], told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        for name, inner in told.items():
            # What is wrong with a body as a whole has no field.
            yield from _below(loc if name == "_schema" else (*loc, name), inner)
        return
    for message in told if isinstance(told, list) else [told]:
        text, type_ = WORDS.get(message, (message, "value_error"))
        yield {"loc": loc, "msg": text, "type": "type_error" if text.startswith(WRONG_TYPE) else type_}
