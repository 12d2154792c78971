"""`creator/item_list/`: the unsigned walk through an account's history (facts B.2)."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import answer, joined, number_param, refusal, silence
from standin.site import site_of
from standin.wire.moment import Moment
from standin.wire.posts import list_post
from standin.world.accounts import Account
from standin.world.cast import Standing
from standin.world.population import newest_first
from standin.world.posts import Post, post_number, posts_until

routes = web.RouteTableDef()

LARGEST_PAGE = 15
WEEK_SECONDS = 604_800
REQUIRED = (
    "aid", "browser_language", "browser_name", "browser_online", "browser_platform",
    "browser_version", "channel",
    "cookie_enabled", "count", "cursor", "device_id", "device_platform", "focus_state", "history_len",
    "is_fullscreen", "is_page_visible", "language", "os", "region", "screen_height",
    "screen_width", "secUid",
    "type", "verifyFp",
)  # fmt: skip
"""Parameters without which the list is refused (10201)."""


@routes.get("/api/creator/item_list/")
async def creator_item_list(request: web.Request) -> web.Response:
    """Return up to fifteen posts older than the cursor, pinned ones heading page one."""
    query = dict(request.query)
    count = number_param(request, "count", 0)
    if not 1 <= count <= LARGEST_PAGE or not all(map(query.get, REQUIRED)):
        return refusal(request, 10201, "invalid parameters", status=400)
    site = site_of(request)
    account = site.world.account_with_sec_uid(query["secUid"])
    if account is None or account.role.standing in (Standing.BANNED, Standing.DELETED):
        return refusal(request, 10201, "invalid parameters", status=400)
    moment = site.moment
    before = number_param(request, "cursor", 0) // 1000
    if query["type"] != "1":
        before = moment.now  # any other order repeats the newest page
    return history_page(request, account, before, count, moment)


def history_page(
    request: web.Request, account: Account, before: int, count: int, moment: Moment
) -> web.Response:
    """Return one page of the walk, with whatever is special about the account's history."""
    role = account.role
    total = 0 if role.standing is Standing.PRIVATE else posts_until(account, moment.now)
    first_page = before >= moment.now
    older = total if first_page else min(total, posts_until(account, before))
    seen = total - older
    if role.refuses_after and seen >= role.refuses_after:
        return silence()
    pinned = [post_number(account, number) for number in role.pinned if number < total] if first_page else []
    posts = newest_first(account, older, count - len(pinned))
    if role.looks_back_a_week and posts:
        edge = posts[0].created if first_page else before
        posts = [post for post in posts if post.created >= edge - WEEK_SECONDS]
    denied = role.denies_more_after and seen + len(posts) >= role.denies_more_after
    return answer(request, _body(pinned, posts, moment, more=older > len(posts) and not denied))


def _body(pinned: list[Post], posts: list[Post], moment: Moment, *, more: bool) -> bytes:
    items = [list_post(post, moment, pinned=True) for post in pinned]
    items += [list_post(post, moment) for post in posts]
    told = b"true" if more else b"false"
    return b'{"hasMorePrevious":%b,"itemList":%b,"statusCode":0}' % (told, joined(items))
