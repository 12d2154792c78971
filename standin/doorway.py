"""What every request passes: the journal writes it down, and the faults may change what happens."""

from __future__ import annotations

from aiohttp import web

from standin.faults.chaos import ASKED
from standin.faults.rules import KINDS, Handler
from standin.site import site_of

CONTROL = "/__standin__/"
"""Where tests steer the site: no faults there, and no journal."""


@web.middleware
async def doorway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lead a request to its handler, or into trouble."""
    if request.path.startswith(CONTROL):
        return await handler(request)
    site = site_of(request)
    if site.chaos and request.can_read_body:
        request[ASKED] = await request.read()
    fault = site.fault_for(request) if site.faults.rules or site.limits or site.chaos else None
    site.journal.write(request, fault)
    if fault is None:
        return await handler(request)
    return await KINDS[fault.kind](request, handler, fault)
