"""Pages of hashtags, sounds and collections; their lists are the script's business."""

from __future__ import annotations

from aiohttp import web

from standin.api.tags import challenge_info
from standin.pages.answers import page
from standin.pages.profile import is_shell
from standin.site import site_of
from standin.wire.templates import encode
from standin.world.collections import collection_with_id
from standin.world.lists import sound_with_id
from standin.world.tags import TAG_CALLED

routes = web.RouteTableDef()


@routes.get("/tag/{name}")
async def tag_page(request: web.Request) -> web.Response:
    """Return a hashtag's page; its name counts in any case."""
    site = site_of(request)
    name = request.match_info["name"].lower()
    if is_shell(site):
        return page(request, "TikTok - Make Your Day", f"/tag/{name}", bare=True)
    tag = TAG_CALLED.get(name)
    detail = (
        {"challengeInfo": challenge_info(site.world, tag), "statusCode": 0, "statusMsg": ""}
        if tag
        else {"statusCode": 10205, "statusMsg": "challenge doesn't exist", "challengeInfo": {}}
    )
    return page(request, f"#{name} | TikTok", f"/tag/{name}", b'"webapp.challenge-detail":' + encode(detail))


@routes.get(r"/music/{slug:.*}-{id:\d+}")
async def sound_page(request: web.Request) -> web.Response:
    """Return a sound's page, which holds nothing of it; a wrong slug is led to the right one."""
    sound = sound_with_id(site_of(request).world, request.match_info["id"])
    if sound and request.match_info["slug"] != sound.slug:
        path = f"/music/{sound.slug}-{sound.id}"
        return web.Response(status=301, headers={"Location": f"{request.scheme}://{request.host}{path}"})
    return page(request, "TikTok - Make Your Day", request.path, bare=True)


@routes.get(r"/@{handle:[^/]+}/collection/{title:.*}-{id:\d+}")
async def collection_page(request: web.Request) -> web.Response:
    """Return a collection's page."""
    collection = collection_with_id(site_of(request).world, request.match_info["id"])
    title = f"{collection.title} | TikTok" if collection else "TikTok - Make Your Day"
    return page(request, title, request.path, bare=True)
