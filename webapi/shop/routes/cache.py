"""`/api/v1/tiktok/api/cache`: how the cache does, and clearing it."""

from __future__ import annotations

from typing import Any

from webapi import current
from webapi.limits.groups import SHOP
from webapi.services.plans import require_paid_plan
from webapi.services.shop_products import SEARCH, TRENDING
from webapi.shop.errors import ShopBlueprint
from webapi.shop.schemas import ShopClearArgsSchema, ShopDoneSchema, ShopStatsSchema
from webapi.shop.shelf import shelf

CACHE = ShopBlueprint(
    "shop cache", __name__, url_prefix="/api/v1/tiktok/api/cache", limits=SHOP, description="The shop's cache"
)
MEGABYTE = 1_000_000


@CACHE.route("/stats")
@CACHE.response(200, ShopStatsSchema)
@CACHE.errors(401, 500)
def stats() -> dict[str, Any]:
    """Get cache statistics

    Exact at this moment, over all processes.
    """
    cache = shelf().products.cache
    figures = cache.stats()
    return {
        "total_keys": figures.keys,
        "hits": figures.hits,
        "misses": figures.misses,
        "hit_rate": round(100 * figures.hit_rate, 1),
        "trending_cached": cache.count(f"{TRENDING}:*") > 0,
        "search_queries_cached": cache.count(f"{SEARCH}:*"),
        "memory_used_mb": round(figures.memory_bytes / MEGABYTE, 3),
    }


@CACHE.route("/clear", methods=["POST"])
@CACHE.arguments(ShopClearArgsSchema, location="query")
@CACHE.response(200, ShopDoneSchema)
@CACHE.errors(401, 403, 500)
def clear(given: dict[str, Any]) -> dict[str, Any]:
    """Clear the cache

    All of it, or the keys that a pattern matches. Part of the plans Pro and Enterprise.
    """
    require_paid_plan(current.client())
    cache = shelf().products.cache
    removed = cache.clear_all() if given["all"] else cache.clear(given["pattern"])
    return {"status": "success", "message": f"Cache limpo: {removed} chaves removidas"}
