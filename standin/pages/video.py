"""A post's page, under each of its addresses (facts A.1)."""

from __future__ import annotations

from aiohttp import web

from standin.pages.answers import page
from standin.site import site_of
from standin.wire.moment import Moment
from standin.wire.posts import page_post
from standin.wire.templates import encode
from standin.world.cast import Mark, Standing
from standin.world.posts import Post

routes = web.RouteTableDef()

_REFUSED = {
    Mark.DELETED: (10204, "item doesn't exist"),
    Mark.REGION_BLOCKED: (10231, "video geofence block"),
    Mark.PRIVATE: (10216, "video is private"),
    Mark.UNDER_REVIEW: (10217, "video is under review"),
}
"""What the page says instead of showing a post."""


@routes.get("/@{handle:[^/]*}/video/{id}")
@routes.get("/share/video/{id}")
@routes.get("/share/video/{id}/")
@routes.get(r"/v/{id:\d+}.html")
async def video_page(request: web.Request) -> web.Response:
    """Return a post's page; whose name stands in the address does not matter."""
    site = site_of(request)
    moment = site.moment
    post = site.world.post(request.match_info["id"], moment.now)
    if post is None:
        return page(request, "TikTok - Make Your Day", request.path, _detail(*_REFUSED[Mark.DELETED]))
    return page(request, f"{post.author.nickname} on TikTok", canonical_path(post), post_detail(post, moment))


@routes.get("/@{handle:[^/]*}/photo/{id}")
async def photo_page(request: web.Request) -> web.Response:
    """Return a photo post's page, which leaves the post itself to its script."""
    return page(request, "TikTok - Make Your Day", request.path)


def canonical_path(post: Post) -> str:
    """Return where a post lives."""
    return f"/@{post.author.username}/{'photo' if post.is_photo else 'video'}/{post.id}"


def post_refusal(post: Post) -> tuple[int, str] | None:
    """Return code and message when a post is not shown."""
    if post.author.role.standing is Standing.PRIVATE:
        return 10222, "user is private"
    if post.author.role.standing is not Standing.PUBLIC:
        return _REFUSED[Mark.DELETED]
    return _REFUSED.get(post.mark) if post.mark else None


def post_detail(post: Post, moment: Moment) -> bytes:
    """Return the scope of a post's page."""
    refused = post_refusal(post)
    if refused:
        return _detail(*refused)
    meta = {"title": f"{post.author.nickname} on TikTok", "desc": post.caption}
    return (
        b'"webapp.video-detail":{"itemInfo":{"itemStruct":%b},"shareMeta":%b,"statusCode":0,"statusMsg":""}'
        % (page_post(post, moment), encode(meta))
    )


def _detail(code: int, message: str) -> bytes:
    return b'"webapp.video-detail":' + encode({"statusCode": code, "statusMsg": message})
