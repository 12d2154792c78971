"""Which requests an endpoint answers at all (facts B.1, column Auth).

A request that does not pass gets HTTP 200 and nothing. What the page's own script would sign can't be signed by
a plain client; tests open that gate by a setting (`open`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import IntEnum

from aiohttp import web

from standin.api.answers import gated, refusal, silence
from standin.logins import session_in
from standin.signatures import is_signed
from standin.site import site_of
from standin.visitor import is_logged_in

ApiHandler = Callable[[web.Request], Awaitable[web.Response]]

FULLY_SIGNED = ("/api/post/", "/api/challenge/", "/api/search/")
"""Where one signature of two is not enough: what a borrowed signer is asked for stays empty there."""

_DEVICE_ID = re.compile(r"[1-9]\d{18}")


class Gate(IntEnum):
    """What a request must bring; each gate asks for what the ones before it ask, too."""

    DEVICE = 1
    """A `device_id` of 19 digits."""
    SIGNED = 2
    """The signature of the page's own script."""
    LOGIN = 3
    """The cookies of an account."""


def _login_missing(request: web.Request) -> web.Response:
    """Return silence for a guest; who brings a login that is over, or never was, is told so."""
    return refusal(request, 10102, "user not login") if session_in(request.cookies) else silence()


def _is_signed(request: web.Request) -> bool:
    """Tell whether the page's script signed it, with both signatures where both are looked at."""
    return is_signed(request, fully=request.path.startswith(FULLY_SIGNED))


def behind(gate: Gate) -> Callable[[ApiHandler], ApiHandler]:
    """Put an endpoint behind a gate."""

    def wrap(handler: ApiHandler) -> ApiHandler:
        async def guarded(request: web.Request) -> web.Response:
            opened = site_of(request).settings.open
            if not _DEVICE_ID.fullmatch(request.query.get("device_id", "")):
                return gated()
            if gate >= Gate.SIGNED and "signed" not in opened and not _is_signed(request):
                return gated()
            if gate >= Gate.LOGIN and "login" not in opened and not is_logged_in(request):
                return _login_missing(request)
            return await handler(request)

        return guarded

    return wrap
