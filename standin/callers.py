"""Who calls, as limits and faults see it: the visitor's cookies, the login behind them, and the way they came."""

from __future__ import annotations

from typing import NamedTuple

from aiohttp import web

from standin.proxy.wire import EXIT_HEADER


class Caller(NamedTuple):
    """Somebody who asks."""

    identity: str
    """`ttwid`; nothing before the first page."""
    session: str
    """Session the login cookies name, alive or not; nothing for a guest."""
    exit: str
    """Name of the proxy it came through, or the address it came from."""
    logged_in: bool


def exit_of(request: web.BaseRequest) -> str:
    """Return the exit a request left through."""
    return request.headers.get(EXIT_HEADER) or request.remote or ""
