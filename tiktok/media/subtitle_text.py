"""Subtitles in the format that most players read: WebVTT, and TikTok's own captions, to SubRip."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

_TIMING = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
_TAG = re.compile(r"</?(?:[cviub]|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
"""WebVTT's own marks; what else stands in angle brackets was said."""
_BLANK_LINES = re.compile(r"\n{2,}")


class Cue(NamedTuple):
    """One line, from when to when, in milliseconds."""

    start: int
    end: int
    text: str


def webvtt_to_srt(text: str) -> str:
    """Rewrite WebVTT as SubRip: numbered cues, hours always, commas, no styles, no marks."""
    return _write_srt(_read_webvtt(text))


def captions_to_srt(body: bytes) -> str:
    """Rewrite `creator_caption` as SubRip; raise `ValueError` when it is none."""
    told = orjson.loads(body)
    rows = told.get("utterances") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("no captions in it")  # noqa: TRY004  # the file's fault, not a caller's
    return _write_srt(cue for row in rows if (cue := _read_utterance(row)))


def _read_webvtt(text: str) -> Iterator[Cue]:
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for block in _BLANK_LINES.split(text):
        lines = block.split("\n")
        for place, line in enumerate(lines):
            if found := _TIMING.match(line.strip()):
                said = html.unescape(_TAG.sub("", "\n".join(lines[place + 1 :]))).strip()
                if said:
                    yield Cue(_milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:]), said)
                break


def _read_utterance(row: Any) -> Cue | None:
    if not isinstance(row, dict):
        return None
    start, end, text = row.get("start_time"), row.get("end_time"), row.get("text")
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(text, str):
        return None
    return Cue(start, end, text.strip()) if text.strip() else None


def _write_srt(cues: Iterator[Cue]) -> str:
    blocks = (
        f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def _milliseconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(thousandths.ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{thousandths:03}"
