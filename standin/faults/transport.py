"""Trouble on the wire: slow, cut or reset answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from struct import pack
from typing import NamedTuple

from aiohttp import web

from standin.faults.rules import Fault, Handler, fault_kind
from standin.streamed import Streamed

_RESET_ON_CLOSE = pack("ii", 1, 0)


@fault_kind("drip")
async def drip(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The right answer, `bytes` (1,000) at a time, one piece every `seconds` (0.1)."""
    body, response = await _begun(request, handler)
    for piece in _cut_up(body.pieces, int(fault.options.get("bytes", 1_000))):
        await response.write(piece)
        await asyncio.sleep(float(fault.options.get("seconds", 0.1)))
    return response


@fault_kind("delay")
async def delay(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The right answer, `seconds` (1) late."""
    await asyncio.sleep(float(fault.options.get("seconds", 1)))
    return await handler(request)


@fault_kind("cut")
async def cut(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The connection closes after `bytes` of the body, half of it unless told."""
    body, response = await _begun(request, handler)
    for piece in _first(body.pieces, int(fault.options.get("bytes", body.length // 2))):
        await response.write(piece)
    if request.transport is not None:
        request.transport.close()
    return response


@fault_kind("truncated")
async def truncated(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """An answer that looks whole, and ends after `bytes` of the body, half of it unless told."""
    whole = await handler(request)
    body, headers = _body_of(whole), whole.headers.copy()
    headers.pop("Content-Length", None)
    kept = min(body.length, int(fault.options.get("bytes", body.length // 2)))
    return Streamed(whole.status, headers, _first(body.pieces, kept), kept)


@fault_kind("wrong_length")
async def wrong_length(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The whole body under a length that is `bytes` (1,000) too large; then the connection closes."""
    body, response = await _begun(request, handler, int(fault.options.get("bytes", 1_000)))
    for piece in body.pieces:
        await response.write(piece)
    if request.transport is not None:
        request.transport.close()
    return response


@fault_kind("reset")
async def reset(request: web.Request, _handler: Handler, _fault: Fault) -> web.StreamResponse:
    """The connection is reset before a byte is sent."""
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    return web.Response()


class _Body(NamedTuple):
    """What a handler would send."""

    pieces: Iterator[bytes]
    length: int


def _body_of(whole: web.StreamResponse) -> _Body:
    if isinstance(whole, Streamed):
        return _Body(whole.pieces, whole.length)
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    return _Body(iter([body]), len(body))


async def _begun(request: web.Request, handler: Handler, excess: int = 0) -> tuple[_Body, web.StreamResponse]:
    """Return the body the handler would send, and a response of its length to send it by hand."""
    whole = await handler(request)
    body = _body_of(whole)
    response = web.StreamResponse(status=whole.status, headers=whole.headers)
    response.content_length = body.length + excess
    await response.prepare(request)
    return body, response


def _first(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Give the first bytes of a body."""
    for piece in pieces:
        if most <= 0:
            return
        yield piece[:most]
        most -= len(piece)


def _cut_up(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Give a body in smaller pieces."""
    for piece in pieces:
        for start in range(0, len(piece), size):
            yield piece[start : start + size]
