"""`/__standin__/…`: how tests steer the site and look at what it saw."""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from standin.faults.rules import BadFaultError, read_fault
from standin.journal import Journal
from standin.logins import login_cookies
from standin.settings import BadSettingError, Settings
from standin.site import site_of

routes = web.RouteTableDef()


@routes.get("/__standin__/faults")
async def list_faults(request: web.Request) -> web.Response:
    """List the rules in force and how often each fired."""
    rules = site_of(request).faults.rules
    return web.json_response(
        [
            {"kind": rule.kind, "path": rule.path, "identity": rule.identity, "matched": rule.matched,
             "fired": rule.fired}
            for rule in rules
        ]
    )  # fmt: skip


@routes.post("/__standin__/faults")
async def add_faults(request: web.Request) -> web.Response:
    """Add a rule, or a list of rules."""
    body = await _json(request)
    try:
        added = [read_fault(one) for one in (body if isinstance(body, list) else [body])]
    except (BadFaultError, TypeError) as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    site_of(request).faults.rules.extend(added)
    return web.json_response({"added": len(added)})


@routes.delete("/__standin__/faults")
async def drop_faults(request: web.Request) -> web.Response:
    """Drop all rules."""
    site_of(request).faults.rules.clear()
    return web.json_response({"faults": 0})


@routes.get("/__standin__/log")
async def read_log(request: web.Request) -> web.Response:
    """Return the requests seen."""
    return web.json_response(site_of(request).journal.read())


@routes.delete("/__standin__/log")
async def clear_log(request: web.Request) -> web.Response:
    """Forget the requests seen."""
    site_of(request).journal = Journal()
    return web.json_response({"total": 0})


@routes.get("/__standin__/settings")
async def read_settings(request: web.Request) -> web.Response:
    """Return the settings in force."""
    return web.json_response(site_of(request).settings.shown())


@routes.post("/__standin__/settings")
async def change_settings(request: web.Request) -> web.Response:
    """Change the settings named in the body."""
    site = site_of(request)
    try:
        site.adopt(site.settings.changed(await _json(request)))
    except BadSettingError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    return web.json_response(site.settings.shown())


@routes.delete("/__standin__/all")
async def reset_all(request: web.Request) -> web.Response:
    """Return to a fresh start: no rules, no log, nobody logged out, first settings."""
    site_of(request).start_afresh()
    return web.json_response(site_of(request).settings.shown())


@routes.delete("/__standin__/settings")
async def reset_settings(request: web.Request) -> web.Response:
    """Return to the settings of a fresh start."""
    site_of(request).adopt(Settings())
    return web.json_response(site_of(request).settings.shown())


@routes.get("/__standin__/logins/{number}")
async def give_login(request: web.Request) -> web.Response:
    """Return the cookies of a login: 0 has lapsed, 1 to 999 live for `days` more."""
    number, days = request.match_info["number"], request.query.get("days", "180")
    if not number.isdecimal() or not days.removeprefix("-").isdecimal():
        raise web.HTTPBadRequest(text="a login is a whole number, and so are its days")
    cookies = login_cookies(site_of(request).world.seed, int(number), int(time.time()), int(days))
    return web.json_response({cookie.name: cookie.value for cookie in cookies})


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
