"""What an item must fulfil to be stored: its key well-formed, its numbers in range, its times real."""

from __future__ import annotations

from datetime import UTC, datetime

from tiktok.items import Hashtag, Item

MAX_ID = 2**63 - 1
"""Largest id that both SQLite's INTEGER and MySQL's BIGINT UNSIGNED hold."""
MAX_COUNT = 2**63 - 1
MAX_HASHTAG = 255
"""Longest hashtag the database's key holds, in characters."""
TIKTOK_FOUNDED = datetime(2014, 1, 1, tzinfo=UTC)
"""Musical.ly, whose posts TikTok took over, started in 2014."""


def find_defect(item: Item) -> str | None:
    """Say in one line what makes the item unfit to store, naming the field; `None` when it is sound."""
    return _key_defect(item) or _counter_defect(item) or _time_defect(item)


def _key_defect(item: Item) -> str | None:
    key = item.key
    if isinstance(item, Hashtag):
        return None if 0 < len(key) <= MAX_HASHTAG else f"name: {len(key)} characters, 1 to {MAX_HASHTAG} fit"
    if not (key.isascii() and key.isdigit()):
        return f"id: {key[:40]!r} is not a number"
    return None if 0 < int(key) <= MAX_ID else f"id: {key[:40]} is out of range"


def _counter_defect(item: Item) -> str | None:
    for name in item.counters:
        value = getattr(item, name)
        if value is not None and not 0 <= value <= MAX_COUNT:
            return f"{name}: {value} is out of range"
    return None


def _time_defect(item: Item) -> str | None:
    created_at: datetime | None = getattr(item, "created_at", None)
    if created_at is None:
        return None
    if created_at.tzinfo is None:
        return "created_at: has no time zone"
    return None if created_at >= TIKTOK_FOUNDED else f"created_at: {created_at:%Y-%m-%d} is before TikTok"
