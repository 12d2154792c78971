"""The addresses of files, whole or in part."""

from __future__ import annotations

import re

from aiohttp import web

from standin.cdn.gates import refusal_of
from standin.cdn.shelves import file_at
from standin.media.files import File
from standin.site import site_of
from standin.streamed import Streamed
from standin.wire.ladder import RUNGS
from standin.wire.links import play_link, post_uri
from standin.wire.templates import Template

routes = web.RouteTableDef()

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_DENIED = "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1></BODY></HTML>"
_LINKS = {rung: Template.of([play_link("useast5", rung)]) for rung in RUNGS}


@routes.get("/video/tos/{rest:.+}")
@routes.get("/tos-{rest:.+}")
@routes.get("/{signature:[0-9a-f]{32}}/{expiry:[0-9a-f]{8}}/{rest:.+}")
async def media(request: web.Request) -> web.StreamResponse:
    """Return a file, or the part of it that `Range` names."""
    refusal = refusal_of(request)
    if refusal:
        headers = {"x-standin-refusal": refusal}
        return web.Response(status=403, text=_DENIED, content_type="text/html", headers=headers)
    file = file_at(site_of(request), request.path)
    if file is None:
        return web.Response(status=404, text="no such file")
    return _sent(file, request.headers.get("Range", ""))


@routes.get("/aweme/v1/play/")
async def play(request: web.Request) -> web.Response:
    """Redirect to a video's file, by a link that was signed just now."""
    site = site_of(request)
    moment = site.moment
    post = site.world.post(request.query.get("item_id", ""), moment.now)
    link = _LINKS.get(request.query.get("rung", ""))
    if post is None or link is None:
        return web.Response(status=404, text="no such video")
    hexadecimal = post.drawn.hex().encode()
    values = {"cdn": moment.cdn.origin.encode(), "uri": post_uri(post), "expire": b"%d" % moment.media_expiry}
    signed = link.fill(values | {"log": hexadecimal[:20], "md5": hexadecimal[32:64]})
    return web.Response(status=302, headers={"Location": signed[2:-2].decode()})


def _sent(file: File, wish: str) -> Streamed | web.Response:
    """Return what was wished for; a `Range` that is no single one is as good as none."""
    whole = len(file)
    headers = {"Content-Type": file.content_type, "Accept-Ranges": "bytes", "Cache-Control": "max-age=86400"}
    found = _RANGE.fullmatch(wish)
    if not found or wish == "bytes=-":
        return Streamed(200, headers, file.pieces(), whole)
    start, stop = _part(found[1], found[2], whole)
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{whole}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{whole}"
    return Streamed(206, headers, file.pieces(start, stop), stop - start)


def _part(first: str, last: str, whole: int) -> tuple[int, int]:
    if not first:
        return max(0, whole - int(last)), whole
    return int(first), min(int(last) + 1, whole) if last else whole
