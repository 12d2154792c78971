"""Trouble that only a browser meets, or only a browser passes."""

from __future__ import annotations

from aiohttp import web

from standin.faults.rules import Fault, Handler, fault_kind
from standin.signatures import is_signed


@fault_kind("unsigned")
async def unsigned(request: web.Request, handler: Handler, _fault: Fault) -> web.StreamResponse:
    """Who does not sign gets the gate's silence, whatever the endpoint asks for otherwise."""
    if is_signed(request, fully=True):
        return await handler(request)
    return web.Response(headers={"Content-Type": "application/json; charset=utf-8", "tt_orcas_res": "1"})


@fault_kind("hang")
async def hang(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The page's script turns in circles for `seconds` (60): nothing on the page answers any more."""
    response = await handler(request)
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        milliseconds = int(float(fault.options.get("seconds", 60)) * 1_000)
        circle = f"<script>for (const end = Date.now() + {milliseconds}; Date.now() < end;) ;</script>"
        response.body = response.body.replace(b"</body>", circle.encode() + b"</body>")
    return response
