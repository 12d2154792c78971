from __future__ import annotations

import pytest

from tiktok.media.mp4 import read_mp4


def box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


def header(seconds: float, version: int = 0) -> bytes:
    scale, size = 1000, 8 if version else 4
    times = bytes(2 * size) + scale.to_bytes(4) + round(seconds * scale).to_bytes(size)
    return box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))


WHOLE = box(b"ftyp", b"isom") + box(b"moov", header(12.5)) + box(b"mdat", bytes(100))


@pytest.mark.parametrize("version", [0, 1])
def test_the_film_s_length_is_read(version: int) -> None:
    film = (
        box(b"ftyp", b"isom") + box(b"moov", box(b"udta", b"x") + header(12.5, version)) + box(b"mdat", b"x")
    )

    assert read_mp4(film) == read_mp4(memoryview(film))
    assert (read_mp4(film).is_whole, read_mp4(film).duration) == (True, 12.5)


@pytest.mark.parametrize("cut", [1, 50, 100, 107, 108, 200])
def test_a_file_that_ends_too_early_is_not_whole(cut: int) -> None:
    assert not read_mp4(WHOLE[:-cut]).is_whole


def test_large_boxes_and_those_that_reach_to_the_end_are_understood() -> None:
    large = (1).to_bytes(4) + b"mdat" + (16 + 50).to_bytes(8) + bytes(50)
    open_ended = (0).to_bytes(4) + b"mdat" + bytes(50)

    assert read_mp4(box(b"moov", header(3)) + large).is_whole
    assert read_mp4(box(b"moov", header(3)) + open_ended).is_whole


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"x",
        bytes(64),
        b"<html>" * 20,
        (4).to_bytes(4) + b"moov" + bytes(9),
        box(b"moov", b"")[:-1] + b"z",
    ],
)
def test_junk_is_not_whole_and_does_not_hang(junk: bytes) -> None:
    found = read_mp4(junk)

    assert not found.is_whole or found.duration is None
