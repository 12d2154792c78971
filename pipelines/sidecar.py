"""The record beside a post's files, written when they are all there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson

from store.media.book import Order
from store.media.statuses import ArchivedFile
from store.upserts.rows import plain_payload
from tiktok.items import Video

FIELDS = tuple(field.name for field in fields(Video) if field.name not in ("cover_url", "renditions"))
"""All but those that hold nothing but links that expire."""
TOLD_OF_FILES = (
    "role", "variant", "bytes", "sha256", "md5", "mime_type", "has_watermark", "quality", "codec", "width", "height",
    "duration",
)  # fmt: skip


def write_sidecar(video: Video, order: Order, files: Sequence[ArchivedFile], now: datetime) -> bytes:
    """Write a post's whole record as JSON, with what it was found by and its files, without links that expire."""
    record: dict[str, Any] = {"type": video.type, **{name: getattr(video, name) for name in FIELDS}}
    record["images"] = [{"width": image.width, "height": image.height} for image in video.images]
    record["subtitles"] = [
        {"language": each.language, "format": each.format, "source": each.source} for each in video.subtitles
    ]
    record["archive"] = {
        "mode": order.mode,
        "value": order.value,
        "archived_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "files": [_told(file) for file in sorted(files, key=lambda file: file.key)],
    }
    try:
        return orjson.dumps(record, default=sorted, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError:  # halves of characters, which UTF-8 has no place for
        return orjson.dumps(plain_payload(record), option=orjson.OPT_INDENT_2)


def _told(file: ArchivedFile) -> dict[str, Any]:
    told = {name: getattr(file, name) for name in TOLD_OF_FILES}
    return {
        "name": file.path.rpartition("/")[2],
        **{name: value for name, value in told.items() if value not in (None, "")},
    }
