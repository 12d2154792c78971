"""Posts in the app's snake case ("awemes"): `aweme_list` of the app's searches and feeds.

A parser of its own, for the reason given in `app_users`. The app's counters are exact, its durations are in
milliseconds, and its posts carry authors and hashtags whose counters are all 0, which is unknown.

Seen: 2021-08 (search, files offered in H.264 only).
"""

from __future__ import annotations

from tiktok.items import Hashtag, Item, Rendition, Video
from tiktok.parsing.app_users import parse_app_user
from tiktok.parsing.challenges import parse_app_challenge
from tiktok.parsing.comments import UNKNOWN_LANGUAGE
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.hashtags import hashtag_name, parse_hashtag
from tiktok.parsing.links import post_url
from tiktok.parsing.music import parse_app_sound
from tiktok.parsing.results import distinct
from tiktok.parsing.users import any_flag
from tiktok.parsing.values import (
    Object,
    count,
    digits,
    filled,
    flag,
    mapping,
    moment,
    objects,
    positive,
    text,
    upload_moment,
    urls,
    username,
)

_COUNTERS = {
    "views": "play_count",
    "likes": "digg_count",
    "shares": "share_count",
    "comments_count": "comment_count",
    "saves": "collect_count",
}
_CODECS = {False: "h264", True: "h265_hvc1", None: None}
"""`is_bytevc1` to the web's name of the codec."""


def parse_app_post(raw: Object) -> list[Item]:
    """Read a post: its `Video` first, then what came along; nothing when it has no id."""
    video_id = digits(raw.get("aweme_id"))
    if video_id is None:
        return []
    along = [
        parse_app_user(mapping(raw.get("author"))),
        parse_app_sound(mapping(raw.get("music"))),
        *(parse_app_challenge(challenge) for challenge in objects(raw.get("cha_list"))),
        *(_named_hashtag(extra) for extra in objects(raw.get("text_extra"))),
    ]
    return distinct([_video(raw, video_id), *(item for item in along if item)])


def _video(raw: Object, video_id: str) -> Video:
    media = mapping(raw.get("video"))
    author = mapping(raw.get("author"))
    music = mapping(raw.get("music"))
    status = mapping(raw.get("status"))
    counters = _counters(raw)
    name = username(author.get("unique_id"))
    milliseconds = positive(media.get("duration"))
    return Video(
        id=video_id,
        url=post_url(name, video_id, is_photo=False),
        description=text(raw.get("desc")),
        created_at=moment(raw.get("create_time")) or upload_moment(video_id),
        user_id=digits(author.get("uid")),
        username=name,
        display_name=filled(author.get("nickname")),
        sec_uid=filled(author.get("sec_uid")),
        sound_id=digits(music.get("mid")) or digits(music.get("id_str")),
        sound_title=filled(music.get("title")),
        hashtags=_hashtag_names(raw),
        exact_counters=exact_names(counters, counters),
        duration=milliseconds / 1000 if milliseconds else None,
        width=positive(media.get("width")),
        height=positive(media.get("height")),
        cover_url=next(iter([*urls(media.get("origin_cover")), *urls(media.get("cover"))]), None),
        renditions=_renditions(media),
        language=_language(raw.get("desc_language")),
        region=filled(raw.get("region")),
        is_ad=flag(raw.get("is_ads")),
        is_private=flag(status.get("is_private")),
        is_taken_down=any_flag(status.get("is_delete"), status.get("is_prohibited")),
        **counters,
    )


def _counters(raw: Object) -> Counters:
    statistics = mapping(raw.get("statistics"))
    return {field: count(statistics.get(key)) for field, key in _COUNTERS.items()}


def _hashtag_names(raw: Object) -> list[str]:
    written = (hashtag_name(extra.get("hashtag_name")) for extra in objects(raw.get("text_extra")))
    described = (hashtag_name(challenge.get("cha_name")) for challenge in objects(raw.get("cha_list")))
    return list(dict.fromkeys(name for name in (*written, *described) if name))


def _named_hashtag(extra: Object) -> Hashtag | None:
    return parse_hashtag({"title": extra.get("hashtag_name"), "id": extra.get("hashtag_id")})


def _renditions(media: Object) -> list[Rendition]:
    """The quality ladder, then the watermarked file."""
    ladder = [rung for raw in objects(media.get("bit_rate")) if (rung := _rung(raw, media))]
    download = urls(media.get("download_addr"))
    size = positive(mapping(media.get("download_addr")).get("data_size"))
    return [*ladder, *([Rendition(urls=download, size_bytes=size, has_watermark=True)] if download else [])]


def _rung(raw: Object, media: Object) -> Rendition | None:
    """One rung; its own measures are a constant 720 by 720, those of the post were right for all seen."""
    links = urls(raw.get("play_addr"))
    if not links:
        return None
    return Rendition(
        urls=links,
        codec=_CODECS.get(flag(raw.get("is_bytevc1"))),
        width=positive(media.get("width")),
        height=positive(media.get("height")),
        bitrate=positive(raw.get("bit_rate")),
        size_bytes=positive(mapping(raw.get("play_addr")).get("data_size")),
        quality=filled(raw.get("gear_name")),
    )


def _language(value: object) -> str | None:
    return value if isinstance(value, str) and value and value != UNKNOWN_LANGUAGE else None
