"""Where a post's files lie below the archive's root: a template of folders, and one stem for all of its files."""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiktok.items import Video
from tiktok.media.file_kinds import FileKind
from tiktok.media.names import LONGEST_BYTES, safe_name
from tiktok.media.wishes import Role

DEFAULT_TEMPLATE = "TikTok/{mode}/{value}/{year}/{month}/{username}_{id}"
FIELDS = (
    "mode", "value", "year", "month", "day", "username", "display_name", "user_id", "id", "kind", "description",
)  # fmt: skip
STEM_BYTES = LONGEST_BYTES - 40
"""Leaves room for `_cover.webp`, `.eng-US.vtt` and the like."""
UNKNOWN = "unknown"


class InvalidTemplate(ValueError):  # noqa: N818  # named after what happened
    """The template can't name files; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a post was found by: the first two fields of the template."""

    mode: str
    """`profile`, `hashtag`, …: the spider's name."""
    value: str
    """The username, hashtag, … that was asked for."""


def check_template(template: str) -> str:
    """Return it as it is; raise `InvalidTemplate` for one that can't be used."""
    try:
        fields = {
            name for _, name, spec, conversion in string.Formatter().parse(template) if name is not None
        }
        has_options = any(spec or conversion for _, _, spec, conversion in string.Formatter().parse(template))
    except ValueError as error:
        raise InvalidTemplate(str(error)) from error
    if unknown := fields - set(FIELDS):
        raise InvalidTemplate(f"{{{min(unknown)}}} is not known")
    if has_options:
        raise InvalidTemplate("fields take neither formats nor conversions")
    parts = template.split("/")
    if not all(part.strip(". ") for part in parts):
        raise InvalidTemplate("a part of it is empty, or nothing but dots")
    if "{id}" not in parts[-1]:
        raise InvalidTemplate("its last part lacks {id}, and posts would share their files")
    return template


def stem_of(template: str, video: Video, asked: Asked) -> str:
    """The path that all files of a post share, up to their endings. Nothing in it escapes the root."""
    values = _values(video, asked)
    *folders, last = template.split("/")
    parts = [safe_name(part.format_map(values)) for part in folders]
    return "/".join((*parts, _stem(last.format_map(values), video.id)))


def file_path(stem: str, role: Role, variant: str, kind: FileKind) -> str:
    """Name one file of a post."""
    match role:
        case Role.SIDECAR:
            return f"{stem}.json"
        case Role.SUBTITLE:
            return f"{stem}.{safe_name(variant, 30)}"
        case Role.VIDEO | Role.IMAGE if variant:
            return f"{stem}_{safe_name(variant, 30)}.{kind.extension}"
        case Role.VIDEO:
            return f"{stem}.{kind.extension}"
        case _:
            return f"{stem}_{role}.{kind.extension}"


def _values(video: Video, asked: Asked) -> dict[str, Any]:
    moment: datetime | None = video.created_at
    return {
        "mode": asked.mode,
        "value": asked.value or UNKNOWN,
        "year": f"{moment:%Y}" if moment else UNKNOWN,
        "month": f"{moment:%m}" if moment else UNKNOWN,
        "day": f"{moment:%d}" if moment else UNKNOWN,
        "username": video.username or UNKNOWN,
        "display_name": video.display_name or UNKNOWN,
        "user_id": video.user_id or UNKNOWN,
        "id": video.id,
        "kind": video.kind.value,
        "description": video.description or "",
    }


def _stem(text: str, video_id: str) -> str:
    """A long description must not cost the id, which keeps posts apart."""
    name = safe_name(text, STEM_BYTES)
    return name if video_id in name else safe_name(f"{video_id}_{text}", STEM_BYTES)
