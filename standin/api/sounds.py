"""`music/detail/` and `music/item_list/`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.api.answers import answer_json, refusal
from standin.api.gates import Gate, behind
from standin.api.slices import list_slice
from standin.site import Site, site_of
from standin.wire.sounds import sound_object
from standin.wire.templates import decode
from standin.wire.users import author_object
from standin.world.lists import sound_posts, sound_with_id
from standin.world.sounds import Sound

routes = web.RouteTableDef()


@routes.get("/api/music/detail/")
@behind(Gate.SIGNED)
async def music_detail(request: web.Request) -> web.Response:
    """Return one sound."""
    site = site_of(request)
    sound = sound_with_id(site.world, request.query.get("musicId", ""))
    if sound is None:
        return answer_json(
            request, {"musicInfo": {}, "statusCode": 10203, "statusMsg": "music doesn't exist"}
        )
    return answer_json(request, {"musicInfo": music_info(site, sound), "statusCode": 0, "status_code": 0})


@routes.get("/api/music/item_list/")
@behind(Gate.SIGNED)
async def music_item_list(request: web.Request) -> web.Response:
    """Return posts that use a sound, from an offset on."""
    site = site_of(request)
    sound = sound_with_id(site.world, request.query.get("musicID", ""))
    if sound is None:
        return refusal(request, 10203, "music doesn't exist")
    return list_slice(request, sound_posts(site.world, sound))


def music_info(site: Site, sound: Sound) -> dict[str, Any]:
    """Return a sound with its counter, and its author where it has one."""
    info: dict[str, Any] = {
        "music": decode(sound_object(sound, site.moment)),
        "stats": {"videoCount": len(sound_posts(site.world, sound))},
    }
    if sound.owner:
        info["author"] = author_object(sound.owner, site.moment)
    return info
