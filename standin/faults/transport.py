"""Trouble on the wire: slow, cut or reset answers."""

from __future__ import annotations

import asyncio
import socket
from struct import pack

from aiohttp import web

from standin.faults.rules import Fault, Handler, fault_kind

_RESET_ON_CLOSE = pack("ii", 1, 0)


@fault_kind("drip")
async def drip(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The right answer, `bytes` (1,000) at a time, one piece every `seconds` (0.1)."""
    body, response = await _begun(request, handler)
    size = int(fault.options.get("bytes", 1_000))
    for start in range(0, len(body), size):
        await response.write(body[start : start + size])
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
    await response.write(body[: int(fault.options.get("bytes", len(body) // 2))])
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


async def _begun(request: web.Request, handler: Handler) -> tuple[bytes, web.StreamResponse]:
    """Return the body the handler would send, and a response of its length to send it by hand."""
    whole = await handler(request)
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    response = web.StreamResponse(status=whole.status, headers=whole.headers)
    response.content_length = len(body)
    await response.prepare(request)
    return body, response
