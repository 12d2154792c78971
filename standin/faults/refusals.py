"""Trouble instead of an answer: the ways in which the site turns a request away (facts D.1, D.2)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import orjson
from aiohttp import web

from standin.dice import digest, draw
from standin.faults.rules import Fault, Handler, fault_kind
from standin.wire.shop.addresses import is_shop_path
from standin.wire.shop.captcha import security_check

_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"

WAF_HEADERS = {"Content-Type": _HTML, "x-tt-system-error": "3"}
WAF_ANSWER = "_wafchallengeid"
_LARGEST_PUZZLE = 2_000


def _refusal(status: int, body: str = "", kind: str = _HTML, **headers: str) -> web.Response:
    return web.Response(status=status, body=body.encode(), headers={"Content-Type": kind, **headers})


def _wants_json(request: web.Request) -> bool:
    return request.path.startswith(("/api/", "/node/", "/passport/"))


@fault_kind("rate_limit")
async def rate_limit(_request: web.Request, _handler: Handler, fault: Fault) -> web.Response:
    """429; `retry_after` seconds, unless it is null."""
    wait = fault.options.get("retry_after", 60)
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return _refusal(429, "Too Many Requests", "text/plain", **headers)


@fault_kind("captcha")
async def captcha(request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """The captcha: as JSON on endpoints, as the slide page elsewhere, the shop's on its pages; all with status 200."""
    if _wants_json(request):
        body = {"code": "10000", "from": "", "type": "verify", "version": "", "region": "va", "subtype": "slide",
                "detail": "standin", "verify_event": "", "fp": "verify_standin"}  # fmt: skip
        return _refusal(200, orjson.dumps(body).decode(), _JSON)
    if is_shop_path(request.path):
        return _refusal(200, security_check())
    return _refusal(
        200,
        "<!DOCTYPE html><html><head><title>Security Check</title></head><body>"
        '<div id="captcha_container"><div class="captcha_verify_container" id="tiktok-verify-page">'
        '<div class="verify_center slide_verify">Drag the slider to fit the puzzle</div></div></div></body></html>',
    )


@fault_kind("waf")
async def waf(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The "Please wait..." page with a puzzle that can be solved; each solution lets one request pass."""
    if _is_solved(request.cookies.get(WAF_ANSWER, ""), fault):
        return await handler(request)
    secret = digest(fault.seed, "waf", fault.fired)[:24]
    number = draw(fault.seed, "puzzle", fault.fired)[0] % _LARGEST_PUZZLE
    expected = sha256(secret + str(number).encode()).digest()
    fault.memory[b64encode(secret).decode()] = expected
    puzzle = {"v": {"a": b64encode(secret).decode(), "b": 1790812800, "c": b64encode(expected).decode()},
              "s": b64encode(digest(0, secret.hex())[:32]).decode()}  # fmt: skip
    coded = b64encode(orjson.dumps(puzzle)).decode().rstrip("=")
    return web.Response(body=(_WAF_PAGE % (WAF_ANSWER, coded)).encode(), headers=WAF_HEADERS)


_WAF_PAGE = (
    '<!DOCTYPE html> <html lang="en"> <head> <link rel="icon" href="data:;base64,="> '
    '<script id="slardar-config" type="application/json">{"slardarClient":"SlardarWAF","bid":"slardar_us_waf",'
    '"pid":"pid"}</script> </head> <body> Please wait... <p id="wci" class="%s"></p> <p id="cs" class="%s"></p> '
    '<p id="rci" class="waforiginalreid"></p> <p id="rs" class=""></p> '
    '<script type="text/javascript" src="/waf-aiso/standin.js"></script> </body> </html>'
)


def _is_solved(answer: str, fault: Fault) -> bool:
    """Tell whether an answer fits a puzzle of ours that nobody has answered yet."""
    try:
        puzzle: dict[str, Any] = orjson.loads(b64decode(answer))
        secret, solution = puzzle["v"]["a"], b64decode(puzzle["d"])
    except (ValueError, KeyError, TypeError):
        return False
    return sha256(b64decode(secret) + solution).digest() == fault.memory.pop(secret, None)


@fault_kind("login_wall")
async def login_wall(request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """Pages redirect to `/login`; endpoints answer 10102."""
    if _wants_json(request):
        return _refusal(200, '{"statusCode":10102,"statusMsg":"user not login","status_code":10102}', _JSON)
    return _refusal(302, Location=f"/login?redirect_url={request.path}")


@fault_kind("forbidden")
async def forbidden(_request: web.Request, _handler: Handler, fault: Fault) -> web.Response:
    """403, or the `status` wished; 444 comes with the edge's 115 bytes of "Access Denied"."""
    text = "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>Reference #18.5e1f</BODY></HTML>"
    return _refusal(int(fault.options.get("status", 403)), text)


@fault_kind("maintenance")
async def maintenance(_request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """403 with the page that refuses some browser versions."""
    return _refusal(
        403, "<html><body><h1>Site Under Maintenance</h1><p>Please try again later.</p></body></html>"
    )


@fault_kind("server_error")
async def server_error(_request: web.Request, _handler: Handler, fault: Fault) -> web.Response:
    """503, or the `status` wished."""
    return _refusal(int(fault.options.get("status", 503)), "upstream connect error", "text/plain")


@fault_kind("status_code")
async def status_code(_request: web.Request, _handler: Handler, fault: Fault) -> web.Response:
    """A business code in a JSON body, 10101 unless `code` says otherwise; `status` is 200 unless given."""
    code = int(fault.options.get("code", 10101))
    body = orjson.dumps({"statusCode": code, "status_code": 0, "statusMsg": "", "status_msg": ""}).decode()
    return _refusal(int(fault.options.get("status", 200)), body, _JSON)


@fault_kind("empty")
async def empty(request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """200 and not a byte."""
    return _refusal(200, "", _JSON if _wants_json(request) else _HTML)


@fault_kind("gated")
async def gated(_request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """200, not a byte, and the header `tt_orcas_res: 1`."""
    return _refusal(200, "", _JSON, tt_orcas_res="1")


@fault_kind("html")
async def html(_request: web.Request, _handler: Handler, fault: Fault) -> web.Response:
    """An HTML page where something else was asked for, called `type`; its script names mean a captcha there."""
    body = '<!DOCTYPE html><html><head><script src="/secsdk/captcha.js"></script></head></html>'
    return _refusal(200, body, str(fault.options.get("type", _HTML)))


@fault_kind("no_data")
async def no_data(_request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """A page without any data script."""
    filler = "<p>TikTok - Make Your Day</p>" * 2_000
    return _refusal(
        200, f'<!DOCTYPE html><html><head></head><body><div id="app">{filler}</div></body></html>'
    )
