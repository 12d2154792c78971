"""Plain pictures of any size: JPEG (ITU-T T.81) and lossless WebP (RFC 9649)."""

from __future__ import annotations

from struct import pack

from standin.media.bits import fixed, packed
from standin.media.files import File

_STEP = 8
"""Every coefficient is kept in eighths, so that a block's mean is kept in whole shades."""
_BRIGHT_BITS = 7


def jpeg(width: int, height: int, code: int) -> File:
    """Return a plain picture; `code` gives its shade and stands in its comment."""
    blocks = -(-width // 8) * (-(-height // 8))
    shade = fixed(_BRIGHT_BITS, 64 + code % 64)
    same = "00"
    scan = packed(f"10{shade}0" + same * (blocks - 1), padding="1").replace(b"\xff", b"\xff\x00")
    parts = (
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        _segment(0xFE, b"%016x" % code),
        _segment(0xDB, b"\x00" + bytes([_STEP]) * 64),
        _segment(0xC0, pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"),
        _huffman(0x00, {1: b"\x00", 2: bytes([_BRIGHT_BITS])}),
        _huffman(0x10, {1: b"\x00"}),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        scan,
        b"\xff\xd9",
    )
    return File("image/jpeg", b"".join(parts))


def _segment(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, 2 + len(body)) + body


def _huffman(table: int, symbols: dict[int, bytes]) -> bytes:
    """Return a table of codes; `symbols` by the length of their code."""
    counts = bytes(len(symbols.get(length, b"")) for length in range(1, 17))
    return _segment(0xC4, bytes([table]) + counts + b"".join(symbols.values()))


def webp(width: int, height: int, code: int) -> File:
    """Return a picture of one colour, which needs no bit per pixel; `code` gives the colour."""
    colour = [code & 0xFF, code >> 8 & 0xFF, code >> 16 & 0xFF]
    one_symbol = ["101" + _backwards(8, shade) for shade in (*colour, 255)]
    distance = "1000"
    head = _backwards(14, width - 1) + _backwards(14, height - 1) + "0000"
    bits = head + "000" + "".join(one_symbol) + distance
    body = b"\x2f" + int(bits[::-1], 2).to_bytes(-(-len(bits) // 8), "little")
    body += bytes(len(body) % 2)
    chunk = b"VP8L" + pack("<I", len(body)) + body
    note = b"%016x" % code
    chunk += b"NOTE" + pack("<I", len(note)) + note
    return File("image/webp", b"RIFF" + pack("<I", 4 + len(chunk)) + b"WEBP" + chunk)


def _backwards(width: int, value: int) -> str:
    """Return a number in so many bits, the lowest first."""
    return fixed(width, value)[::-1]
