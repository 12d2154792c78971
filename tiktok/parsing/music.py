"""`music/detail`: one sound and its author, and the app's form of it.

Seen: 2020 (discover rows, no `duration`), 2021-08 (app, `music_info`); `author` may be a profile, a plain
string or missing (facts F.6).
"""

from __future__ import annotations

from tiktok.items import Item, Sound
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import sound_url
from tiktok.parsing.results import Parsed
from tiktok.parsing.sounds import parse_sound
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, Object, digits, filled, flag, mapping, positive, urls

_COVERS = ("cover_hd", "cover_large", "cover_medium", "cover_thumb")


def is_music_detail(payload: Json) -> bool:
    """Removed sounds come with a hollow `musicInfo`."""
    return isinstance(mapping(payload).get("musicInfo"), dict)


def parse_music_detail(payload: Json) -> Parsed:
    """Read the sound; a hollow one gives nothing."""
    row = mapping(mapping(payload).get("musicInfo"))
    items = parse_music_row(row)
    hollow = not mapping(row.get("music"))
    return Parsed(items=items, defects=[] if items or hollow else ["musicInfo.music.id"])


def parse_music_row(row: Object) -> list[Item]:
    """Read one `{music, author, stats}`."""
    sound = parse_sound(mapping(row.get("music")), mapping(row.get("stats")))
    if sound is None:
        return []
    author = parse_user(mapping(row.get("author")))
    return [sound, author] if author else [sound]


def is_app_music_detail(payload: Json) -> bool:
    """The app's name for it."""
    return isinstance(mapping(payload).get("music_info"), dict)


def parse_app_music_detail(payload: Json) -> Parsed:
    """Read the app's sound."""
    sound = parse_app_sound(mapping(mapping(payload).get("music_info")))
    return Parsed(items=[sound]) if sound else Parsed(defects=["music_info.mid"])


def parse_app_sound(music: Object) -> Sound | None:
    """Read a sound in the app's snake case; within posts its counter is 0, which is unknown."""
    sound_id = digits(music.get("mid")) or digits(music.get("id_str"))
    if sound_id is None:
        return None
    title = filled(music.get("title"))
    counters: Counters = {"total_videos": positive(music.get("user_count"))}
    return Sound(
        id=sound_id,
        title=title,
        author=filled(music.get("author")),
        album=filled(music.get("album")),
        url=sound_url(title, sound_id),
        duration=positive(music.get("duration")),
        is_original=flag(music.get("is_original_sound")),
        cover_url=next((link for cover in _COVERS for link in urls(music.get(cover))), None),
        play_url=next(iter(urls(music.get("play_url"))), None),
        exact_counters=exact_names(counters),
        **counters,
    )
