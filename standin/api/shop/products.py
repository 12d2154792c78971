"""A product's data without its page, and its reviews (facts §7)."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from standin.api.answers import answer_json
from standin.pages.shop.answers import is_served, shown_now
from standin.pages.shop.product import shape_of
from standin.site import site_of
from standin.wire.shop.reviews import A_PAGE, review_rows
from standin.wire.shop.shapes import product_data

routes = web.RouteTableDef()

REFUSED = {"code": 100_000}


@routes.post("/api/shop/product/pdp_data")
async def pdp_data(request: web.Request) -> web.Response:
    """Return a product's data."""
    wish = await _body(request)
    schema = wish.get("getProductDetailSchema") if wish else None
    if not isinstance(schema, dict) or not schema.get("productId"):
        return answer_json(request, REFUSED)
    catalogue, day, cdn = shown_now(site_of(request))
    product = catalogue.product_with_id(str(schema["productId"]))
    if product and not is_served(request, product.front):
        return answer_json(request, REFUSED)
    data = product_data(product, shape_of(request, product), catalogue, day, cdn)
    return answer_json(request, {"code": 0, "message": "success", "data": data})


@routes.post("/api/shop/pdp_h5/get_product_reviews")
async def product_reviews(request: web.Request) -> web.Response:
    """Return a page of a product's reviews."""
    wish = await _body(request) or {}
    catalogue, day, _ = shown_now(site_of(request))
    product = catalogue.product_with_id(str(wish.get("product_id", "")))
    number = wish.get("page_start", 1)
    if product is None or not isinstance(number, int) or number < 1:
        return answer_json(request, REFUSED)
    first = (number - 1) * A_PAGE
    rows = review_rows(product, day, first)
    total = product.reception(day).reviews
    data = {"product_reviews": rows, "total_reviews": str(total), "has_more": first + len(rows) < total}
    return answer_json(request, {"code": 0, "message": "success", "data": data})


async def _body(request: web.Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.text())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
