"""The `fields` parameter: which parts of an answer are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from standin.drive.errors import invalid

Mask = dict[str, "Mask | None"]
"""Wanted names; nothing beneath means all of it."""

FILE_DEFAULT = "kind,id,name,mimeType"
FILE_FIELDS = frozenset((
    "appProperties", "capabilities", "contentHints", "contentRestrictions",
    "copyRequiresWriterPermission", "createdTime", "description", "driveId", "explicitlyTrashed",
    "exportLinks", "fileExtension", "folderColorRgb", "fullFileExtension", "hasAugmentedPermissions",
    "hasThumbnail", "headRevisionId", "iconLink", "id", "imageMediaMetadata", "isAppAuthorized", "kind",
    "labelInfo", "lastModifyingUser", "linkShareMetadata", "md5Checksum", "mimeType", "modifiedByMe",
    "modifiedByMeTime", "modifiedTime", "name", "originalFilename", "ownedByMe", "owners", "parents",
    "permissionIds", "permissions", "properties", "quotaBytesUsed", "resourceKey", "sha1Checksum",
    "sha256Checksum", "shared", "sharedWithMeTime", "sharingUser", "shortcutDetails", "size", "spaces",
    "starred", "teamDriveId", "thumbnailLink", "thumbnailVersion", "trashed", "trashedTime",
    "trashingUser", "version", "videoMediaMetadata", "viewedByMe", "viewedByMeTime",
    "viewersCanCopyContent", "webContentLink", "webViewLink", "writersCanShare",
))  # fmt: skip
LIST_FIELDS = frozenset({"kind", "nextPageToken", "incompleteSearch", "files"})
_TOKEN = re.compile(r"\s*([\w*]+|[(),/])\s*")


def file_answer(resource: dict[str, Any], fields: str) -> dict[str, Any]:
    """Return the wanted fields of a file."""
    mask = parse_mask(fields or FILE_DEFAULT)
    _check(mask, FILE_FIELDS)
    return _chosen(resource, mask)


def list_answer(answer: dict[str, Any], fields: str) -> dict[str, Any]:
    """Return the wanted fields of a list."""
    mask = parse_mask(fields or f"kind,incompleteSearch,nextPageToken,files({FILE_DEFAULT})")
    _check(mask, LIST_FIELDS)
    _check(mask.get("files") or {}, FILE_FIELDS)
    return _chosen(answer, mask)


def any_answer(answer: dict[str, Any], fields: str) -> dict[str, Any]:
    """Return the wanted fields of something else."""
    return _chosen(answer, parse_mask(fields or "*"))


def parse_mask(text: str) -> Mask:
    """Read a mask such as `nextPageToken,files(id,owners/emailAddress)`."""
    tokens, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise invalid("fields", f"Invalid field selection {text[place:]}")
        tokens.append(found[1])
        place = found.end()
    mask = _read(tokens)
    if tokens:
        raise invalid("fields", f"Invalid field selection {''.join(tokens)}")
    return mask


def _read(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while tokens:
        mask |= _read_one(tokens)
        if not tokens or tokens[0] != ",":
            break
        tokens.pop(0)
    return mask


def _read_one(tokens: list[str]) -> Mask:
    if not tokens or tokens[0] in "(),/":
        raise invalid("fields", "Invalid field selection")
    name = tokens.pop(0)
    if tokens[:1] == ["/"]:
        tokens.pop(0)
        return {name: _read_one(tokens)}
    if tokens[:1] != ["("]:
        return {name: None}
    tokens.pop(0)
    inner = _read(tokens)
    if tokens[:1] != [")"]:
        raise invalid("fields", "Invalid field selection")
    tokens.pop(0)
    return {name: inner}


def _check(mask: Mask, known: frozenset[str]) -> None:
    for name in mask:
        if name != "*" and name not in known:
            raise invalid("fields", f"Invalid field selection {name}")


def _chosen(answer: dict[str, Any], mask: Mask) -> dict[str, Any]:
    return (
        answer
        if "*" in mask
        else {name: _picked(answer[name], mask[name]) for name in answer if name in mask}
    )


def _picked(value: Any, mask: Mask | None) -> Any:
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [_picked(one, mask) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _picked(inner, mask[name]) for name, inner in value.items() if name in mask}
