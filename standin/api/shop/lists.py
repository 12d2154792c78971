"""Further pages of the shop's lists, asked for by POST (facts §5, §6).

`s` and `store` answer whoever sends back what the page gave; nobody is known to call `c` and `home`, so those two
answer the page's own script only.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from standin.api.answers import answer, answer_json, gated
from standin.pages.shop.answers import is_served, shown_now
from standin.pages.shop.lists import found_in
from standin.signatures import is_signed
from standin.site import site_of
from standin.wire.shop.feeds import PAGE, Place, listings_joined, store_cursor
from standin.wire.templates import encode
from standin.world.shop.categories import CATEGORIES
from standin.world.shop.fronts import FRONT_CALLED
from standin.world.shop.lists import in_category, in_store, popular

routes = web.RouteTableDef()

SIGNED_KINDS = ("c", "home")
"""Lists that only the page's own script can ask for."""
REFUSED = {"code": 100_000}
"""What a missing or foreign `page_token` gets."""
_SUBJECTS = {"s": "search_word", "c": "category_id", "store": "seller_id", "home": "feed"}


@routes.post("/api/shop/brandy_desktop/s/product_list")
@routes.post("/api/shop/brandy_desktop/c/product_list")
@routes.post("/api/shop/brandy_desktop/store/product_list")
@routes.post("/api/shop/brandy_desktop/home/product_list")
async def product_list(request: web.Request) -> web.Response:
    """Return the next page of a list."""
    kind = request.path.split("/")[4]
    if (
        kind in SIGNED_KINDS
        and "signed" not in site_of(request).settings.open
        and not is_signed(request, fully=True)
    ):
        return gated()
    place = _place(kind, await _body(request))
    if place is None or not is_served(request, FRONT_CALLED[place.front]):
        return answer_json(request, REFUSED)
    products = [product for product in found_in(request, place) if product.id not in place.excluded]
    page = products[place.offset : place.offset + PAGE]
    stop = place.offset + len(page)
    shown = shown_now(site_of(request))
    more = b"true" if stop < len(products) else b"false"
    params = encode(place._replace(offset=stop).params())
    cursor = encode(store_cursor(products, stop, shown.day))
    body = b'{"code":0,"message":"success","data":{"products":%b,"load_more_params":%b,"has_more":%b,"cursor":%b}}'
    return answer(request, body % (listings_joined(page, shown), params, more, cursor))


@routes.get("/api/shop/seller_product_list/")
async def seller_product_list(request: web.Request) -> web.Response:
    """Return a page of a store, from a cursor on."""
    shown = shown_now(site_of(request))
    seller = shown.catalogue.seller_with_id(request.query.get("seller_id", ""))
    if seller is None:
        return answer_json(request, REFUSED)
    products = in_store(shown.catalogue, seller, shown.day)
    cursor = request.query.get("cursor", "")
    cursors = [store_cursor(products, stop, shown.day) for stop in range(1, len(products) + 1)]
    first = cursors.index(cursor) + 1 if cursor in cursors else 0
    stop = min(first + PAGE, len(products))
    more = b"true" if stop < len(products) else b"false"
    body = b'{"code":0,"message":"success","data":{"products":%b,"has_more":%b,"cursor":%b}}'
    page = listings_joined(products[first:stop], shown)
    return answer(request, body % (page, more, encode(store_cursor(products, stop, shown.day))))


@routes.post("/api/shop/home/product_list")
@routes.post("/api/shop/id/home/product_list")
async def indonesian_list(request: web.Request) -> web.Response:
    """Return products of a category, or of the front page, that were not seen yet."""
    wish = await _body(request)
    if wish is None or not is_served(request, FRONT_CALLED["id"]):
        return answer_json(request, REFUSED)
    shown = shown_now(site_of(request))
    category_id, seen = str(wish.get("category_id") or ""), set(_texts(wish.get("exclude_product_ids")))
    category = CATEGORIES.get(category_id)
    products = popular(shown.catalogue, "id", shown.day)
    if category_id:
        products = in_category(shown.catalogue, "id", category) if category else ()
    left = [product for product in products if product.id not in seen]
    more = b"true" if len(left) > PAGE else b"false"
    body = b'{"code":0,"message":"success","data":{"productList":%b,"hasMore":%b}}'
    return answer(request, body % (listings_joined(left[:PAGE], shown), more))


def _place(kind: str, body: dict[str, Any] | None) -> Place | None:
    """Read where a list goes on; nothing for what no page of ours gave out."""
    params = _object(body.get("load_more_params")) if body else None
    component = _object(body.get("component_info")) if body else None
    if params is None or not component or not component.get("component_name"):
        return None
    filters, excluded, offset = params.get("filters"), params.get("exclude_product_ids"), params.get("offset")
    wishes = [str(one.get("filter_option_id")) for one in filters or () if isinstance(one, dict)]
    front = str(params.get("region") or "us").lower()
    if not isinstance(offset, int) or offset < 0 or front not in FRONT_CALLED:
        return None
    place = Place(kind, front, str(params.get(_SUBJECTS[kind]) or ""), offset, wishes, _texts(excluded))
    return place if params.get("page_token") == place.token else None


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any] | None:
    """Read an object, also one that is wrapped in a string."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) else None


async def _body(request: web.Request) -> dict[str, Any] | None:
    return _object(await request.text())
