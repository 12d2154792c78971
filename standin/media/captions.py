"""Subtitles as WebVTT."""

from __future__ import annotations

from standin.media.files import File

CUES = 20


def webvtt(seconds: int, text: str, size: int) -> File:
    """Return twenty cues over the whole length, and a note that fills the file up to `size` bytes."""
    step = max(seconds, 1) * 1000 // CUES
    cues = [
        f"{_clock(number * step)} --> {_clock((number + 1) * step)}\n{text} {number + 1}"
        for number in range(CUES)
    ]
    body = "\n\n".join(["WEBVTT", *cues]).encode() + b"\n"
    room = size - len(body) - len(b"\nNOTE \n")
    note = b"\nNOTE " + b"." * room + b"\n" if room >= 0 else b""
    return File("text/vtt", body + note)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
