"""`challenge/detail/` and `challenge/item_list/`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.api.answers import answer_json, refusal
from standin.api.gates import Gate, behind
from standin.api.slices import list_slice
from standin.site import site_of
from standin.wire.tags import tag_object
from standin.world.lists import tag_posts
from standin.world.population import World
from standin.world.tags import TAG_CALLED, Tag, tag_with_id

routes = web.RouteTableDef()


@routes.get("/api/challenge/detail/")
@behind(Gate.DEVICE)
async def challenge_detail(request: web.Request) -> web.Response:
    """Return one hashtag by its name."""
    tag = TAG_CALLED.get(request.query.get("challengeName", "").lower())
    if tag is None:
        body = {"challengeInfo": {}, "statusCode": 10205, "statusMsg": "challenge doesn't exist"}
        return answer_json(request, body)
    body = {"challengeInfo": challenge_info(site_of(request).world, tag), "statusCode": 0, "status_code": 0}
    return answer_json(request, body)


@routes.get("/api/challenge/item_list/")
@behind(Gate.SIGNED)
async def challenge_item_list(request: web.Request) -> web.Response:
    """Return posts of a hashtag from an offset on."""
    tag = tag_with_id(request.query.get("challengeID", ""))
    if tag is None:
        return refusal(request, 10205, "challenge doesn't exist")
    return list_slice(request, tag_posts(site_of(request).world, tag))


def challenge_info(world: World, tag: Tag) -> dict[str, Any]:
    """Return a hashtag with its counters."""
    counts = {"videoCount": len(tag_posts(world, tag)), "viewCount": tag.views}
    return {
        "challenge": tag_object(tag) | {"isCommerce": False, "splitTitle": ""},
        "stats": counts,
        "statsV2": {name: str(count) for name, count in counts.items()},
    }
