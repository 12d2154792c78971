"""`user/detail/` and `user/list/`: one account, and who follows whom."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import answer_json, number_param, refusal, traces
from standin.api.gates import Gate, behind
from standin.site import site_of
from standin.visitor import is_logged_in
from standin.wire.users import exact_counts, share_meta, user_entity, user_row
from standin.world.accounts import Account
from standin.world.cast import CAST, Standing
from standin.world.population import World

routes = web.RouteTableDef()

FOLLOWERS, FOLLOWING = "67", "21"
DEPTH = 5_000
"""Rows the site shows of a list, however long it is."""
LARGEST_PAGE = 30
FOLLOW_INTERVAL = 600
"""Seconds between two entries of a list, newest first."""


@routes.get("/api/user/detail/")
@behind(Gate.DEVICE)
async def user_detail(request: web.Request) -> web.Response:
    """Return one account by username or secUid."""
    site = site_of(request)
    account = _account(request, site.world)
    if account is None or account.role.standing is Standing.DELETED:
        return answer_json(request, _nobody(100002) | traces(request))
    if account.role.standing is Standing.BANNED:
        return answer_json(request, _nobody(10221) | traces(request))
    code = 10222 if account.role.standing is Standing.PRIVATE else 0
    entity = user_entity(account, site.moment)
    entity.pop("itemList")
    meta = share_meta(account, site.moment)
    body = {"shareMeta": meta, "statusCode": code, "status_code": 0, "status_msg": "", "userInfo": entity}
    return answer_json(request, body | traces(request))


@routes.get("/api/user/list/")
@behind(Gate.DEVICE)
async def user_list(request: web.Request) -> web.Response:
    """Return a page of followers or followed accounts, newest first."""
    site = site_of(request)
    account = _account(request, site.world)
    scene = request.query.get("scene", "")
    if account is None or scene not in (FOLLOWERS, FOLLOWING):
        return refusal(request, 10201, "invalid parameters", status=400)
    if account.role.standing is not Standing.PUBLIC:
        return refusal(request, 10222, "user is private")
    if account.role.lists_for_members and not is_logged_in(request):
        return refusal(request, 10102, "user not login")
    counts = exact_counts(account, site.moment)
    total = counts["followerCount" if scene == FOLLOWERS else "followingCount"]
    if scene == FOLLOWING and not account.role.shows_following:
        return answer_json(request, {"hasMore": False, "minCursor": 0, "statusCode": 0, "total": total})
    first = _place(number_param(request, "minCursor", 0), site.moment.now)
    count = min(number_param(request, "count", LARGEST_PAGE), LARGEST_PAGE)
    places = range(first, min(first + count, total, DEPTH, max(0, site.world.users - 1)))
    rows = [user_row(_neighbour(site.world, account, scene, place), site.moment) for place in places]
    body = {
        "hasMore": places.stop < min(total, DEPTH, site.world.users - 1),
        "isTruncated": False,
        "maxCursor": site.moment.now,
        "minCursor": site.moment.now - places.stop * FOLLOW_INTERVAL,
        "statusCode": 0,
        "status_code": 0,
        "status_msg": "",
        "total": total,
        "userList": rows,
    }
    return answer_json(request, body)


def _account(request: web.Request, world: World) -> Account | None:
    sec_uid = request.query.get("secUid", "")
    if sec_uid:
        return world.account_with_sec_uid(sec_uid)
    return world.account_called(request.query.get("uniqueId", ""))


def _nobody(code: int) -> dict[str, object]:
    empty: dict[str, object] = {"user": {}, "stats": {}, "statsV2": {}}
    return {"statusCode": code, "statusMsg": "user doesn't exist", "status_code": 0, "userInfo": empty}


def _place(cursor: int, now: int) -> int:
    return max(0, (now - cursor) // FOLLOW_INTERVAL) if cursor > 0 else 0


def _neighbour(world: World, account: Account, scene: str, place: int) -> Account:
    """Return who stands at a place: the ordinary accounts in a ring, from another start for each list."""
    start = account.words[8 if scene == FOLLOWERS else 9] + account.number + 1
    found = world.account(len(CAST) + (start + place) % world.users)
    if found is None:
        raise LookupError(place)
    return found
