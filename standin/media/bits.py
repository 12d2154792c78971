"""Bit strings as video and sound codecs write them."""

from __future__ import annotations

import re

_LOOKS_LIKE_A_START = re.compile(rb"\x00\x00(?=[\x00-\x03])")


def fixed(width: int, value: int) -> str:
    """Return a number in so many bits."""
    return f"{value:0{width}b}"


def unsigned(value: int) -> str:
    """Return a number in Exp-Golomb code (`ue(v)` of the codecs' standards)."""
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def signed(value: int) -> str:
    """Return a number with its sign in Exp-Golomb code (`se(v)`)."""
    return unsigned(2 * value - 1 if value > 0 else -2 * value)


def packed(bits: str, padding: str = "0") -> bytes:
    """Return bits as bytes, the last one filled up."""
    whole = bits + padding * (-len(bits) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8, "big")


def unit(header: int, bits: str) -> bytes:
    """Return a NAL unit: a stop bit at its end, and nothing inside that looks like a start code."""
    return bytes([header]) + _LOOKS_LIKE_A_START.sub(b"\x00\x00\x03", packed(bits + "1"))
