"""`/embed/…`: the pages made for other people's sites; no script needed, no cursor, ten posts (facts A.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from standin.pages.answers import document
from standin.pages.video import post_refusal
from standin.site import site_of
from standin.wire.documents import embed_page
from standin.wire.moment import Moment
from standin.wire.posts import page_post
from standin.wire.sounds import sound_cover
from standin.wire.templates import decode, encode
from standin.wire.users import author_object, shown_counts
from standin.world.accounts import Account
from standin.world.cast import Standing
from standin.world.counters import displayed
from standin.world.lists import sound_posts, sound_with_id, tag_posts
from standin.world.population import history
from standin.world.posts import Post, post_number
from standin.world.tags import TAG_CALLED

routes = web.RouteTableDef()

LISTED = 10
"""Posts in an embed page's list."""


@routes.get("/embed/@{handle:[^/]+}")
async def embed_profile(request: web.Request) -> web.Response:
    """Return an account's card with its latest posts."""
    site = site_of(request)
    account = site.world.account_called(request.match_info["handle"])
    if account is None or account.role.standing in (Standing.BANNED, Standing.DELETED):
        return _error(request, 10202, "user doesn't exist")
    if account.role.standing is Standing.PRIVATE or not account.role.embeddable:
        return _error(request, 10222, "user is private")
    moment = site.moment
    pinned = [post_number(account, number) for number in account.role.pinned]
    latest = history(account, moment.now, LISTED - len(pinned), moment.now)
    return _page(
        request, {"userInfo": _user(account, moment), "videoList": _rows([*pinned, *latest], moment)}
    )


@routes.get("/embed/tag/{name}")
async def embed_tag(request: web.Request) -> web.Response:
    """Return a hashtag's card with some of its posts."""
    site = site_of(request)
    tag = TAG_CALLED.get(request.match_info["name"].lower())
    if tag is None:
        return _error(request, 10205, "challenge doesn't exist")
    posts = tag_posts(site.world, tag)
    card = {
        "id": tag.id,
        "title": tag.name,
        "description": f"Everything about {tag.name}, slowly.",
        "coverUrl": "",
        "viewCount": str(tag.views),
        "videoCount": str(len(posts)),
        "statusCode": 0,
    }
    rows = _rows(posts.posts(site.world, 0, LISTED), site.moment)
    return _page(request, {"embedInfo": card, "videoList": rows})


@routes.get("/embed/music/{id}")
async def embed_sound(request: web.Request) -> web.Response:
    """Return a sound's card with some of the posts that use it."""
    site = site_of(request)
    sound = sound_with_id(site.world, request.match_info["id"])
    if sound is None:
        return _error(request, 10203, "music doesn't exist")
    posts = sound_posts(site.world, sound)
    card = {
        "id": sound.id,
        "title": sound.title,
        "artist": sound.author_name,
        "coverUrl": sound_cover(sound, site.moment),
        "videoCount": len(posts),
    }
    rows = _rows(posts.posts(site.world, 0, LISTED), site.moment)
    return _page(request, {"embedInfo": card, "videoList": rows})


@routes.get(r"/embed/v2/{id:\d+}")
@routes.get(r"/embed/{id:\d+}")
async def embed_video(request: web.Request) -> web.Response:
    """Return one post's card: the cheapest way from a post to its author."""
    site = site_of(request)
    moment = site.moment
    post = site.world.post(request.match_info["id"], moment.now)
    refused = (10204, "item doesn't exist") if post is None else post_refusal(post)
    if post is None or refused:
        return _error(request, *(refused or (10204, "item doesn't exist")))
    return _page(request, {"videoData": _video(post, moment)})


def _page(request: web.Request, entry: dict[str, Any], *, status: int = 200) -> web.Response:
    path = request.path.rstrip("/")
    state = {"source": {"url": path, "data": {path: {"isReady": True, "isError": status != 200, **entry}}}}
    return document(embed_page("TikTok Embed", encode(state)), status=status)


def _error(request: web.Request, code: int, message: str) -> web.Response:
    """Refuse with 400 and a page that still carries the code."""
    return _page(request, {"errorCode": code, "errorStatus": message}, status=400)


def _user(account: Account, moment: Moment) -> dict[str, Any]:
    user = author_object(account, moment)
    counts = shown_counts(account, moment)
    kept = ("id", "uniqueId", "nickname", "avatarThumb", "verified", "signature", "privateAccount")
    return {
        **{("avatarThumbUrl" if name == "avatarThumb" else name): user[name] for name in kept},
        "followingCount": counts["followingCount"],
        "followerCount": counts["followerCount"],
        "heartCount": str(counts["heartCount"]),
        "code": 0,
        "customErrorCode": 0,
    }


def _rows(posts: Iterable[Post], moment: Moment) -> list[dict[str, Any]]:
    return [_row(post, decode(page_post(post, moment)), moment) for post in posts]


def _row(post: Post, item: dict[str, Any], moment: Moment) -> dict[str, Any]:
    video = item["video"]
    return {
        "id": post.id,
        "desc": item["desc"],
        "width": video["width"],
        "height": video["height"],
        "ratio": video["ratio"],
        "coverUrl": video["cover"],
        "originCoverUrl": video["originCover"],
        "dynamicCoverUrl": video["dynamicCover"],
        "playAddr": video["playAddr"],
        "playCount": displayed(post.counters(moment.now).plays),
        "privateItem": False,
        "authorUniqueId": post.author.username,
    }


def _video(post: Post, moment: Moment) -> dict[str, Any]:
    item = decode(page_post(post, moment))
    video = item.get("video", {})
    counters = post.counters(moment.now)
    return {
        "itemInfos": {
            "id": post.id,
            "text": item["desc"],
            "createTime": item["createTime"],
            "covers": [video.get("cover", "")],
            "coversOrigin": [video.get("originCover", "")],
            "video": {
                "urls": [video["playAddr"]] if video.get("playAddr") else [],
                "videoMeta": {
                    "width": video.get("width", 0),
                    "height": video.get("height", 0),
                    "duration": video.get("duration", 0),
                    "ratio": 14,
                },
            },
            "diggCount": displayed(counters.likes),
            "shareCount": displayed(counters.shares),
            "commentCount": displayed(counters.comments),
            "playCount": displayed(counters.plays),
        },
        "authorInfos": {
            "userId": post.author.id,
            "uniqueId": post.author.username,
            "nickName": post.author.nickname,
            "secUid": post.author.sec_uid,
            "covers": [item["author"]["avatarThumb"]],
            "verified": post.author.role.verified,
        },
        "authorStats": item["authorStats"],
        "musicInfos": {
            "musicId": item["music"]["id"],
            "musicName": item["music"]["title"],
            "authorName": item["music"]["authorName"],
        },
        "challengeInfoList": [
            {"challengeId": one["id"], "challengeName": one["title"]} for one in item["challenges"]
        ],
        "textExtra": item["textExtra"],
        "imagePostInfo": _slides(item),
    }


def _slides(item: dict[str, Any]) -> dict[str, Any] | None:
    if "imagePost" not in item:
        return None
    return {"displayImages": [{"urlList": one["imageURL"]["urlList"]} for one in item["imagePost"]["images"]]}
