"""What somebody wants archived of a post."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

ALL_LANGUAGES = "all"
_OF_THE_OPERATOR = ("codecs", "max_resolution")


class Role(StrEnum):
    """What a file is of its post."""

    VIDEO = "video"
    IMAGE = "image"
    """A slide of a photo post; its variant is the number, from `01`."""
    SOUND = "sound"
    COVER = "cover"
    AVATAR = "avatar"
    """The author's picture at the time."""
    SUBTITLE = "subtitle"
    """Its variant is the language and the format: `eng-US.vtt`, `eng-US.srt`."""
    SIDECAR = "sidecar"
    """The post's record as JSON, written last: where it is, the post is whole."""


@dataclass(frozen=True, kw_only=True)
class MediaWish:
    """What is wanted of every post; by default nothing."""

    media: bool = False
    """The post itself: a video's best stream, a photo post's images and sound."""
    no_watermark: bool = True
    """Clean streams only; else the watermarked file is taken when no clean one can be had."""
    covers: bool = False
    sound: bool = False
    """The sound of videos, too, as a file of its own."""
    avatar: bool = False
    subtitles: tuple[str, ...] = ()
    """Languages as `en` or `eng-US`, or `all`."""
    codecs: tuple[str, ...] = ()
    """Codecs in order of preference, others never; empty: any that plays, the resolution decides."""
    drive_folder: str = ""
    """Id of the Drive folder that files are copied to instead of the operator's store; empty for that store."""
    max_resolution: int | None = None
    """Largest short side in pixels (`720` for 720p), where something that small is offered."""

    def __bool__(self) -> bool:
        return self.media or self.covers or self.sound or self.avatar or bool(self.subtitles)

    def __or__(self, other: Self) -> Self:
        """What both want; clean streams only where neither takes others, limits and folder those of the first."""
        return type(self)(
            media=self.media or other.media,
            no_watermark=self.no_watermark and other.no_watermark,
            covers=self.covers or other.covers,
            sound=self.sound or other.sound,
            avatar=self.avatar or other.avatar,
            subtitles=tuple(dict.fromkeys((*self.subtitles, *other.subtitles))),
            codecs=self.codecs,
            drive_folder=self.drive_folder,
            max_resolution=self.max_resolution,
        )

    @cached_property
    def words(self) -> str:
        """The wish as JSON, the same for the same wish; codec and resolution are the operator's, and no part of it."""
        told = {name: value for name, value in asdict(self).items() if name not in _OF_THE_OPERATOR}
        if not self.drive_folder:
            del told["drive_folder"]  # wishes that were written before there was such a thing say the same
        return json.dumps(told, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, words: str) -> Self:
        """Read what `words` gave."""
        told = json.loads(words)
        return cls(**{**told, "subtitles": tuple(told["subtitles"])})

    def wants_language(self, code: str | None) -> bool:
        """Say whether subtitles in this language are wanted: `en` stands for `en-US` and TikTok's `eng-US`."""
        if ALL_LANGUAGES in self.subtitles:
            return True
        return any(_speaks(wanted, code or "") for wanted in self.subtitles)


def _speaks(wanted: str, code: str) -> bool:
    wanted, code = wanted.lower().replace("_", "-"), code.lower().replace("_", "-")
    language = code.partition("-")[0]
    return wanted in (code, language) or (len(wanted) == 2 and _TWO_LETTERS.get(language) == wanted)


_TWO_LETTERS = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "cmn": "zh", "dan": "da", "deu": "de",
    "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fil": "tl", "fin": "fi", "fra": "fr", "heb": "he",
    "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "khm": "km", "kor": "ko",
    "lav": "lv", "lit": "lt", "msa": "ms", "mya": "my", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rus": "ru", "slk": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swa": "sw", "swe": "sv",
    "tam": "ta", "tel": "te", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "zho": "zh",
}  # fmt: skip
"""TikTok writes ISO 639-3; people write ISO 639-1."""
