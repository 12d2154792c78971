"""`recommend/item_list/`, `explore/item_list/` and `collection/item_list/`."""

from __future__ import annotations

from aiohttp import web

from standin.api.answers import number_param, refusal
from standin.api.gates import Gate, behind
from standin.api.slices import feed_page, list_slice
from standin.site import site_of
from standin.world.collections import collection_posts, collection_with_id
from standin.world.lists import DEPTH, found_posts

routes = web.RouteTableDef()

CATEGORIES = range(100, 121)
"""What `categoryType` may be."""


@routes.get("/api/recommend/item_list/")
@behind(Gate.DEVICE)
async def recommend_item_list(request: web.Request) -> web.Response:
    """Return a page of the feed; each call brings other posts, and a real msToken."""
    site = site_of(request)
    call = site.journal.counts[request.path]
    return feed_page(request, found_posts(site.world, f"feed {call}", DEPTH))


@routes.get("/api/explore/item_list/")
@behind(Gate.SIGNED)
async def explore_item_list(request: web.Request) -> web.Response:
    """Return a page of one category."""
    category = number_param(request, "categoryType", 0)
    if category not in CATEGORIES:
        return refusal(request, 10201, "invalid parameters", status=400)
    site = site_of(request)
    call = site.journal.counts[request.path]
    return feed_page(request, found_posts(site.world, f"explore {category} {call}", DEPTH))


@routes.get("/api/collection/item_list/")
async def collection_item_list(request: web.Request) -> web.Response:
    """Return posts of a public collection, from an offset on."""
    site = site_of(request)
    collection = collection_with_id(site.world, request.query.get("collectionId", ""))
    if collection is None:
        return refusal(request, 10201, "invalid parameters", status=400)
    return list_slice(request, collection_posts(site.world, collection))
