"""Which of a video's streams to fetch, best first (facts E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from tiktok.items import Rendition
from tiktok.media.wishes import MediaWish

UNPLAYABLE = frozenset({"bytevc2"})
"""Codecs that nothing outside of TikTok's app plays."""
SILENT = "/media-video-hvc1/"
"""Links with this in their path lead to a video without its sound, or nowhere."""


def choose_streams(renditions: Sequence[Rendition], wish: MediaWish) -> list[Rendition]:
    """Order the streams that may be taken, best first; the watermarked one, where allowed, comes last.

    Codec preference decides first, then the resolution up to the largest that is wanted, then bit rate and size.
    """
    heard = [stream for rendition in renditions if (stream := _heard(rendition))]
    clean = [stream for stream in heard if not stream.has_watermark and _may_play(stream, wish)]
    stamped = [stream for stream in heard if stream.has_watermark and not wish.no_watermark]
    return [*sorted(clean, key=lambda stream: _rank(stream, wish), reverse=True), *stamped]


def short_side(rendition: Rendition) -> int:
    """The "p" of 720p; 0 where nobody says."""
    return min(rendition.width or 0, rendition.height or 0)


def _heard(rendition: Rendition) -> Rendition | None:
    """The stream with its links that carry sound; `None` when there are none."""
    urls = [url for url in rendition.urls if SILENT not in f"{urlsplit(url).path}/"]
    return replace(rendition, urls=urls) if urls else None


def _may_play(stream: Rendition, wish: MediaWish) -> bool:
    if stream.codec in UNPLAYABLE:
        return False
    return not wish.codecs or stream.codec is None or stream.codec in wish.codecs


def _rank(stream: Rendition, wish: MediaWish) -> tuple[int, int, int, int, int]:
    codec = -wish.codecs.index(stream.codec) if wish.codecs and stream.codec in wish.codecs else 0
    side = short_side(stream)
    limit = wish.max_resolution
    is_small_enough = limit is None or side <= limit
    # Where all are too large, the smallest comes nearest.
    return (
        codec,
        int(is_small_enough),
        side if is_small_enough else -side,
        stream.bitrate or 0,
        stream.size_bytes or 0,
    )
