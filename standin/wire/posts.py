"""Post objects (`itemStruct`): one shape, told apart by where they appear.

Pages write times and sizes as strings, count saves exactly and offer five renditions, as a guest in the
United States gets them; lists write integers, round all counters and offer the two that a European exit gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from standin.wire.links import caption_link, image_link, play_links
from standin.wire.moment import Moment
from standin.wire.sounds import NO_SOUND, sound_object
from standin.wire.tags import tag_objects, text_extra
from standin.wire.templates import Template, encode
from standin.wire.users import author_parts
from standin.world.cast import Mark
from standin.world.counters import displayed
from standin.world.posts import Counters, Post
from standin.world.texts import LANGUAGES, REGIONS


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition of the quality ladder."""

    gear: str
    codec: str
    width: int
    height: int
    bitrate: int
    quality: int
    resolution: str


LADDER = (
    Rung("normal_540_0", "h264", 576, 1024, 1_297_895, 20, "540p"),
    Rung("adapt_lowest_1080_1", "h265_hvc1", 1080, 1920, 1_151_203, 2, "1080p"),
    Rung("adapt_lower_720_1", "h265_hvc1", 720, 1280, 752_310, 14, "720p"),
    Rung("lower_540_0", "h264", 576, 1024, 741_007, 24, "540p"),
    Rung("adapt_540_1", "h265_hvc1", 576, 1024, 620_554, 28, "540p"),
)
LIST_RUNGS = (LADDER[0], LADDER[4])


_QUALITY_SCORES = (
    '{"v2.0": {"srv1": {"v1080": 88.19, "v960": 90.6, "v864": 92.4, "v720": 95.03}, '
    '"ori": {"v1080": 80.1, "v960": 83.7, "v864": 86.9, "v720": 91.5}}}'
)
_VIDEO_EXTRA = (
    '{"PktOffsetMap":"[{\\"time\\": 1, \\"offset\\": 151203}, {\\"time\\": 2, \\"offset\\": 292110}]",'
    '"mvmaf":"","transcode_feature_id":"<<md5>>"}'
)


def _address(rung: Rung, *, on_page: bool) -> dict[str, Any]:
    codec = "bytevc1" if rung.codec.startswith("h265") else rung.codec
    return {
        "DataSize": "<<size>>" if on_page else "<<#size>>",
        "Width": rung.width,
        "Height": rung.height,
        "Uri": "v24044gl0000<<uri>>",
        "UrlKey": f"v24044gl0000<<uri>>_{codec}_{rung.resolution}_{rung.bitrate}",
        "UrlList": play_links(f"{rung.gear}-{rung.bitrate}"),
        "FileHash": "<<md5>>",
        "FileCs": "c:0-16701-5d97",
    }


def _rendition(rung: Rung, *, on_page: bool) -> dict[str, Any]:
    return {
        "Bitrate": rung.bitrate,
        "QualityType": rung.quality,
        "BitrateFPS": 30,
        "GearName": rung.gear,
        "CodecType": rung.codec,
        "Format": "mp4",
        "PlayAddr": _address(rung, on_page=on_page),
        "MVMAF": _QUALITY_SCORES,
        "VideoExtra": _VIDEO_EXTRA,
    }


def _video(*, on_page: bool, photo: bool) -> dict[str, Any]:
    pictures = {
        "cover": image_link("", "origin"),
        "originCover": image_link("-origin", "origin", host="p19"),
        "dynamicCover": image_link("-dynamic", "origin"),
    }
    if photo:
        empty = {"playAddr": "", "downloadAddr": "", "bitrateInfo": [], "subtitleInfos": []}
        return {"id": "<<id>>", "height": 0, "width": 0, "duration": 0, "ratio": "", **pictures, **empty}
    rungs = LADDER if on_page else LIST_RUNGS
    return {
        "id": "<<id>>",
        "height": 1024,
        "width": 576,
        "duration": "<<#duration>>",
        "ratio": "540p",
        **pictures,
        "playAddr": play_links(f"{LADDER[0].gear}-{LADDER[0].bitrate}")[0],
        "downloadAddr": play_links("download-addr")[1],
        "shareCover": ["", image_link("-share", "share-play:1200:630")],
        "reflowCover": image_link("-reflow", "photomode:480:853"),
        "bitrate": LADDER[0].bitrate,
        "encodedType": "normal",
        "format": "mp4",
        "videoQuality": "normal",
        "encodeUserTag": "",
        "codecType": "h264",
        "definition": "540p",
        "size": "<<size>>" if on_page else "<<#size>>",
        "VQScore": "62.91",
        "videoID": "v24044gl0000<<uri>>",
        "volumeInfo": {"Loudness": -20.6, "Peak": 0.26002},
        "zoomCover": {size: image_link("", f"zoomcover:{size}:0") for size in ("240", "480", "720", "960")},
        "PlayAddrStruct": _address(LADDER[0], on_page=on_page),
        "bitrateInfo": [_rendition(rung, on_page=on_page) for rung in rungs],
        "subtitleInfos": [
            {
                "LanguageID": "2",
                "LanguageCodeName": "eng-US",
                "Format": "webvtt",
                "Version": "1:big_caption",
                "Source": "ASR",
                "Size": "1933" if on_page else 1933,
                "UrlExpire": "<<expire>>" if on_page else "<<#expire>>",
                "Url": caption_link(),
            }
        ],
        "claInfo": {
            "hasOriginalAudio": True,
            "enableAutoCaption": True,
            "captionInfos": [],
            "noCaptionReason": None,
        },
    }


def _counted(prefix: str, quote: str) -> dict[str, str]:
    names = {"diggCount": "likes", "shareCount": "shares", "commentCount": "comments", "playCount": "plays"}
    return {name: f"{prefix}{word}{quote}" for name, word in names.items()}


def _shape(*, on_page: bool, photo: bool, video: bool = True) -> dict[str, Any]:
    saves = "<<saves_exact>>" if on_page else "<<#saves>>"
    shape: dict[str, Any] = {
        "id": "<<id>>",
        "desc": "<<#desc>>",
        "createTime": "<<created>>" if on_page else "<<#created>>",
        "scheduleTime": 0,
        "author": "<<#author>>",
        "authorStats": "<<#author_stats>>",
        "authorStatsV2": "<<#author_stats_v2>>",
        "music": "<<#sound>>",
        "challenges": "<<#challenges>>",
        "stats": _counted("<<#", ">>") | {"collectCount": saves},
        "statsV2": _counted("<<", ">>")
        | {"collectCount": "<<saves_exact>>" if on_page else "<<saves>>", "repostCount": "0"},
        "textExtra": "<<#text_extra>>",
        "contents": [{"desc": "<<#desc>>", "textExtra": "<<#text_extra>>"}],
        "locationCreated": "<<region>>",
        "textLanguage": "<<language>>",
        "isPinnedItem": "<<#pinned>>",
        "takeDown": "<<#taken_down>>",
        "privateItem": "<<#private>>",
        "isContentClassified": not video,
        "duetInfo": {"duetFromId": "0"},
        "suggestedWords": [],
        "diversificationLabels": [],
        "channelTags": [],
        "keywordTags": [],
        "stickersOnItem": [],
        "effectStickers": [],
        "anchors": [],
        "warnInfo": [],
        "comments": [],
        "item_control": {"can_repost": True, "can_comment": True, "can_share": True},
        "creatorAIComment": {"eligibleVideo": False, "hasAITopic": False, "notEligibleReason": 101},
        "backendSourceEventTracking": "",
        "AIGCDescription": "",
        "CategoryType": 120,
        "diversificationId": 10075,
        "itemCommentStatus": 0,
        "duetDisplay": 0,
        "stitchDisplay": 0,
    }
    shape |= dict.fromkeys(
        ("shareEnabled", "duetEnabled", "stitchEnabled", "indexEnabled", "textTranslatable"), True
    )
    no = ("originalItem", "officalItem", "digged", "collected", "isAd", "secret", "forFriend", "isReviewing")
    shape |= dict.fromkeys(no, False)
    if video:
        shape["video"] = _video(on_page=on_page, photo=photo)
    if photo:
        cover = {"imageURL": {"urlList": [image_link("-1", "photomode-image")]}, "imageWidth": 1080}
        shape["imagePost"] = {
            "images": "<<#images>>",
            "cover": cover,
            "shareCover": cover,
            "title": "<<#desc>>",
        }
    return shape


_IMAGE = Template(
    {
        "imageURL": {
            "urlList": [
                image_link("-<<slide>>", "photomode-image", "image"),
                image_link("-<<slide>>", "photomode-image", host="p19"),
            ]
        },
        "imageWidth": 1080,
        "imageHeight": 1440,
    }
)
_TEMPLATES = {
    (on_page, photo): Template(_shape(on_page=on_page, photo=photo))
    for on_page in (False, True)
    for photo in (False, True)
}
_AGE_GATED = Template(_shape(on_page=True, photo=False, video=False))


def list_post(post: Post, moment: Moment, *, pinned: bool = False) -> bytes:
    """Return a post as lists carry it; `isPinnedItem` is told on page one only."""
    return _TEMPLATES[False, post.is_photo].fill(_values(post, moment, pinned=pinned))


def page_post(post: Post, moment: Moment) -> bytes:
    """Return a post as its own page carries it; an age-gated one comes without its video."""
    template = _AGE_GATED if post.mark is Mark.AGE_GATED else _TEMPLATES[True, post.is_photo]
    return template.fill(_values(post, moment))


def _values(post: Post, moment: Moment, *, pinned: bool = False) -> dict[bytes, bytes]:
    caption = post.caption
    tags = tuple([tag for tag in post.tags if f"#{tag}" in caption])
    hexadecimal = post.drawn.hex().encode()
    sound_gone = post.mark is Mark.SOUND_REMOVED
    values = {
        **author_parts(post.author, moment),
        **_counter_values(post.counters(moment.now)),
        **_expiries(moment),
        b"id": post.id.encode(),
        b"desc": encode(caption),
        b"created": b"%d" % post.created,
        b"sound": NO_SOUND if sound_gone else sound_object(post.sound, moment),
        b"challenges": tag_objects(tags),
        b"text_extra": text_extra(caption, tags),
        b"region": REGIONS[post.words[11] % len(REGIONS)].encode(),
        b"language": LANGUAGES[post.words[11] % len(LANGUAGES)].encode(),
        b"pinned": b"true" if pinned else b"false",
        b"taken_down": b"true" if post.mark is Mark.TAKEN_DOWN else b"false",
        b"private": b"true" if post.mark is Mark.PRIVATE else b"false",
        b"uri": hexadecimal[:32],
        b"md5": hexadecimal[32:64],
        b"log": hexadecimal[64:84],
        b"signature": hexadecimal[84:111],
        b"duration": b"%d" % post.duration,
        b"size": b"%d" % (post.duration * LADDER[0].bitrate // 8),
    }
    if post.is_photo:
        slides = range(1, 3 + post.words[12] % 8)
        values[b"images"] = b"[%b]" % b",".join(
            [_IMAGE.fill({**values, b"slide": b"%d" % n}) for n in slides]
        )
    return values


@lru_cache(maxsize=64)
def _expiries(moment: Moment) -> dict[bytes, bytes]:
    return {
        b"expire": b"%d" % moment.media_expiry,
        b"expire_hex": b"%x" % moment.media_expiry,
        b"sound_expire_hex": b"%x" % moment.sound_expiry,
    }


def _counter_values(counters: Counters) -> dict[bytes, bytes]:
    return {
        b"plays": b"%d" % displayed(counters.plays),
        b"likes": b"%d" % displayed(counters.likes),
        b"shares": b"%d" % displayed(counters.shares),
        b"comments": b"%d" % displayed(counters.comments),
        b"saves": b"%d" % displayed(counters.saves),
        b"saves_exact": b"%d" % counters.saves,
    }
