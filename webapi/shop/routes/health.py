"""`/api/v1/tiktok/api/health`: whether TikTok Shop can be asked now."""

from __future__ import annotations

from typing import Any

from webapi import current
from webapi.limits.groups import SHOP
from webapi.shop.errors import ShopBlueprint
from webapi.shop.schemas import ShopHealthSchema
from webapi.shop.shelf import shelf

HEALTH = ShopBlueprint(
    "shop health", __name__, url_prefix="/api/v1/tiktok/api", limits=SHOP, description="How the shop is"
)


@HEALTH.route("/health")
@HEALTH.response(200, ShopHealthSchema)
@HEALTH.alt_response(503, schema=ShopHealthSchema, description="Degraded, or no answers at all")
@HEALTH.errors(401, 500)
def health() -> Any:
    """Check the shop's health

    TikTok is asked, at most twice in half a minute. 503 as soon as it takes more than plain requests.
    """
    found = shelf().health.check(current.now())
    return (found, 200) if found.status == "healthy" else (ShopHealthSchema().dump(found), 503)
