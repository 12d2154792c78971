"""How pages answer: a document, and the cookies of a visit."""

from __future__ import annotations

from aiohttp import web

from standin.visitor import context_of, visitor_id, welcome
from standin.wire.documents import universal_page
from standin.wire.scopes import data_script

HTML_TYPE = "text/html; charset=utf-8"
WWW = "https://www.tiktok.com"


def page(
    request: web.Request, title: str, path: str, scope: bytes = b"", *, bare: bool = False
) -> web.Response:
    """Return a current page with one scope of its own (`"name":{…}`), or none."""
    ttwid = visitor_id(request)
    data = data_script(context_of(request, ttwid), f"{WWW}{path}", scope, bare=bare)
    response = document(universal_page(title, data))
    welcome(request, response, ttwid)
    return response


def document(body: bytes, *, status: int = 200) -> web.Response:
    """Return an HTML document."""
    return web.Response(body=body, status=status, headers={"Content-Type": HTML_TYPE})
