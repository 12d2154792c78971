"""Who asks: the cookies a visitor brings, and those the site gives on the first visit."""

from __future__ import annotations

import time

from aiohttp import web

from standin.callers import exit_of
from standin.dice import digest, draw
from standin.site import site_of
from standin.tokens import issue_token
from standin.wire.scopes import app_context
from standin.wire.templates import encode

YEAR_SECONDS = 31_536_000
CHAIN_SECONDS = 15_552_000
TOKEN_SECONDS = 864_000
_BOOTSTRAP_TOKEN_LENGTH = 107


def identity_of(request: web.Request) -> str:
    """Return the visitor's `ttwid`, or nothing before the first page."""
    return request.cookies.get("ttwid", "")


def is_logged_in(request: web.Request) -> bool:
    """Tell whether the visitor brings a login that is alive."""
    return site_of(request).logins.is_alive(request.cookies, time.time())


def renew_login(request: web.Request, response: web.StreamResponse) -> None:
    """Give a login whose end is near a new lifetime."""
    for cookie in site_of(request).logins.renewed(request.cookies, time.time()):
        response.headers.add("Set-Cookie", cookie.header())


def context_of(request: web.Request, ttwid: str) -> bytes:
    """Return `webapp.app-context` for a visitor; `wid` and `odinId` belong to its `ttwid`."""
    words = draw(0, "visitor", ttwid)
    drawn = digest(0, "context", ttwid).hex().encode()
    return app_context(
        {
            "wid": device_id(ttwid).encode(),
            "odin_id": b"%d" % (7_000_000_000_000_000_000 + words[2] * 64),
            "first_seen": b"%d" % time.time(),
            "nonce": drawn[:32],
            "csrf": drawn[32:60],
            "request_id": b"%d%d" % (time.time(), words[3]),
            "user_agent": encode(request.headers.get("User-Agent", "")),
        }
    )


def device_id(ttwid: str) -> str:
    """Return the web device id that belongs to a `ttwid`: 19 digits."""
    words = draw(0, "visitor", ttwid)
    return str(7_100_000_000_000_000_000 + words[0] * 32 + words[1] % 32)


def welcome(request: web.Request, response: web.StreamResponse, ttwid: str) -> None:
    """Set the cookies of a page visit, unquoted as the site writes them."""
    drawn = digest(0, "cookies", ttwid).hex()
    token = issue_token(site_of(request).world.seed, _BOOTSTRAP_TOKEN_LENGTH)
    cookies = [
        f"tt_csrf_token={drawn[22:52]}; Path=/; HttpOnly",
        f"msToken={token}; Path=/; Max-Age={TOKEN_SECONDS}",
    ]
    if "ttwid" not in request.cookies:
        cookies.append(f"ttwid={ttwid}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly")
    if not brings_chain(request):
        chain = f"{drawn[:14]}{_chain_proof(drawn[:14], request)}=="
        cookies.append(f"tt_chain_token={chain}; Path=/; Max-Age={CHAIN_SECONDS}; HttpOnly")
    for cookie in cookies:
        response.headers.add("Set-Cookie", cookie)
    renew_login(request, response)


def brings_chain(request: web.Request) -> bool:
    """Tell whether a visitor brings the `tt_chain_token` it was given, by the same browser through the same exit."""
    token = request.cookies.get("tt_chain_token", "").removesuffix("==")
    return token[14:] == _chain_proof(token[:14], request)


def _chain_proof(drawn: str, request: web.Request) -> str:
    return digest(0, "chain", drawn, exit_of(request), request.headers.get("User-Agent", "")).hex()[:8]


def visitor_id(request: web.Request) -> str:
    """Return the visitor's `ttwid`, giving out a new one on the first visit."""
    known = identity_of(request)
    if known:
        return known
    site = site_of(request)
    site.visitors += 1
    return f"1%7C{digest(site.world.seed, 'ttwid', site.visitors).hex()[:43]}"
