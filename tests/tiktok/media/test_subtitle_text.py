from __future__ import annotations

import orjson
import pytest

from tiktok.media.subtitle_text import captions_to_srt, webvtt_to_srt

WEBVTT = """\ufeffWEBVTT - made by ASR

STYLE
::cue { color: red }

NOTE nobody reads this

1
00:00:00.060 --> 00:00:01.5 align:start position:0%
<v Khaby>Hello &amp; <i>welcome</i>

01:02:03.004 --> 01:02:04.000
two
lines, 3 < 4

00:05.000 --> 00:06.000
<c.red>short clock</c>

00:07.000 --> 00:08.000

"""


def test_webvtt_becomes_subrip() -> None:
    expected = (
        "1\n00:00:00,060 --> 00:00:01,500\nHello & welcome\n\n"
        "2\n01:02:03,004 --> 01:02:04,000\ntwo\nlines, 3 < 4\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nshort clock\n"
    )

    assert webvtt_to_srt(WEBVTT) == expected
    assert webvtt_to_srt(WEBVTT.replace("\n", "\r\n")) == expected


def test_captions_of_a_creator_become_subrip() -> None:
    body = orjson.dumps(
        {"utterances": [{"start_time": 60, "end_time": 3_661_500, "text": " hi "}, {"text": "no times"}, 7]}
    )

    assert captions_to_srt(body) == "1\n00:00:00,060 --> 01:01:01,500\nhi\n"


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b'{"utterances": 1}', b""])
def test_what_holds_no_captions_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # orjson's own error is one
        captions_to_srt(body)
