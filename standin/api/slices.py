"""A page of a list that is walked by offset: hashtags, sounds, collections, feeds."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import answer, joined, number_param, refusal
from standin.site import site_of
from standin.wire.posts import list_post
from standin.world.lists import PostList

DEFAULT_PAGE = 30
LARGEST_PAGE = 35
"""More than this is refused with 10201."""


def list_slice(request: web.Request, posts: PostList) -> web.Response:
    """Return the page that `cursor` and `count` ask for."""
    count = number_param(request, "count", DEFAULT_PAGE)
    if not 1 <= count <= LARGEST_PAGE:
        return refusal(request, 10201, "invalid parameters", status=400)
    cursor = max(0, number_param(request, "cursor", 0))
    site = site_of(request)
    items = joined(list_post(post, site.moment) for post in posts.posts(site.world, cursor, count))
    stop = min(cursor + count, len(posts))
    more = b"true" if stop < len(posts) else b"false"
    body = b'{"cursor":"%d","hasMore":%b,"itemList":%b,"statusCode":0,"status_code":0,"status_msg":""}'
    return answer(request, body % (max(stop, cursor), more, items))


def feed_page(request: web.Request, posts: PostList) -> web.Response:
    """Return a page of a feed that has no cursor: every call shows others."""
    site = site_of(request)
    count = min(number_param(request, "count", DEFAULT_PAGE), DEFAULT_PAGE)
    items = joined(list_post(post, site.moment) for post in posts.posts(site.world, 0, count))
    return answer(request, b'{"hasMore":true,"itemList":%b,"statusCode":0,"status_code":0}' % items)
