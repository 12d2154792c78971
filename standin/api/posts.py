"""`post/item_list/` (signed), `item/detail/` and `related/item_list/`."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import answer, answer_json, joined, number_param, refusal
from standin.api.gates import Gate, behind
from standin.pages.video import post_refusal
from standin.site import site_of
from standin.wire.posts import list_post
from standin.wire.templates import decode
from standin.world.accounts import Account
from standin.world.cast import Standing
from standin.world.lists import found_posts
from standin.world.population import history
from standin.world.posts import Post, post_number, posts_until

routes = web.RouteTableDef()

LARGEST_PAGE = 35
SITE_PAGE = 16
"""Posts a page holds when the request does not say, as the site's own requests do."""
NEWEST, POPULAR, OLDEST = "0", "1", "2"
_MISSING_IN_DETAIL = ("challenges", "textExtra", "contents", "suggestedWords", "keywordTags", "channelTags",
                      "diversificationLabels", "comments", "warnInfo", "creatorAIComment", "CategoryType")  # fmt: skip
"""Keys a page's post has and `item/detail` leaves out."""


@routes.get("/api/post/item_list/")
@behind(Gate.SIGNED)
async def post_item_list(request: web.Request) -> web.Response:
    """Return a page of an account's posts in the wished order."""
    site = site_of(request)
    account = site.world.account_with_sec_uid(request.query.get("secUid", ""))
    count = number_param(request, "count", SITE_PAGE)
    if account is None or not 1 <= count <= LARGEST_PAGE:
        return refusal(request, 10201, "invalid parameters", status=400)
    now = site.moment.now
    if account.role.standing is not Standing.PUBLIC or not posts_until(account, now):
        return answer_json(request, {"cursor": "0", "hasMore": False, "itemList": [], "statusCode": 0})
    order = request.query.get("post_item_list_request_type", NEWEST)
    cursor = number_param(request, "cursor", 0)
    posts, next_cursor, more = _ordered(account, order, cursor, count, now)
    pinned = account.role.pinned if order == NEWEST and cursor == 0 else ()
    items = [list_post(post_number(account, number), site.moment, pinned=True) for number in pinned]
    items += [list_post(post, site.moment) for post in posts]
    body = b'{"cursor":"%d","hasMore":%b,"itemList":%b,"statusCode":0,"status_code":0,"status_msg":""}'
    return answer(request, body % (next_cursor, b"true" if more else b"false", joined(items)))


@routes.get("/api/item/detail/")
@behind(Gate.DEVICE)
async def item_detail(request: web.Request) -> web.Response:
    """Return one post, with fewer keys than its page has."""
    site = site_of(request)
    post = site.world.post(request.query.get("itemId", ""), site.moment.now)
    refused = (10204, "item doesn't exist") if post is None else post_refusal(post)
    if post is None or refused:
        code, message = refused or (10204, "item doesn't exist")
        return answer_json(request, {"statusCode": code, "statusMsg": message, "status_code": 0})
    item = decode(list_post(post, site.moment))
    for key in _MISSING_IN_DETAIL:
        item.pop(key, None)
    return answer_json(request, {"itemInfo": {"itemStruct": item}, "statusCode": 0, "status_code": 0})


@routes.get("/api/related/item_list/")
@behind(Gate.SIGNED)
async def related_item_list(request: web.Request) -> web.Response:
    """Return posts shown beside another one; there is no second page."""
    site = site_of(request)
    posts = found_posts(site.world, f"related {request.query.get('itemID', '')}", SITE_PAGE)
    items = joined(list_post(post, site.moment) for post in posts.posts(site.world, 0, SITE_PAGE))
    return answer(request, b'{"hasMore":true,"itemList":%b,"statusCode":0}' % items)


def _ordered(account: Account, order: str, cursor: int, count: int, now: int) -> tuple[list[Post], int, bool]:
    total = posts_until(account, now)
    if order == OLDEST:
        first = posts_until(account, cursor // 1000 + 1)
        posts = [post_number(account, number) for number in range(first, min(first + count, total))]
        return posts, _milliseconds(posts, cursor), first + len(posts) < total
    if order == POPULAR:
        left = cursor or total
        posts = [post_number(account, place - 1) for place in range(left, max(0, left - count), -1)]
        return posts, left - len(posts), left > len(posts)
    before = cursor // 1000 if cursor else now
    posts = history(account, before, count, now)
    return posts, _milliseconds(posts, cursor), posts_until(account, min(before, now)) > len(posts)


def _milliseconds(posts: list[Post], cursor: int) -> int:
    return posts[-1].created * 1000 if posts else cursor
