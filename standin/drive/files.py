"""`/drive/v3/files`: everything but uploads."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from standin.drive.bodies import checksummed, json_body
from standin.drive.doorway import caller_of
from standin.drive.errors import DriveError, invalid
from standin.drive.fields import any_answer, file_answer, list_answer
from standin.drive.query import parse_query
from standin.drive.state import Drive, Entry, drive_of, timestamp

routes = web.RouteTableDef()

_FILES = "/drive/v3/files"
_OWN_TYPES = "application/vnd.google-apps."
"""What is no file: folders, documents."""
_MOST_IDS = _MOST_PER_PAGE = 1_000
_ORDERS: dict[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.name,
    "createdTime": lambda entry: entry.created,
    "modifiedTime": lambda entry: entry.modified,
    "folder": lambda entry: not entry.is_folder,
}


def all_drives_of(request: web.Request) -> bool:
    """Tell whether a caller knows shared drives."""
    return (
        request.query.get("supportsAllDrives") == "true" or request.query.get("supportsTeamDrives") == "true"
    )


def found_by(request: web.Request) -> Entry:
    """Return the file or folder whose id stands in the address."""
    return drive_of(request).find(request.match_info["id"], all_drives=all_drives_of(request))


@routes.post(_FILES)
async def create(request: web.Request) -> web.Response:
    """Create a folder, or an empty file. Two of one name may lie side by side."""
    drive = drive_of(request)
    entry = drive.make(await json_body(request), caller_of(request), all_drives=all_drives_of(request))
    if not entry.mime_type.startswith(_OWN_TYPES):
        path = drive.folder / entry.id
        path.touch()
        entry.content = checksummed(path)
    drive.reserved.discard(entry.id)
    drive.add(entry)
    return web.json_response(file_answer(entry.shown(), request.query.get("fields", "")))


@routes.get(_FILES + "/generateIds")
async def generate_ids(request: web.Request) -> web.Response:
    """Give ids for later use."""
    drive, text = drive_of(request), request.query.get("count", "10")
    if not text.isdigit() or not 1 <= int(text) <= _MOST_IDS:
        raise invalid("count")
    ids = [drive.new_id() for _ in range(int(text))]
    drive.reserved.update(ids)
    answer = {"kind": "drive#generatedIds", "space": "drive", "ids": ids}
    return web.json_response(any_answer(answer, request.query.get("fields", "")))


@routes.get(_FILES)
async def listing(request: web.Request) -> web.Response:
    """List what a query finds, a page at a time."""
    drive, query = drive_of(request), request.query
    test = parse_query(query["q"]) if query.get("q") else _everything
    size = query.get("pageSize", "100")
    if not size.isdigit() or not 1 <= int(size) <= _MOST_PER_PAGE:
        raise invalid("pageSize")
    found = [entry for entry in _visible(drive, request) if test(entry)]
    for order in reversed([one for one in query.get("orderBy", "").split(",") if one]):
        name, _, way = order.strip().partition(" ")
        if name not in _ORDERS or way not in {"", "desc"}:
            raise invalid("orderBy")
        found.sort(key=_ORDERS[name], reverse=way == "desc")
    start, stop = _page(drive, query.get("pageToken", ""), int(size))
    answer: dict[str, Any] = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [entry.shown() for entry in found[start:stop]],
    }
    if stop < len(found):
        answer["nextPageToken"] = base64.urlsafe_b64encode(f"from {stop}".encode()).decode()
    return web.json_response(list_answer(answer, query.get("fields", "")))


def _everything(_entry: Entry) -> bool:
    return True


def _visible(drive: Drive, request: web.Request) -> list[Entry]:
    """Return what a list may show: shared drives to those who ask twice, new things after a while, no roots."""
    query = request.query
    everywhere = all_drives_of(request) and query.get("includeItemsFromAllDrives") == "true"
    corpora = query.get("corpora", "user")
    if corpora == "drive" and not (everywhere and query.get("driveId")):
        raise invalid(
            "corpora", "driveId, supportsAllDrives and includeItemsFromAllDrives belong to corpora=drive"
        )
    newest = drive.now - drive.settings.list_lag
    return [
        entry
        for entry in drive.entries.values()
        if entry.parents
        and entry.created <= newest
        and (everywhere or not entry.drive_id)
        and (corpora != "drive" or entry.drive_id == query.get("driveId"))
    ]


def _page(drive: Drive, token: str, size: int) -> tuple[int, int]:
    """Return where a page begins and ends; a page may be short, or empty, and still have a next one."""
    if not token and drive.settings.empty_pages:
        return 0, 0
    start = 0
    if token:
        try:
            start = int(base64.urlsafe_b64decode(token).decode().removeprefix("from "))
        except ValueError:
            raise invalid("pageToken") from None
    return start, start + min(size, drive.settings.page_limit or size)


@routes.get(_FILES + "/{id}")
async def get(request: web.Request) -> web.StreamResponse:
    """Return a file's fields, or with `alt=media` its bytes."""
    entry = found_by(request)
    if request.query.get("alt") != "media":
        return web.json_response(file_answer(entry.shown(), request.query.get("fields", "")))
    if entry.content is None:
        raise DriveError(
            "fileNotDownloadable", "Only files with binary content can be downloaded.", status=403
        )
    if not entry.content.size and "Range" in request.headers:
        return web.Response(status=416, headers={"Content-Range": "bytes */0"})
    return web.FileResponse(entry.content.path, headers={"Content-Type": entry.mime_type})


@routes.patch(_FILES + "/{id}")
async def update(request: web.Request) -> web.Response:
    """Change fields, trash, or move."""
    drive, entry = drive_of(request), found_by(request)
    apply_wish(drive, entry, await json_body(request))
    gone = [one for one in request.query.get("removeParents", "").split(",") if one]
    added = [one for one in request.query.get("addParents", "").split(",") if one]
    if gone or added:
        kept = [one for one in entry.parents if one not in gone]
        entry.parents = kept + [drive.find(one, all_drives=all_drives_of(request)).id for one in added]
        entry.drive_id = drive.entries[entry.parents[0]].drive_id
    return web.json_response(file_answer(entry.shown(), request.query.get("fields", "")))


def apply_wish(drive: Drive, entry: Entry, wish: dict[str, Any]) -> None:
    """Change what a body names; a property set to null is taken away."""
    entry.name = wish.get("name", entry.name)
    entry.mime_type = wish.get("mimeType", entry.mime_type)
    entry.description = wish.get("description", entry.description)
    entry.trashed = wish.get("trashed", entry.trashed)
    entry.modified = wish.get("modifiedTime") or timestamp(drive.now)
    _change(entry.app_properties, wish.get("appProperties") or {})
    _change(entry.properties, wish.get("properties") or {})


def _change(kept: dict[str, str], wish: dict[str, str | None]) -> None:
    for key, value in wish.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = value


@routes.post(_FILES + "/{id}/copy")
async def copy(request: web.Request) -> web.Response:
    """Copy a file inside Drive."""
    drive, source = drive_of(request), found_by(request)
    if source.content is None:
        raise DriveError("cannotCopyFile", "This file cannot be copied by the user.", status=403)
    wish = {"name": f"Copy of {source.name}", "mimeType": source.mime_type} | await json_body(request)
    entry = drive.make(wish, caller_of(request), all_drives=all_drives_of(request))
    path = drive.folder / entry.id
    path.hardlink_to(source.content.path)
    entry.content = replace(source.content, path=path)
    drive.reserved.discard(entry.id)
    drive.add(entry)
    return web.json_response(file_answer(entry.shown(), request.query.get("fields", "")))


@routes.delete(_FILES + "/{id}")
async def delete(request: web.Request) -> web.Response:
    """Delete for good."""
    drive_of(request).remove(found_by(request))
    return web.Response(status=204)
