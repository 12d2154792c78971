"""Who is given a file: who came from the site, in time, and with the token of the visit that found the link."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

from aiohttp import web

from standin.visitor import brings_chain

PRODUCT_PICTURE = re.compile(r"/tos-\w+-i-\w+-tx/")
"""Pictures of products never expire, and go to everybody."""
_DIES_IN_QUERY = ("expire", "x-expires")
_DIES_IN_PATH = re.compile(r"/[0-9a-f]{32}/([0-9a-f]{8})/")


def refusal_of(request: web.Request) -> str | None:
    """Return why a request is not answered: `expired`, `referer` or `cookie`."""
    if PRODUCT_PICTURE.match(request.path):
        return None
    if _expiry(request) < time.time():
        return "expired"
    if not _came_from_the_site(request):
        return "referer"
    if request.query.get("tk") == "tt_chain_token" and not brings_chain(request):
        return "cookie"
    return None


def _expiry(request: web.Request) -> float:
    """Return when a link dies; one without an end is nobody's."""
    in_path = _DIES_IN_PATH.match(request.path)
    if in_path:
        return int(in_path[1], 16)
    text = next((request.query[name] for name in _DIES_IN_QUERY if name in request.query), "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _came_from_the_site(request: web.Request) -> bool:
    address = urlsplit(request.headers.get("Referer", ""))
    return address.netloc == request.host or f".{address.hostname}".endswith(".tiktok.com")
