"""H.264 without an encoder: grey pictures whose first row of blocks is a bar code, then pictures like the last one.

A block predicted from its neighbours costs eight bits, a picture of skipped blocks a few bytes (ITU-T H.264, 7.3
and 9.2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from standin.media.bits import fixed, signed, unit, unsigned

_BASELINE, _LEVEL = 66, 31
_CONSTRAINTS = 0xC0
_FRAME_NUMBERS = 16
"""Frame numbers are counted modulo this."""
_QUANTIZER = 25
"""Above 26: as coarse as it goes, so that the smallest coefficient is visible."""
_PLAIN_BLOCK = unsigned(3) + unsigned(0) + signed(0) + "1"
"""16 × 16, predicted as the neighbours' mean, no coefficient."""
_BARS = {"0": _PLAIN_BLOCK[:-1] + "0101", "1": _PLAIN_BLOCK[:-1] + "0111"}
"""The same with one coefficient: lighter or darker than its neighbour."""


class Stream(NamedTuple):
    """What a player needs to know, and the pictures that a video of any length repeats."""

    parameters: tuple[bytes, ...]
    first: bytes
    rest: tuple[bytes, ...]
    """Pictures equal to the first one; all have the same length."""


@lru_cache(maxsize=64)
def encode(width: int, height: int, code: int) -> Stream:
    """Return a stream of this size; the lowest bits of `code` are its bars."""
    across, down = width // 16, height // 16
    return Stream(
        parameters=(_sequence(across, down), _picture_parameters()),
        first=_first_picture(across, down, code),
        rest=tuple(_same_picture(across * down, number) for number in (*range(1, _FRAME_NUMBERS), 0)),
    )


def _sequence(across: int, down: int) -> bytes:
    numbers = unsigned(0) + unsigned(0) + unsigned(2) + unsigned(1) + "0"
    size = unsigned(across - 1) + unsigned(down - 1) + "1100"
    profile = fixed(8, _BASELINE) + fixed(8, _CONSTRAINTS) + fixed(8, _LEVEL)
    return unit(0x67, profile + numbers + size)


def _picture_parameters() -> bytes:
    return unit(0x68, unsigned(0) * 2 + "00" + unsigned(0) * 3 + "000" + signed(0) * 3 + "100")


def _first_picture(across: int, down: int, code: int) -> bytes:
    header = unsigned(0) + unsigned(7) + unsigned(0) + fixed(4, 0) + unsigned(0) + "00"
    bars = "".join(_BARS[bit] for bit in fixed(across, code % (1 << across)))
    blocks = bars + _PLAIN_BLOCK * (across * (down - 1))
    return unit(0x65, header + signed(_QUANTIZER) + unsigned(1) + blocks)


def _same_picture(blocks: int, number: int) -> bytes:
    header = unsigned(0) + unsigned(5) + unsigned(0) + fixed(4, number) + "000"
    return unit(0x41, header + signed(0) + unsigned(1) + unsigned(blocks))


def configuration(stream: Stream) -> bytes:
    """Return the `avcC` record."""
    sequence, picture = stream.parameters
    lengths = (len(sequence).to_bytes(2, "big"), len(picture).to_bytes(2, "big"))
    head = bytes([1, _BASELINE, _CONSTRAINTS, _LEVEL, 0xFF, 0xE1])
    return head + lengths[0] + sequence + b"\x01" + lengths[1] + picture
