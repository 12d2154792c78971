"""How JSON endpoints answer: the envelope of success, refusals, and the gate that says nothing at all."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from standin.dice import digest
from standin.site import site_of
from standin.tokens import proof, token_of
from standin.visitor import TOKEN_SECONDS
from standin.wire.templates import encode

JSON_TYPE = "application/json; charset=utf-8"


def answer(request: web.Request, body: bytes, *, status: int = 200) -> web.Response:
    """Return a JSON body with the headers each API answer has, a fresh msToken among them."""
    site, stamp = site_of(request), time.time_ns()
    drawn = proof(site.world.seed, stamp)
    token = token_of(drawn, stamp)
    headers = {
        "Content-Type": JSON_TYPE,
        "x-tt-logid": drawn[-34:],
        "Set-Cookie": f"msToken={token}; Path=/; Max-Age={TOKEN_SECONDS}",
    }
    if site.settings.tokens is not None:
        _carry(token, headers, site.settings.tokens.carrier)
    return web.Response(body=body, status=status, headers=headers)


def _carry(token: str, headers: dict[str, str], carrier: str) -> None:
    """Send the token the way the settings want."""
    if carrier != "cookie":
        headers["x-ms-token"] = token
    if carrier == "header":
        del headers["Set-Cookie"]


def answer_json(request: web.Request, value: Any, *, status: int = 200) -> web.Response:
    """Return a value as a JSON answer."""
    return answer(request, encode(value), status=status)


def refusal(request: web.Request, code: int, message: str = "", *, status: int = 200) -> web.Response:
    """Return a business code, in both spellings as the site does."""
    body = {"statusCode": code, "statusMsg": message, "status_code": code, "status_msg": message}
    return answer_json(request, body, status=status)


def gated() -> web.Response:
    """Return what a request of the wrong shape gets: 200, nothing, and a header that says so."""
    return web.Response(headers={"Content-Type": JSON_TYPE, "tt_orcas_res": "1"})


def silence() -> web.Response:
    """Return what a bot gets: 200 and nothing."""
    return web.Response(headers={"Content-Type": JSON_TYPE})


def joined(items: Iterable[bytes]) -> bytes:
    """Return encoded items as a JSON array."""
    return b"[%b]" % b",".join(items)


def number_param(request: web.Request, name: str, default: int) -> int:
    """Read a whole number from the query; what is no number counts as the default."""
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 20 else default


def now_of(request: web.Request) -> int:
    """Return the population's clock."""
    return site_of(request).moment.now


def traces(request: web.Request) -> dict[str, Any]:
    """Return the trace ids that ride in most bodies."""
    log_id = digest(0, "log", request.path_qs).hex()[:34].upper()
    now = site_of(request).moment.now * 1000
    return {"extra": {"fatal_item_ids": [], "logid": log_id, "now": now}, "log_pb": {"impr_id": log_id}}
