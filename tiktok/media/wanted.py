"""Which files a wish asks for, post by post, and where each can be had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tiktok.items import Subtitle, Video
from tiktok.media.streams import choose_streams
from tiktok.media.wishes import MediaWish, Role

WATERMARKED = "watermarked"
"""Variant of a video that TikTok stamped, which is kept beside a clean one."""
_SOURCES = {"ASR": 0, "LC": 1, "MT": 2}
"""Subtitles as recognised, as uploaded, as translated by a machine: in this order (facts E.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file on the network, with links that all lead to it."""

    urls: tuple[str, ...]
    size_bytes: int | None = None
    has_watermark: bool | None = None
    """`None` for what is no video."""
    quality: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    format: str | None = None
    """Of subtitles: `webvtt` or `creator_caption`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file of a post that is to be archived, with its sources, best first."""

    role: Role
    variant: str = ""
    sources: tuple[Source, ...]
    duration: float | None = None
    """Seconds that it should play."""
    is_vital: bool = True
    """Without it the post is not whole."""


@dataclass(frozen=True, slots=True)
class Around:
    """Links to what belongs to a post and comes beside it: the items of its sound and its author."""

    sound_url: str | None = None
    avatar_url: str | None = None


def list_wanted(video: Video, wish: MediaWish, around: Around) -> list[Wanted]:
    """Everything the wish asks for that the post offers; what it lacks is left out, or has no sources if vital."""
    is_photo = bool(video.images)
    wanted: list[Wanted] = []
    if wish.media:
        wanted += _images(video) if is_photo else [_video(video, wish)]
    if around.sound_url and (wish.sound or (wish.media and is_photo)):
        # A removed sound does not spoil its post.
        wanted.append(Wanted(role=Role.SOUND, sources=(Source(urls=(around.sound_url,)),), is_vital=False))
    if wish.covers and video.cover_url:
        wanted.append(Wanted(role=Role.COVER, sources=(Source(urls=(video.cover_url,)),)))
    if wish.avatar and around.avatar_url:
        wanted.append(Wanted(role=Role.AVATAR, sources=(Source(urls=(around.avatar_url,)),)))
    return [*wanted, *_subtitles(video, wish)]


def _video(video: Video, wish: MediaWish) -> Wanted:
    streams = choose_streams(video.renditions, wish)
    sources = tuple(
        Source(
            urls=tuple(stream.urls),
            size_bytes=stream.size_bytes,
            has_watermark=stream.has_watermark,
            quality=stream.quality,
            codec=stream.codec,
            width=stream.width,
            height=stream.height,
        )
        for stream in streams
    )
    return Wanted(role=Role.VIDEO, sources=sources, duration=video.duration)


def _images(video: Video) -> Iterator[Wanted]:
    for number, image in enumerate(video.images, 1):
        source = Source(urls=(image.url,), width=image.width, height=image.height)
        yield Wanted(role=Role.IMAGE, variant=f"{number:02}", sources=(source,))


def _subtitles(video: Video, wish: MediaWish) -> Iterator[Wanted]:
    """One per language: the most original first, the others behind it in case it can't be had."""
    by_language: dict[str, list[Subtitle]] = {}
    for subtitle in video.subtitles:
        if wish.wants_language(subtitle.language):
            by_language.setdefault(subtitle.language or "und", []).append(subtitle)
    for language, offered in by_language.items():
        offered.sort(key=lambda subtitle: _SOURCES.get(subtitle.source or "", len(_SOURCES)))
        sources = tuple(Source(urls=(subtitle.url,), format=subtitle.format) for subtitle in offered)
        yield Wanted(role=Role.SUBTITLE, variant=language, sources=sources)


def renewed(wanted: Wanted, fresh: list[Wanted]) -> Wanted | None:
    """The same file as a newer reading of its post offers it."""
    same = (each for each in fresh if (each.role, each.variant) == (wanted.role, wanted.variant))
    found = next(same, None)
    return replace(found, is_vital=wanted.is_vital) if found and found.sources else None
