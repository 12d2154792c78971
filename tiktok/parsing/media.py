"""Files of a post: its covers, slides, quality ladder and subtitles, as offered (facts E)."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok.items import Image, Rendition, Subtitle
from tiktok.parsing.values import Object, filled, first, flag, integer, mapping, objects, positive, url, urls

_LONGEST_SECONDS = 3600
"""The web takes uploads of up to an hour: what is longer was written in milliseconds."""
_REDIRECT = "/aweme/v1/play/"
"""TikTok's own way to the file, which expires never but answers least often."""


def duration(media: Object) -> float | None:
    """Length in seconds."""
    seconds = positive(media.get("duration"))
    if seconds is None:
        return None
    return seconds / 1000 if seconds > _LONGEST_SECONDS else float(seconds)


def cover_url(item: Object) -> str | None:
    """Still picture of a post, best first."""
    media = mapping(item.get("video"))
    slide = mapping(mapping(item.get("imagePost")).get("cover"))
    return url(first(media.get("originCover"), media.get("cover"), *_slide_urls(slide)[:1]))


def images(item: Object) -> list[Image]:
    """Slides of a photo post, in order; `imagePost` may be there and hold none."""
    slides = objects(mapping(item.get("imagePost")).get("images"))
    return [
        Image(url=best, width=positive(slide.get("imageWidth")), height=positive(slide.get("imageHeight")))
        for slide in slides
        if (best := _best_slide(slide))
    ]


def _slide_urls(slide: Object) -> list[str]:
    return urls(mapping(slide.get("imageURL")).get("urlList"))


def _best_slide(slide: Object) -> str | None:
    """The JPEG where one is offered, which everything can show, else the first."""
    links = _slide_urls(slide)
    return next((link for link in links if ".jpeg" in link), links[0] if links else None)


def renditions(media: Object) -> list[Rendition]:
    """Files as listed, the single link of older payloads when there is no list, the download link last."""
    offered = [rung for raw in objects(media.get("bitrateInfo")) if (rung := _rung(raw))]
    return [*(offered or _single(media)), *_download(media)]


def _rung(raw: Object) -> Rendition | None:
    address = mapping(raw.get("PlayAddr"))
    links = _ordered(urls(address.get("UrlList")))
    if not links:
        return None
    return Rendition(
        urls=links,
        codec=filled(raw.get("CodecType")),
        width=positive(address.get("Width")),
        height=positive(address.get("Height")),
        bitrate=positive(raw.get("Bitrate")),
        size_bytes=positive(address.get("DataSize")),
        quality=filled(raw.get("GearName")),
    )


def _single(media: Object) -> Iterator[Rendition]:
    links = _ordered(urls(media.get("playAddr")))
    if links:
        yield Rendition(
            urls=links,
            codec=filled(media.get("codecType")),
            width=positive(media.get("width")),
            height=positive(media.get("height")),
            bitrate=positive(media.get("bitrate")),
            size_bytes=positive(media.get("size")),
        )


def _download(media: Object) -> Iterator[Rendition]:
    """The watermarked file; missing when its author allows no downloads."""
    links = urls(media.get("downloadAddr"))
    if links:
        yield Rendition(urls=links, has_watermark=True)


def _ordered(links: list[str]) -> list[str]:
    """CDN hosts first."""
    return sorted(links, key=lambda link: _REDIRECT in link)


def subtitles(media: Object) -> list[Subtitle]:
    """Subtitle files; `claInfo` repeats them and is read when the older list is missing."""
    listed = [subtitle for raw in objects(media.get("subtitleInfos")) if (subtitle := _subtitle(raw))]
    captions = mapping(media.get("claInfo")).get("captionInfos")
    return listed or [subtitle for raw in objects(captions) if (subtitle := _caption(raw))]


def _subtitle(raw: Object) -> Subtitle | None:
    link = url(raw.get("Url"))
    if link is None:
        return None
    return Subtitle(
        url=link,
        language=filled(raw.get("LanguageCodeName")),
        format=filled(raw.get("Format")),
        source=filled(raw.get("Source")),
    )


def _caption(raw: Object) -> Subtitle | None:
    link = url(raw.get("url")) or next(iter(urls(raw.get("urlList"))), None)
    if link is None:
        return None
    return Subtitle(
        url=link,
        language=filled(raw.get("language")),
        format=filled(raw.get("captionFormat")),
        source=_caption_source(raw),
    )


def _caption_source(raw: Object) -> str | None:
    """Translated captions are made from the generated ones, so the translation is asked first."""
    if integer(raw.get("translationType")):
        return "MT"
    generated = flag(raw.get("isAutoGen"))
    return None if generated is None else "ASR" if generated else "LC"
