"""TikTok's ids as clients write them."""

from __future__ import annotations

from store.models.types import MAX_ID


def read_id(text: str) -> str | None:
    """The id, or nothing where it can't be one: then nothing has it."""
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return text if is_number and int(text) <= MAX_ID else None
