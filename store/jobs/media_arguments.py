"""Which media of the posts it finds a job archives."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from store.jobs.arguments import Argument, InvalidArgument, switch
from tiktok.media.wishes import ALL_LANGUAGES, MediaWish

FOLDER = re.compile(r"[A-Za-z0-9_-]{10,128}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def languages(name: str, text: str) -> str:
    """Codes of languages, separated by commas, or `all`; kept as text, each once."""
    codes = list(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
    for code in codes:
        if code != ALL_LANGUAGES and not _LANGUAGE.fullmatch(code):
            raise InvalidArgument(
                name, f"{code!r} is not a language", f"write for example {name}=en,de or {name}=all"
            )
    return ",".join(codes)


def folder(name: str, text: str) -> str:
    """The id of a folder in Google Drive."""
    if not FOLDER.fullmatch(text):
        problem = f"{text[:40]!r} is not the id of a Drive folder"
        raise InvalidArgument(name, problem, "write what stands at the end of its address")
    return text


MEDIA_ARGUMENTS = (
    Argument("media", switch, "1: archive the posts' videos, or images and sound; 0: not (default: MEDIA)"),
    Argument(
        "no_watermark", switch, "0: take the watermarked video where no clean one can be had", default=True
    ),
    Argument("covers", switch, "1: archive covers, too", default=False),
    Argument("sound", switch, "1: archive the sound of videos as a file of its own, too", default=False),
    Argument("avatar", switch, "1: archive the author's picture beside each post, too", default=False),
    Argument("subtitles", languages, "languages of subtitles to archive: en,de or all", default=""),
    Argument("drive_folder", folder, "id of a Drive folder to copy to, instead of MEDIA_STORE", default=""),
)


def read_wish(
    arguments: Mapping[str, Any],
    *,
    by_default: bool = False,
    codecs: Collection[str] = (),
    max_resolution: int | None = None,
) -> MediaWish:
    """Make a wish of a job's arguments; `by_default` archives posts of jobs that don't say."""
    media = arguments.get("media")
    told = arguments.get("subtitles") or ""
    return MediaWish(
        media=by_default if media is None else media,
        no_watermark=arguments.get("no_watermark", True),
        covers=arguments.get("covers", False),
        sound=arguments.get("sound", False),
        avatar=arguments.get("avatar", False),
        subtitles=tuple(filter(None, told.split(","))),
        drive_folder=arguments.get("drive_folder", ""),
        codecs=tuple(codecs),
        max_resolution=max_resolution,
    )


def wish_arguments(wish: MediaWish) -> dict[str, str]:
    """The arguments that make this wish again."""
    switches = {
        "media": wish.media,
        "no_watermark": wish.no_watermark,
        "covers": wish.covers,
        "sound": wish.sound,
        "avatar": wish.avatar,
    }
    return {
        **{name: str(int(value)) for name, value in switches.items()},
        "subtitles": ",".join(wish.subtitles),
        "drive_folder": wish.drive_folder,
    }
