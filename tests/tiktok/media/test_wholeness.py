from __future__ import annotations

import pytest

from tiktok.media.file_kinds import FileKind
from tiktok.media.wholeness import look_into

JPEG = b"\xff\xd8\xff\xe0" + bytes(5000) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000) + b"\0\0\0\0IEND\xaeB`\x82"
WEBP = b"RIFF" + (4 + 5000).to_bytes(4, "little") + b"WEBP" + bytes(5000)


@pytest.mark.parametrize(
    ("file", "kind"),
    [(JPEG, FileKind.JPEG), (PNG, FileKind.PNG), (WEBP, FileKind.WEBP)],
    ids=["jpeg", "png", "webp"],
)
def test_a_picture_that_ends_too_early_is_told(file: bytes, kind: FileKind) -> None:
    assert look_into(file, kind).is_whole
    assert look_into(file + b"\n\0", kind).is_whole, "some carry more behind their end"
    assert not look_into(file[:-1500], kind).is_whole
    assert not look_into(file[: len(file) // 2], kind).is_whole


def test_a_film_tells_its_length() -> None:
    assert not look_into(b"\0\0\0\x08moov", FileKind.MP4).is_whole


def test_a_format_without_an_end_is_believed() -> None:
    assert look_into(b"ID3", FileKind.MP3).is_whole
    assert not look_into(b"", FileKind.MP3).is_whole
