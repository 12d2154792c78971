"""Sounds: `music` of a post, `musicInfo.music` of pages and of `music/detail`, `embedInfo` of embed pages.

Seen: 2020-05 (no `duration`), 2022-11 (`playUrl` "" when the sound may not be played), 2023-09 (no `album`),
2025-12 (mobile page without `original`). A removed sound leaves an object with an empty `id` behind.
"""

from __future__ import annotations

from tiktok.items import Sound
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import sound_url
from tiktok.parsing.values import Object, count, digits, filled, first, flag, mapping, positive, url, urls


def parse_sound(raw: Object, stats: Object | None = None) -> Sound | None:
    """Read a sound; `stats` counts the posts that use it."""
    sound_id = digits(raw.get("id"))
    if sound_id is None:
        return None
    title = filled(raw.get("title"))
    counters: Counters = {"total_videos": count(mapping(stats).get("videoCount"))}
    return Sound(
        id=sound_id,
        title=title,
        author=first(raw.get("authorName"), raw.get("artist")),
        album=filled(raw.get("album")),
        url=sound_url(title, sound_id),
        duration=_duration(raw),
        is_original=flag(raw.get("original")),
        is_copyrighted=flag(raw.get("isCopyrighted")),
        cover_url=url(first(*(raw.get(f"cover{size}") for size in ("Large", "Medium", "Thumb", "Url")))),
        play_url=next(iter(urls(raw.get("playUrl"))), None),
        exact_counters=exact_names(counters),
        **counters,
    )


def _duration(raw: Object) -> float | None:
    """Seconds, from the precise field where it is served."""
    precise = mapping(raw.get("preciseDuration")).get("preciseDuration")
    if isinstance(precise, float) and 0 < precise < float("inf"):
        return precise
    seconds = positive(raw.get("duration"))
    return None if seconds is None else float(seconds)
