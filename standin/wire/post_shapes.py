"""The shape of post objects (`itemStruct`), with gaps for what differs from post to post.

Pages write times and sizes as strings, count saves exactly and offer five renditions, as a guest in the
United States gets them; lists have fewer keys, write integers, round all counters and offer two renditions.
"""

from __future__ import annotations

from typing import Any

from standin.wire.ladder import LADDER, LIST_RUNGS, SILENT, WATERMARKED, Rung
from standin.wire.links import CAPTION_BYTES, caption_link, image_link, play_links

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
        "DataSize": f"<<size_{rung.gear}>>" if on_page else f"<<#size_{rung.gear}>>",
        "Width": rung.width,
        "Height": rung.height,
        "Uri": "v24044gl0000<<uri>>",
        "UrlKey": f"v24044gl0000<<uri>>_{codec}_{rung.resolution}_{rung.bitrate}",
        "UrlList": play_links(rung.name),
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


def _video(*, on_page: bool, photo: bool, silent: bool) -> dict[str, Any]:
    pictures = {
        "cover": image_link("", "origin"),
        "originCover": image_link("-origin", "origin", place="useast8"),
        "dynamicCover": image_link("-dynamic", "origin"),
    }
    if photo:
        empty = {"playAddr": "", "downloadAddr": "", "bitrateInfo": [], "subtitleInfos": []}
        return {"id": "<<id>>", "height": 0, "width": 0, "duration": 0, "ratio": "", **pictures, **empty}
    rungs = (*LADDER, *([SILENT] if silent else [])) if on_page else LIST_RUNGS
    return {
        "id": "<<id>>",
        "height": 1024,
        "width": 576,
        "duration": "<<#duration>>",
        "ratio": "540p",
        **pictures,
        "playAddr": play_links(LADDER[0].name)[0],
        "downloadAddr": play_links(WATERMARKED)[1],
        "bitrate": LADDER[0].bitrate,
        "encodedType": "normal",
        "format": "mp4",
        "videoQuality": "normal",
        "encodeUserTag": "",
        "codecType": "h264",
        "definition": "540p",
        "size": f"<<size_{LADDER[0].gear}>>" if on_page else f"<<#size_{LADDER[0].gear}>>",
        "VQScore": "62.91",
        "videoID": "v24044gl0000<<uri>>",
        "volumeInfo": {"Loudness": -20.6, "Peak": 0.26002},
        "zoomCover": {size: image_link("", f"zoomcover:{size}:0") for size in ("240", "480", "720", "960")},
        **(_page_files() if on_page else {}),
        "bitrateInfo": [_rendition(rung, on_page=on_page) for rung in rungs],
        "subtitleInfos": [
            {
                "LanguageID": "2",
                "LanguageCodeName": "eng-US",
                "Format": "webvtt",
                "Version": "1:big_caption",
                "Source": "ASR",
                "Size": f"{CAPTION_BYTES}" if on_page else CAPTION_BYTES,
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


def _page_files() -> dict[str, Any]:
    return {
        "PlayAddrStruct": _address(LADDER[0], on_page=True),
        "shareCover": ["", image_link("-share", "share-play:1200:630")],
        "reflowCover": image_link("-reflow", "photomode:480:853"),
    }


def _counted(prefix: str, quote: str) -> dict[str, str]:
    names = {"diggCount": "likes", "shareCount": "shares", "commentCount": "comments", "playCount": "plays"}
    return {name: f"{prefix}{word}{quote}" for name, word in names.items()}


def post_shape(
    *, on_page: bool, photo: bool = False, video: bool = True, silent: bool = False
) -> dict[str, Any]:
    """Return the whole shape; an age-gated post's page has no `video`, and `silent` adds a rung without sound."""
    saves = "<<saves_exact>>" if on_page else "<<#saves>>"
    shape: dict[str, Any] = {
        "id": "<<id>>",
        "desc": "<<#desc>>",
        "createTime": "<<created>>" if on_page else "<<#created>>",
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
        "textLanguage": "<<language>>",
        "isPinnedItem": "<<#pinned>>",
        "privateItem": "<<#private>>",
        "item_control": {"can_repost": True},
        "creatorAIComment": {"eligibleVideo": False, "hasAITopic": False, "notEligibleReason": 101},
        "backendSourceEventTracking": "",
        "AIGCDescription": "",
        "CategoryType": 120,
        **dict.fromkeys(("itemCommentStatus", "duetDisplay", "stitchDisplay"), 0),
        **dict.fromkeys(("shareEnabled", "duetEnabled", "stitchEnabled", "textTranslatable"), True),
        **dict.fromkeys(_FALSE_EVERYWHERE, False),
    }
    if on_page:
        shape |= _page_keys(gated=not video)
    if video:
        shape["video"] = _video(on_page=on_page, photo=photo, silent=silent)
    if photo:
        shape["imagePost"] = _image_post()
    return shape


_FALSE_EVERYWHERE = (
    "originalItem", "officalItem", "digged", "collected", "isAd", "secret", "forFriend", "isReviewing",
)  # fmt: skip
_EMPTY_ON_PAGES = (
    "suggestedWords", "diversificationLabels", "channelTags", "keywordTags", "stickersOnItem", "effectStickers",
    "anchors", "warnInfo", "comments",
)  # fmt: skip


def _page_keys(*, gated: bool) -> dict[str, Any]:
    empty: dict[str, list[Any]] = {name: [] for name in _EMPTY_ON_PAGES}
    return {
        "scheduleTime": 0,
        "locationCreated": "<<region>>",
        "takeDown": "<<#taken_down>>",
        "isContentClassified": gated,
        "indexEnabled": True,
        "diversificationId": 10075,
        "duetInfo": {"duetFromId": "0"},
        **empty,
    }


def _image_post() -> dict[str, Any]:
    cover = {"imageURL": {"urlList": [image_link("-1", "photomode-image")]}, "imageWidth": 1080}
    return {"images": "<<#images>>", "cover": cover, "shareCover": cover, "title": "<<#desc>>"}


def slides_shape(count: int) -> list[dict[str, Any]]:
    """Return the slides of a photo post: each as a webp `.image` and as a `.jpeg`."""
    return [
        {
            "imageURL": {
                "urlList": [
                    image_link(f"-{slide}", "photomode-image", "image"),
                    image_link(f"-{slide}", "photomode-image", place="useast8"),
                ]
            },
            "imageWidth": 1080,
            "imageHeight": 1440,
        }
        for slide in range(1, count + 1)
    ]
