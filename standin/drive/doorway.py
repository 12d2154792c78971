"""What every request passes: the log, the fault plan, the rate limit, and the look at its access token."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from struct import pack

from aiohttp import web

from standin.drive.bodies import CutShortError, whole_body
from standin.drive.callers import Caller
from standin.drive.errors import DriveError
from standin.drive.faults import PlannedFault, Trouble
from standin.drive.state import Drive, drive_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTROL = "/__standin__/"
_OPEN = (CONTROL, "/token", "/o/oauth2/")
_RESET_ON_CLOSE = pack("ii", 1, 0)
_MINUTE = 60.0


def caller_of(request: web.Request) -> Caller:
    """Return who asks."""
    caller: Caller = request["caller"]
    return caller


@web.middleware
async def doorway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a request, or lead it into trouble; refusals become bodies as Google writes them."""
    if request.path.startswith(CONTROL):
        return await handler(request)
    drive = drive_of(request)
    fault = drive.plan.fault_for(request)
    entry = {
        "method": request.method, "path": request.path, "query": dict(request.query), "status": None,
        "content_range": request.headers.get("Content-Range"), "length": request.content_length,
        "fault": fault.trouble if fault else None, "at": time.time(),
    }  # fmt: skip
    drive.log.append(entry)
    try:
        response = await (_troubled(request, handler, fault) if fault else _answered(request, handler))
    except CutShortError:
        response = _dropped(request, reset=True)
    else:
        entry["status"] = response.status
    entry["received"] = request.get("received", 0)
    return response


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _let_in(drive_of(request), request)
        return await handler(request)
    except DriveError as error:
        return error.response()


def _let_in(drive: Drive, request: web.Request) -> None:
    if request.path.startswith(_OPEN):
        return
    _count(drive)
    if "upload_id" in request.query:
        return  # whoever knows a session's address may use it
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    caller = drive.tokens.get(token) if scheme == "Bearer" else None
    if caller is None or caller.expires < drive.now:
        raise DriveError("authError", "Invalid Credentials", location="Authorization")
    request["caller"] = caller


def _count(drive: Drive) -> None:
    limit = drive.settings.requests_per_minute
    while drive.arrivals and drive.arrivals[0] <= drive.now - _MINUTE:
        drive.arrivals.popleft()
    if limit and len(drive.arrivals) >= limit:
        raise DriveError("userRateLimitExceeded", "User rate limit exceeded.")
    drive.arrivals.append(drive.now)


async def _troubled(request: web.Request, handler: Handler, fault: PlannedFault) -> web.StreamResponse:
    """Do what the plan says; the deed comes first where it says so."""
    options = fault.options
    match fault.trouble:
        case Trouble.REFUSE:
            await whole_body(request)
            return _refusal(fault)
        case Trouble.FIN | Trouble.RST:
            return _dropped(request, reset=fault.trouble == Trouble.RST)
        case Trouble.STALL:
            await asyncio.sleep(float(options.get("seconds", 1)))
        case Trouble.READ_THEN_RST:
            request["stop_after"] = int(options.get("bytes", 0))
        case Trouble.FEWER_BYTES:
            request["keep_bytes"] = int(options.get("bytes", 0))
        case Trouble.DROP_SESSION:
            await whole_body(request)
            drive_of(request).sessions.pop(request.query.get("upload_id", ""), None)
    response = await _answered(request, handler)
    match fault.trouble:
        case Trouble.DONE_THEN_REFUSE:
            return _refusal(fault)
        case Trouble.DONE_THEN_FIN | Trouble.DONE_THEN_RST:
            return _dropped(request, reset=fault.trouble == Trouble.DONE_THEN_RST)
    return response


def _refusal(fault: PlannedFault) -> web.Response:
    options = fault.options
    reason = str(options.get("reason", "backendError"))
    error = DriveError(reason, str(options.get("message", reason)), status=int(options.get("status", 0)))
    wait = options.get("retry_after")
    return error.response({} if wait is None else {"Retry-After": str(wait)})


def _dropped(request: web.Request, *, reset: bool) -> web.Response:
    """Close the connection without an answer."""
    transport = request.transport
    if transport is not None and reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    elif transport is not None:
        transport.close()
    return web.Response()
