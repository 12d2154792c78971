"""`/api/v1/tiktok/api`: products of the shop, found while the caller waits."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response

from webapi.limits.groups import SHOP
from webapi.services.errors import Unusable
from webapi.services.shop_products import ShopAnswer
from webapi.shop.errors import ShopBlueprint
from webapi.shop.schemas import (
    ShopProductsSchema,
    ShopRecordArgsSchema,
    ShopRecordSchema,
    ShopSearchArgsSchema,
    ShopTrendingArgsSchema,
)
from webapi.shop.shelf import shelf

PRODUCTS = ShopBlueprint(
    "shop products", __name__, url_prefix="/api/v1/tiktok/api", limits=SHOP, description="TikTok Shop"
)
PRODUCT_ID = re.compile(r"[0-9]{15,21}")


@PRODUCTS.route("/search")
@PRODUCTS.arguments(ShopSearchArgsSchema, location="query")
@PRODUCTS.response(200, ShopProductsSchema)
@PRODUCTS.errors(401, 500, 503)
def search(given: dict[str, Any]) -> Response:
    """Search products

    By TikTok's own search. Answers are kept for 15 minutes.
    """
    return _response(shelf().products.search(given["q"], given["max_results"], use_cache=given["use_cache"]))


@PRODUCTS.route("/trending")
@PRODUCTS.arguments(ShopTrendingArgsSchema, location="query")
@PRODUCTS.response(200, ShopProductsSchema)
@PRODUCTS.errors(401, 500, 503)
def trending(given: dict[str, Any]) -> Response:
    """Get trending products

    What TikTok Shop shows first, or sells best in a category. Answers are kept for 30 minutes,
    of a category for an hour.
    """
    return _response(
        shelf().products.trending(given["category"], given["max_results"], use_cache=given["use_cache"])
    )


@PRODUCTS.route("/products/<product_id>")
@PRODUCTS.arguments(ShopRecordArgsSchema, location="query")
@PRODUCTS.response(200, ShopRecordSchema)
@PRODUCTS.errors(401, 404, 500, 503)
def show(given: dict[str, Any], product_id: str) -> Response:
    """Get a product

    With its variants, by its number. Answers are kept for 6 hours.
    """
    if not PRODUCT_ID.fullmatch(product_id):
        raise Unusable("product_id: is no product's number; it has 15 to 21 digits")
    return _response(shelf().products.product(product_id, use_cache=given["use_cache"]))


def _response(found: ShopAnswer) -> Response:
    """The document as it was kept, with what the cache says about it; nothing is read or written twice."""
    about = {"cached": found.cached, "cache_ttl": found.ttl_left_seconds, "stale": found.stale}
    body = b"%s,%s" % (found.document[:-1], orjson.dumps(about)[1:])
    return Response(body, mimetype="application/json")
