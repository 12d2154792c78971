"""`/__standin__/…`: how tests steer the site and look at what it saw."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from standin.faults.rules import BadFaultError, read_fault
from standin.journal import Journal
from standin.site import Settings, site_of

routes = web.RouteTableDef()

RENDERINGS = ("server", "shell", "random")
GATES = frozenset({"signed", "login"})


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
    return _shown(site_of(request).settings)


@routes.post("/__standin__/settings")
async def change_settings(request: web.Request) -> web.Response:
    """Change the settings named in the body."""
    site_of(request).settings = changed(site_of(request).settings, await _json(request))
    return _shown(site_of(request).settings)


@routes.delete("/__standin__/all")
async def reset_all(request: web.Request) -> web.Response:
    """Return to a fresh start: no rules, no log, first settings."""
    site = site_of(request)
    site.faults.rules.clear()
    site.journal = Journal()
    site.settings = Settings()
    return _shown(site.settings)


@routes.delete("/__standin__/settings")
async def reset_settings(request: web.Request) -> web.Response:
    """Return to the settings of a fresh start."""
    site_of(request).settings = Settings()
    return _shown(site_of(request).settings)


def _shown(settings: Settings) -> web.Response:
    return web.json_response(
        {"day": settings.day, "rendering": settings.rendering, "open": sorted(settings.open)}
    )


def changed(settings: Settings, wishes: dict[str, Any]) -> Settings:
    """Return the settings with some of them replaced."""
    day = wishes.get("day", settings.day)
    rendering = wishes.get("rendering", settings.rendering)
    gates = frozenset(wishes.get("open", settings.open))
    if set(wishes) - {"day", "rendering", "open"}:
        raise web.HTTPBadRequest(text="settings are: day, rendering, open")
    if not isinstance(day, int) or day < 0:
        raise web.HTTPBadRequest(text=f"day: {day!r} is not a whole number from 0")
    if rendering not in RENDERINGS or not gates <= GATES:
        raise web.HTTPBadRequest(text=f"rendering: {', '.join(RENDERINGS)}; open: {', '.join(sorted(GATES))}")
    return Settings(day, rendering, gates)


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
