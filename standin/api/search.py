"""`search/…/full/`: for logged-in pages only (facts B.6). `search/general/preview/`: suggestions, for everybody."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.api.answers import answer_json, number_param
from standin.api.gates import Gate, behind
from standin.dice import digest
from standin.site import Site, site_of
from standin.wire.moment import Moment
from standin.wire.posts import list_post
from standin.wire.templates import decode
from standin.wire.users import author_object, biography, exact_counts
from standin.world.accounts import Account
from standin.world.lists import PostList, found_posts
from standin.world.texts import REMARKS

routes = web.RouteTableDef()

VIDEOS_FOUND = 60
USERS_FOUND = 40
VIDEOS_A_PAGE = 12
USERS_A_PAGE = 20
WORDS_WITHOUT_RESULT = "nothing"
"""A search that begins with this word finds nothing."""


@routes.get("/api/search/general/full/")
@behind(Gate.LOGIN)
async def search_general(request: web.Request) -> web.Response:
    """Return mixed cards: some users first, then videos."""
    site = site_of(request)
    found = _found(site, request, VIDEOS_FOUND)
    first = _cursor(request)
    if first and not _knows_search_id(request):
        return answer_json(request, _envelope(request, {"data": []}, first, more=False) | _EMPTY_SESSION)
    cards: list[dict[str, Any]] = [] if first or not len(found) else [_user_card(site, found)]
    cards += [
        {"type": 1, "item": item, "common": {"doc_id_str": item["id"]}} for item in _items(site, found, first)
    ]
    stop = min(first + VIDEOS_A_PAGE, len(found))
    return answer_json(request, _envelope(request, {"data": cards}, stop, more=stop < len(found)))


@routes.get("/api/search/item/full/")
@behind(Gate.LOGIN)
async def search_videos(request: web.Request) -> web.Response:
    """Return videos."""
    site = site_of(request)
    found = _found(site, request, VIDEOS_FOUND)
    first = _cursor(request)
    if first and not _knows_search_id(request):
        return answer_json(request, _envelope(request, {"item_list": []}, first, more=False) | _EMPTY_SESSION)
    stop = min(first + VIDEOS_A_PAGE, len(found))
    body = {"item_list": _items(site, found, first)}
    return answer_json(request, _envelope(request, body, stop, more=stop < len(found)))


@routes.get("/api/search/user/full/")
@behind(Gate.LOGIN)
async def search_users(request: web.Request) -> web.Response:
    """Return accounts."""
    site = site_of(request)
    found = _found(site, request, USERS_FOUND)
    first = _cursor(request)
    if first and not _knows_search_id(request):
        return answer_json(request, _envelope(request, {"user_list": []}, first, more=False) | _EMPTY_SESSION)
    accounts = [post.author for post in found.posts(site.world, first, USERS_A_PAGE)]
    rows = [{"user_info": searched_user(account, site.moment)} for account in accounts]
    stop = min(first + USERS_A_PAGE, len(found))
    body = {"user_list": rows, "rid": _search_id(request), "search_id": _search_id(request)}
    return answer_json(request, _envelope(request, body, stop, more=stop < len(found)))


@routes.get("/api/search/general/preview/")
async def search_suggestions(request: web.Request) -> web.Response:
    """Return what one could search for."""
    keyword = request.query.get("keyword", "")
    suggestions = [{"content": f"{keyword} {remark}".strip()} for remark in REMARKS[:8]] if keyword else []
    return answer_json(request, {"sug_list": suggestions, "status_code": 0})


_EMPTY_SESSION = {"search_nil_info": {"search_nil_type": "", "search_nil_item": "empty_session"}}


def searched_user(account: Account, moment: Moment) -> dict[str, Any]:
    """Return an account in the snake case of the search."""
    counts = exact_counts(account, moment)
    avatar = author_object(account, moment)["avatarThumb"]
    return {
        "uid": account.id,
        "unique_id": account.username,
        "sec_uid": account.sec_uid,
        "nickname": account.nickname,
        "signature": biography(account),
        "follow_status": 0,
        "follower_count": counts["followerCount"],
        "following_count": counts["followingCount"],
        "total_favorited": counts["heartCount"],
        "aweme_count": counts["videoCount"],
        "custom_verify": "verified account" if account.role.verified else "",
        "enterprise_verify_reason": "",
        "room_id": 0,
        "secret": 0,
        "avatar_thumb": {
            "uri": account.id,
            "url_list": [avatar],
            "width": 720,
            "height": 720,
            "url_prefix": None,
        },
    }


def _found(site: Site, request: web.Request, length: int) -> PostList:
    keyword = request.query.get("keyword", "").strip()
    if keyword.lower().startswith(WORDS_WITHOUT_RESULT):
        return PostList(range(0))
    return found_posts(site.world, keyword, length)


def _items(site: Site, found: PostList, first: int) -> list[Any]:
    return [decode(list_post(post, site.moment)) for post in found.posts(site.world, first, VIDEOS_A_PAGE)]


def _user_card(site: Site, found: PostList) -> dict[str, Any]:
    authors = [post.author for post in found.posts(site.world, 0, 3)]
    return {
        "type": 4,
        "user_list": [{"user_info": searched_user(account, site.moment)} for account in authors],
        "view_more": True,
        "card_title": "Users",
        "common": {"doc_id_str": "1"},
    }


def _cursor(request: web.Request) -> int:
    return max(0, number_param(request, "cursor", number_param(request, "offset", 0)))


def _search_id(request: web.Request) -> str:
    """Return the id of a search: the first answer's `extra.logid`, wanted back for the next page."""
    return digest(0, "search id", request.query.get("keyword", "").lower()).hex()[:34].upper()


def _knows_search_id(request: web.Request) -> bool:
    return request.query.get("search_id") == _search_id(request)


def _envelope(request: web.Request, body: dict[str, Any], cursor: int, *, more: bool) -> dict[str, Any]:
    search_id = _search_id(request)
    return {
        "status_code": 0,
        **body,
        "cursor": cursor,
        "has_more": int(more),
        "extra": {"now": site_of(request).moment.now * 1000, "logid": search_id, "fatal_item_ids": []},
        "log_pb": {"impr_id": search_id},
        "qc": "",
    }
