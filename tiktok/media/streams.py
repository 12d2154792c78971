"""Which of a video's streams to fetch, best first (facts E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tiktok.items import Rendition
from tiktok.media.wishes import MediaWish

UNPLAYABLE = frozenset({"bytevc2"})
"""Codecs that nothing outside of TikTok's app plays."""
SILENT = "/media-video-hvc1/"
"""A stream of which one link has this in its path has no sound, or is nowhere."""


def choose_streams(renditions: Sequence[Rendition], wish: MediaWish) -> list[Rendition]:
    """Order the streams that may be taken, best first; the watermarked one, where allowed, comes last.

    Codec preference decides first, then the resolution up to the largest that is wanted, then bit rate and size.
    """
    heard = [stream for stream in renditions if stream.urls and not _is_silent(stream)]
    clean = [stream for stream in heard if not stream.has_watermark and _may_play(stream, wish)]
    stamped = [stream for stream in heard if stream.has_watermark and not wish.no_watermark]
    return [*sorted(clean, key=lambda stream: _rank(stream, wish), reverse=True), *stamped]


def short_side(rendition: Rendition) -> int:
    """The "p" of 720p; 0 where nobody says."""
    return min(rendition.width or 0, rendition.height or 0)


def _is_silent(stream: Rendition) -> bool:
    return any(SILENT in f"{urlsplit(url).path}/" for url in stream.urls)


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
