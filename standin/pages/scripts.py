"""The scripts of the pages, and where they report to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

from standin.api.answers import answer_json
from standin.signatures import script_key
from standin.visitor import identity_of

routes = web.RouteTableDef()

SCRIPTS = Path(__file__).parents[1] / "scripts"


@routes.get("/static/webmssdk.js")
async def signer(request: web.Request) -> web.Response:
    """Return the script that signs, with the visitor's key in it."""
    key = script_key(identity_of(request))
    return _script(_read("webmssdk").replace(b"'KEY'", f"'{key}'".encode()))


@routes.get("/static/app.js")
async def app_script(_request: web.Request) -> web.Response:
    """Return the script that shows lists."""
    return _script(_read("app"))


@routes.get("/static/shop.js")
async def shop_script(_request: web.Request) -> web.Response:
    """Return the script that shows the shop's lists."""
    return _script(_read("shop"))


@routes.get("/waf-aiso/standin.js")
async def waf_script(_request: web.Request) -> web.Response:
    """Return the script of the firewall's waiting page."""
    return _script(_read("waf"))


@routes.post("/web/report")
async def report(request: web.Request) -> web.Response:
    """Take the signer's report; a new msToken comes with the answer."""
    return answer_json(request, {"status": 0})


def _script(body: bytes) -> web.Response:
    return web.Response(body=body, headers={"Content-Type": "text/javascript; charset=utf-8"})


@cache
def _read(name: str) -> bytes:
    return (SCRIPTS / f"{name}.js").read_bytes()
