"""`/oembed`: what the documented embedding service tells about a post: id, author's name, caption, cover.

About a profile it tells no number, and an item needs its id: those answers give no items.

Seen: 2020-04 (id only inside `html`), 2024-06 (`embed_product_id`, `author_unique_id`).
"""

from __future__ import annotations

import re

from tiktok.items import Video, VideoKind
from tiktok.parsing.links import post_url
from tiktok.parsing.results import Parsed
from tiktok.parsing.values import Json, Object, digits, filled, mapping, text, upload_moment, url, username

_VIDEO_ID = re.compile(r'data-video-id="(\d+)"')
_PHOTO_PAGE = re.compile(r'cite="[^"]*/photo/\d')
_PROFILE = re.compile(r"/@([\w.]+)")
_SOUND_ID = re.compile(r'href="https://www\.tiktok\.com/music/[^"?]*-(\d+)["?]')


def is_oembed(payload: Json) -> bool:
    """The envelope that oembed.com prescribes, signed by TikTok."""
    answer = mapping(payload)
    return answer.get("provider_name") == "TikTok" and "version" in answer


def parse_oembed(payload: Json) -> Parsed:
    """Read a post; other embeds give nothing."""
    answer = mapping(payload)
    video_id = digits(answer.get("embed_product_id")) or digits(_found(_VIDEO_ID, answer.get("html")))
    return Parsed(items=[_video(answer, video_id)] if video_id else [])


def _video(answer: Object, video_id: str) -> Video:
    name = username(answer.get("author_unique_id")) or username(_found(_PROFILE, answer.get("author_url")))
    is_photo = _PHOTO_PAGE.search(text(answer.get("html")) or "") is not None
    return Video(
        id=video_id,
        kind=VideoKind.PHOTO if is_photo else VideoKind.VIDEO,
        url=post_url(name, video_id, is_photo=is_photo),
        description=text(answer.get("title")),
        created_at=upload_moment(video_id),
        username=name,
        display_name=filled(answer.get("author_name")),
        sound_id=digits(_found(_SOUND_ID, answer.get("html"))),
        cover_url=url(answer.get("thumbnail_url")),
    )


def _found(pattern: re.Pattern[str], value: Json) -> str | None:
    match = pattern.search(value) if isinstance(value, str) else None
    return match.group(1) if match else None
