from __future__ import annotations

import pytest

from tiktok.media.file_kinds import FileKind, fits, recognise
from tiktok.media.wishes import Role


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", FileKind.MP4),
        (b"\0\0\0\x20ftypM4A \0\0\x02\0", FileKind.M4A),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind.HEIC),
        (b"\0\0\0\x18ftypavif\0\0\0\0", FileKind.AVIF),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0", FileKind.PNG),
        (b"RIFF\x10\0\0\0WEBPVP8 ", FileKind.WEBP),
        (b"ID3\x04\0\0", FileKind.MP3),
        (b"\xff\xfb\x90\x64", FileKind.MP3),
        (b"\xff\xf1\x50\x80", FileKind.AAC),
        (b"WEBVTT\n\n00:00", FileKind.VTT),
        (b"\xef\xbb\xbfWEBVTT", FileKind.VTT),
        (b' {"utterances":[]}', FileKind.JSON),
        (b"<!DOCTYPE html><html>", None),
        (b"Access Denied", None),
        (b"", None),
    ],
)
def test_a_file_is_told_by_its_first_bytes(head: bytes, kind: FileKind | None) -> None:
    assert recognise(head) is kind


def test_an_error_page_fits_nowhere() -> None:
    for role in (Role.VIDEO, Role.IMAGE, Role.SOUND, Role.COVER, Role.AVATAR, Role.SUBTITLE):
        assert not fits(recognise(b"<html>"), role)
    assert not fits(FileKind.JPEG, Role.VIDEO)
    assert not fits(FileKind.JSON, Role.VIDEO)
