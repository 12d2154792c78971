"""Which requests an endpoint answers at all (facts B.1, column Auth).

A request that does not pass gets HTTP 200 and nothing. What the page's own script would sign can't be signed by
a plain client; tests open that gate by a setting (`open`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import IntEnum

from aiohttp import web

from standin.api.answers import gated, silence
from standin.site import site_of
from standin.visitor import is_logged_in

ApiHandler = Callable[[web.Request], Awaitable[web.Response]]

_DEVICE_ID = re.compile(r"[1-9]\d{18}")


class Gate(IntEnum):
    """What a request must bring; each gate asks for what the ones before it ask, too."""

    DEVICE = 1
    """A `device_id` of 19 digits."""
    SIGNED = 2
    """The signature of the page's own script."""
    LOGIN = 3
    """The cookies of an account."""


def behind(gate: Gate) -> Callable[[ApiHandler], ApiHandler]:
    """Put an endpoint behind a gate."""

    def wrap(handler: ApiHandler) -> ApiHandler:
        async def guarded(request: web.Request) -> web.Response:
            opened = site_of(request).settings.open
            if not _DEVICE_ID.fullmatch(request.query.get("device_id", "")):
                return gated()
            if gate >= Gate.SIGNED and "signed" not in opened:
                return gated()
            if gate >= Gate.LOGIN and "login" not in opened and not is_logged_in(request):
                return silence()
            return await handler(request)

        return guarded

    return wrap
