"""`comment/list/` and `comment/list/reply/` (facts B.5)."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import answer_json, number_param, refusal
from standin.api.gates import Gate, behind
from standin.pages.video import post_refusal
from standin.site import site_of
from standin.wire.comments import comment_object
from standin.world.comments import (
    GROUP,
    Comment,
    comment_number,
    place_of,
    replies_to,
    reply_number,
    top_level,
)
from standin.world.posts import Post

routes = web.RouteTableDef()

LARGEST_PAGE = 50
DEFAULT_PAGE = 20


@routes.get("/api/comment/list/")
@behind(Gate.DEVICE)
async def comment_list(request: web.Request) -> web.Response:
    """Return top comments from an offset on; each may bring its first reply."""
    post = _post(request, "aweme_id")
    if post is None:
        return refusal(request, 10204, "item doesn't exist")
    site = site_of(request)
    total = post.counters(site.moment.now).comments
    numbers = _slice(request, top_level(total))
    comments = []
    for number in numbers:
        comment = comment_number(post, number)
        replies = replies_to(number, total)
        first = [_object(request, reply_number(post, comment.place, 0), 0)] if replies else None
        comments.append(comment_object(comment, site.world, site.moment, replies=replies, inlined=first))
    return _page(request, comments, numbers.stop, numbers.stop < top_level(total), total)


@routes.get("/api/comment/list/reply/")
@behind(Gate.DEVICE)
async def comment_replies(request: web.Request) -> web.Response:
    """Return the replies to one comment."""
    post = _post(request, "item_id")
    place = place_of(request.query.get("comment_id", ""))
    if post is None or place is None or place % GROUP:
        return refusal(request, 10204, "item doesn't exist")
    total = post.counters(site_of(request).moment.now).comments
    replies = max(0, replies_to(place // GROUP * 3, total))
    numbers = _slice(request, replies)
    comments = [_object(request, reply_number(post, place, number), 0) for number in numbers]
    return _page(request, comments, numbers.stop, numbers.stop < replies, replies)


def _post(request: web.Request, name: str) -> Post | None:
    site = site_of(request)
    post = site.world.post(request.query.get(name, ""), site.moment.now)
    return None if post is None or post_refusal(post) else post


def _slice(request: web.Request, length: int) -> range:
    first = max(0, number_param(request, "cursor", 0))
    count = min(number_param(request, "count", DEFAULT_PAGE), LARGEST_PAGE)
    return range(first, max(first, min(first + count, length)))


def _object(request: web.Request, comment: Comment, replies: int) -> dict[str, object]:
    site = site_of(request)
    return comment_object(comment, site.world, site.moment, replies=replies)


def _page(
    request: web.Request, comments: list[dict[str, object]], cursor: int, more: bool, total: int
) -> web.Response:
    body = {
        "alias_comment_deleted": False,
        "comments": comments or None,
        "cursor": cursor,
        "extra": {"now": site_of(request).moment.now * 1000, "logid": "", "fatal_item_ids": None},
        "has_more": int(more),
        "has_filtered_comments": 0,
        "log_pb": {"impr_id": ""},
        "reply_style": 2,
        "status_code": 0,
        "status_msg": "",
        "top_gifts": None,
        "total": total,
    }
    return answer_json(request, body)
