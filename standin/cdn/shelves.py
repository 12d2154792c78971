"""Which file a path means: made on the spot from the id in its name, the same bytes whenever it is asked for."""

from __future__ import annotations

import re
from functools import lru_cache

from standin.dice import digest
from standin.media.captions import webvtt
from standin.media.files import File
from standin.media.mp4 import h264_track, h265_track, movie, sound_track
from standin.media.pictures import jpeg, webp
from standin.site import Site
from standin.wire.ladder import RUNGS, WATERMARKED, file_bytes
from standin.wire.links import CAPTION_BYTES, post_uri, sound_uri
from standin.wire.shop.pictures import picture_name
from standin.world.lists import sound_with_id
from standin.world.posts import Post
from standin.world.sounds import Sound

_VIDEO = re.compile(r"/video/tos/\w+/[\w-]+/([0-9a-f]{32})([\w/-]+?)/?")
_SOUND = re.compile(r"/[0-9a-f]{32}/[0-9a-f]{8}/video/tos/\w+/[\w-]+/([0-9a-f]{32})/")
_CAPTION = re.compile(r"/[0-9a-f]{32}/[0-9a-f]{8}/video/tos/\w+/[\w-]+/([0-9a-f]{32})s/")
_PICTURE = re.compile(
    r"/tos-\w+-p-0068-tx/([0-9a-f]{32}[\w-]*)~tplv-tiktokx-([\w-]+):?(\d*):?(\d*)\.(jpeg|image)"
)
_PRODUCT = re.compile(r"/tos-\w+-i-\w+-tx/([0-9a-f]{32})~tplv-\w+-(?:crop|resize)-webp:(\d+):(\d+)\.webp")
_SHAPES = {"origin": (576, 1024), "photomode-image": (1080, 1440)}
_PORTRAIT = 16 / 9
_LARGEST_SIDE = 4_096


def file_at(site: Site, path: str) -> File | None:
    """Return the file behind a path, or nothing where there is none."""
    if found := _VIDEO.fullmatch(path):
        return _video(site, found[1], found[2])
    if found := _SOUND.fullmatch(path):
        sound = _sound(site, found[1])
        return _sound_file(found[1], sound.duration) if sound else None
    if found := _CAPTION.fullmatch(path):
        post = _post(site, found[1])
        return webvtt(post.duration, post.author.tag, CAPTION_BYTES) if post and not post.is_photo else None
    if found := _PRODUCT.fullmatch(path):
        size = int(found[2]), int(found[3])
        return _picture(found[1], size, "webp") if _is_the_shops(site, found[1]) else None
    if found := _PICTURE.fullmatch(path):
        return _picture(found[1], _size(found[2], found[3], found[4]), found[5])
    return None


def _post(site: Site, uri: str) -> Post | None:
    post = site.world.post(str(int(uri[:16], 16)), site.moment.now)
    return post if post and post_uri(post) == uri.encode() else None


def _sound(site: Site, uri: str) -> Sound | None:
    sound = sound_with_id(site.world, str(int(uri[:16], 16)))
    return sound if sound and sound_uri(sound) == uri.encode() else None


def _is_the_shops(site: Site, name: str) -> bool:
    """Tell whether a picture belongs to a product or a seller there is."""
    catalogue = site.world.catalogue
    entity = catalogue.product_with_id(str(int(name[:16], 16))) or catalogue.seller_with_id(
        str(int(name[:16], 16))
    )
    return entity is not None and picture_name(entity.id, int(name[-2:], 16)) == name


def _video(site: Site, uri: str, name: str) -> File | None:
    post = _post(site, uri)
    if post is None or post.is_photo or name not in RUNGS:
        return None
    return _video_file(uri, name, post.duration, site.settings.video_bytes)


@lru_cache(maxsize=32)
def _video_file(uri: str, name: str, seconds: int, wanted: int) -> File:
    rung = RUNGS[name]
    drawn = digest(0, "video", uri, name)
    mark = b" watermarked" if name == WATERMARKED else b""
    if rung.codec == "h264":
        pictures = h264_track(rung.width, rung.height, seconds, int.from_bytes(drawn[:8], "big"))
    else:
        pictures = h265_track(rung.width, rung.height, seconds)
    tracks = [pictures] if rung.is_silent else [pictures, sound_track(seconds)]
    return movie(tracks, drawn + mark, file_bytes(rung, seconds, wanted), content_type="video/mp4")


@lru_cache(maxsize=32)
def _sound_file(uri: str, seconds: int) -> File:
    return movie([sound_track(seconds)], digest(0, "sound", uri), 0, brand=b"M4A ", content_type="audio/mp4")


@lru_cache(maxsize=32)
def _picture(name: str, size: tuple[int, int], form: str) -> File | None:
    if not 0 < max(size) <= _LARGEST_SIDE:
        return None
    code = int.from_bytes(digest(0, "picture", name)[:8], "big")
    return jpeg(*size, code) if form == "jpeg" else webp(*size, code)


def _size(shape: str, width: str, height: str) -> tuple[int, int]:
    """Return a picture's size in pixels; a height of 0 leaves it to the width."""
    if shape in _SHAPES:
        return _SHAPES[shape]
    across, down = int(width or 0), int(height or 0)
    return across, down or round(across * _PORTRAIT)
