"""Posts in the words of 2020 (`itemInfos`, `authorInfos`, …), which the embed pages still use.

They are translated into the item struct that everything since uses, so that one parser reads both.
Seen: 2020-03 video page, 2020-06 lists of a hashtag and a sound, today's `/embed/v2/{id}`.
"""

from __future__ import annotations

from typing import Any

from tiktok.parsing.values import Json, Object, mapping, objects


def as_item(raw: Object) -> dict[str, Any]:
    """The same post as an item struct."""
    post = mapping(raw.get("itemInfos"))
    return {
        "id": post.get("id"),
        "desc": post.get("text"),
        "createTime": post.get("createTime"),
        "video": _media(post),
        "author": {"id": post.get("authorId"), **_author(mapping(raw.get("authorInfos")))},
        "authorStats": raw.get("authorStats"),
        "music": {"id": post.get("musicId"), **_music(mapping(raw.get("musicInfos")))},
        "challenges": [_challenge(each) for each in objects(raw.get("challengeInfoList"))],
        "textExtra": [_camel(each) for each in objects(raw.get("textExtra"))],
        "stats": post,
        "imagePost": _slides(mapping(raw.get("imagePostInfo"))),
        "duetInfo": {"duetFromId": raw.get("duetInfo")},
        **_told({name: post.get(name) for name in ("secret", "isAd")}),
    }


def _media(post: Object) -> dict[str, Json]:
    media = mapping(post.get("video"))
    measures = mapping(media.get("videoMeta"))
    return {
        "playAddr": media.get("urls"),
        "width": measures.get("width"),
        "height": measures.get("height"),
        "duration": measures.get("duration"),
        "cover": _largest(post, "covers"),
        "originCover": _largest(post, "coversOrigin"),
    }


def _slides(photos: Object) -> dict[str, Json]:
    images = [{"imageURL": image} for image in objects(photos.get("displayImages"))]
    return {"images": images}


def _author(author: Object) -> dict[str, Json]:
    return _told(
        {
            "id": author.get("userId"),
            "uniqueId": author.get("uniqueId"),
            "secUid": author.get("secUid"),
            "nickname": author.get("nickName"),
            "signature": author.get("signature"),
            "verified": author.get("verified"),
            "privateAccount": author.get("isSecret"),
            "secret": author.get("secret"),
            "avatarLarger": _largest(author, "coversLarger", "coversMedium", "covers"),
        }
    )


def _music(music: Object) -> dict[str, Json]:
    return _told(
        {
            "id": music.get("musicId"),
            "title": music.get("musicName"),
            "authorName": music.get("authorName"),
            "original": music.get("original"),
            "playUrl": music.get("playUrl"),
            "coverLarge": _largest(music, "coversLarger", "coversMedium", "covers"),
        }
    )


def _challenge(challenge: Object) -> dict[str, Json]:
    return {
        "id": challenge.get("challengeId"),
        "title": challenge.get("challengeName"),
        "desc": challenge.get("text"),
        "isCommerce": challenge.get("isCommerce"),
        "coverLarger": _largest(challenge, "coversLarger", "coversMedium", "covers"),
    }


def _told(fields: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}


def _largest(owner: Object, *names: str) -> Json:
    """The first link of the first list that has one; names go from large to small."""
    for name in names:
        links = owner.get(name)
        if isinstance(links, list) and links:
            return links[0]
    return None


def _camel(extra: Object) -> dict[str, Json]:
    """`HashtagName` → `hashtagName`."""
    return {name[:1].lower() + name[1:]: value for name, value in extra.items()}
