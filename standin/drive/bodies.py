"""Request bodies: read a piece at a time, and possibly cut short by the plan or by a client that dies."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientPayloadError, web

from standin.drive.errors import DriveError

_PIECE_BYTES = 1 << 18
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


@dataclass(slots=True)
class Content:
    """The bytes of a file, on disk, and what Drive says about them."""

    path: Path
    size: int
    md5: str
    sha1: str
    sha256: str


class CutShortError(Exception):
    """The body ends before its time, because the plan says so."""


async def pieces_of(request: web.Request) -> AsyncIterator[bytes]:
    """Give a body's bytes as they arrive."""
    left = request.get("stop_after")
    try:
        async for piece in request.content.iter_chunked(_PIECE_BYTES):
            if left is not None and len(piece) >= left:
                request["received"] = request.get("received", 0) + left
                yield piece[:left]
                raise CutShortError
            left = None if left is None else left - len(piece)
            request["received"] = request.get("received", 0) + len(piece)
            yield piece
    except (ClientPayloadError, ConnectionResetError) as error:
        raise CutShortError from error


async def whole_body(request: web.Request) -> bytes:
    """Return a body."""
    return b"".join([piece async for piece in pieces_of(request)])


async def json_body(request: web.Request) -> dict[str, Any]:
    """Return a body's JSON object; nothing at all is an empty one."""
    return parse_object(await whole_body(request))


def parse_object(text: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        value = json.loads(text or b"{}")
    except ValueError:
        raise DriveError("parseError", "Parse Error") from None
    if not isinstance(value, dict):
        raise DriveError("parseError", "Parse Error")
    return value


def split_parts(body: bytes, content_type: str) -> tuple[dict[str, Any], bytes, str]:
    """Return metadata, bytes and type of a multipart body, whose lines may end either way."""
    found = _BOUNDARY.search(content_type)
    if not found:
        raise DriveError("badRequest", "Missing multipart boundary")
    marker = b"--" + found[1].encode()
    end = b"\r\n" if body.lstrip().startswith(marker + b"\r\n") else b"\n"
    parts = (end + body).split(end + marker)[1:]
    read = [_part(part, end) for part in parts if not part.startswith(b"--")]
    if len(read) != 2:
        raise DriveError("badRequest", "A multipart body has two parts")
    return parse_object(read[0][1]), read[1][1], read[1][0]


def _part(part: bytes, end: bytes) -> tuple[str, bytes]:
    head, _, body = part.removeprefix(end).partition(end + end)
    found = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
    return (found[1].decode().strip() if found else "application/octet-stream"), body


def checksummed(path: Path) -> Content:
    """Return what Drive says about the bytes in a file of ours."""
    sums = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
    size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            size += len(piece)
            for one in sums:
                one.update(piece)
    return Content(path, size, *(one.hexdigest() for one in sums))
