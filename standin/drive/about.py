"""Who one is, how much room there is, whom a file is shared with, and which shared drives there are."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.drive.bodies import json_body
from standin.drive.doorway import caller_of
from standin.drive.errors import DriveError, invalid
from standin.drive.fields import any_answer
from standin.drive.files import found_by
from standin.drive.state import drive_of

routes = web.RouteTableDef()

_PERMISSIONS = "/drive/v3/files/{id}/permissions"
_ROLES = frozenset({"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"})
_TYPES = frozenset({"user", "group", "domain", "anyone"})


@routes.get("/drive/v3/about")
async def about(request: web.Request) -> web.Response:
    """Tell who asks, and how much room is left."""
    if not request.query.get("fields"):
        raise DriveError("required", "The 'fields' parameter is required for this method.", location="fields")
    drive, caller = drive_of(request), caller_of(request)
    usage = str(drive.usage())
    quota = {"usage": usage, "usageInDrive": usage, "usageInDriveTrash": "0"}
    if drive.settings.quota_bytes or caller.is_service:
        quota["limit"] = "0" if caller.is_service else str(drive.settings.quota_bytes)
    user = {"kind": "drive#user", "displayName": caller.email.split("@")[0], "emailAddress": caller.email,
            "me": True, "permissionId": "owner"}  # fmt: skip
    answer = {"kind": "drive#about", "user": user, "storageQuota": quota}
    return web.json_response(any_answer(answer, request.query["fields"]))


@routes.post(_PERMISSIONS)
async def share(request: web.Request) -> web.Response:
    """Share a file or folder; twice the same is once."""
    entry, wish = found_by(request), await json_body(request)
    if wish.get("type") not in _TYPES or wish.get("role") not in _ROLES:
        raise invalid("permission", "The permission type and role fields are required.")
    if wish["type"] == "anyone" and drive_of(request).settings.links_forbidden:
        raise DriveError(
            "publishOutNotPermitted", "Publishing outside of the domain is not allowed.", status=403
        )
    name = (
        "anyoneWithLink"
        if wish["type"] == "anyone"
        else f"p-{wish.get('emailAddress') or wish.get('domain')}"
    )
    permission: dict[str, Any] = {"kind": "drive#permission", "id": name, **wish}
    entry.permissions = [one for one in entry.permissions if one["id"] != name] + [permission]
    return web.json_response(any_answer(permission, request.query.get("fields", "kind,id,type,role")))


@routes.get(_PERMISSIONS)
async def permissions(request: web.Request) -> web.Response:
    """List whom a file is shared with."""
    answer = {"kind": "drive#permissionList", "permissions": found_by(request).permissions}
    return web.json_response(any_answer(answer, request.query.get("fields", "")))


@routes.get("/drive/v3/drives")
async def drives(request: web.Request) -> web.Response:
    """List the shared drives."""
    entries = drive_of(request).entries.values()
    found = [
        {"kind": "drive#drive", "id": one.id, "name": one.name} for one in entries if one.drive_id == one.id
    ]
    return web.json_response({"kind": "drive#driveList", "drives": found})


@routes.get("/drive/v3/drives/{id}")
async def one_drive(request: web.Request) -> web.Response:
    """Describe a shared drive."""
    entry = drive_of(request).entries.get(request.match_info["id"])
    if entry is None or entry.drive_id != entry.id:
        raise DriveError(
            "notFound", f"Shared drive not found: {request.match_info['id']}", location="driveId"
        )
    return web.json_response({"kind": "drive#drive", "id": entry.id, "name": entry.name})
