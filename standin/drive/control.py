"""`/__standin__/…`: how tests steer the pretend Drive and look at what it saw."""

from __future__ import annotations

import json
import secrets
from typing import Any

from aiohttp import web

from standin.drive.faults import BadFaultPlanError, read_planned
from standin.drive.oauth import client_key, service_key, user_key
from standin.drive.settings import BadDriveSettingError, DriveSettings
from standin.drive.state import FOLDER, Entry, drive_of, timestamp

routes = web.RouteTableDef()

_KEYS = {"service-account": service_key, "user": user_key, "client": client_key}


@routes.get("/__standin__/keys/{kind}")
async def key(request: web.Request) -> web.Response:
    """Give a key file: `service-account`, `user` or `client`."""
    made = _KEYS.get(request.match_info["kind"])
    if made is None:
        raise web.HTTPNotFound(text=f"keys are {', '.join(_KEYS)}")
    return web.json_response(made(f"{request.scheme}://{request.host}"))


@routes.post("/__standin__/faults")
async def add_faults(request: web.Request) -> web.Response:
    """Add a rule of the fault plan, or a list of them."""
    body = await _json(request)
    try:
        rules = [read_planned(one) for one in (body if isinstance(body, list) else [body])]
    except BadFaultPlanError as error:
        raise web.HTTPBadRequest(text=f"{error}") from None
    drive_of(request).plan.rules.extend(rules)
    return web.json_response({"added": len(rules)})


@routes.get("/__standin__/faults")
async def faults(request: web.Request) -> web.Response:
    """List the rules and how often each fired."""
    rules = drive_of(request).plan.rules
    return web.json_response(
        [{"trouble": rule.trouble, "path": rule.path, "fired": rule.fired} for rule in rules]
    )


@routes.post("/__standin__/settings")
async def change_settings(request: web.Request) -> web.Response:
    """Change the settings named in the body."""
    drive = drive_of(request)
    try:
        drive.settings = drive.settings.changed(await _json(request))
    except BadDriveSettingError as error:
        raise web.HTTPBadRequest(text=f"{error}") from None
    return web.json_response(drive.settings.shown())


@routes.post("/__standin__/drives")
async def add_drive(request: web.Request) -> web.Response:
    """Make a shared drive; its id is that of its topmost folder."""
    drive, name = drive_of(request), str((await _json(request)).get("name", "Shared"))
    made = "0A" + secrets.token_urlsafe(12)
    entry = Entry(
        id=made, name=name, mime_type=FOLDER, parents=[], created=0.0, modified=timestamp(0), drive_id=made
    )
    drive.add(entry)
    return web.json_response({"id": made, "name": name})


@routes.get("/__standin__/log")
async def log(request: web.Request) -> web.Response:
    """Return the requests seen, oldest first."""
    return web.json_response(list(drive_of(request).log))


@routes.get("/__standin__/entries")
async def entries(request: web.Request) -> web.Response:
    """Return everything there is, with all its fields."""
    return web.json_response([entry.shown() for entry in drive_of(request).entries.values()])


@routes.delete("/__standin__/tokens")
async def expire_tokens(request: web.Request) -> web.Response:
    """Let every access token expire."""
    drive_of(request).tokens.clear()
    return web.json_response({})


@routes.delete("/__standin__/all")
async def reset(request: web.Request) -> web.Response:
    """Return to an empty drive, no faults, no log, first settings."""
    drive = drive_of(request)
    for kept in (drive.entries, drive.tokens, drive.codes, drive.refresh_tokens, drive.reserved, drive.log,
                 drive.arrivals, drive.sessions, drive.plan.rules):  # fmt: skip
        kept.clear()
    for path in drive.folder.iterdir():
        path.unlink()
    drive.settings = DriveSettings()
    drive.__post_init__()
    return web.json_response(drive.settings.shown())


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
