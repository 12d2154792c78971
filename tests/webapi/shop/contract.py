"""The document of this family as tables: endpoints, fields with their types, parameters with their bounds, codes."""

from __future__ import annotations

from typing import Any

from tests.webapi.checks import (
    Check,
    boolean,
    each,
    having,
    integer,
    moment,
    nullable,
    number,
    text,
)

BASE = "/api/v1/tiktok/api"

PRODUCT: dict[str, Check] = {
    "id": text, "title": text, "price": number, "original_price": number, "discount": text, "image_url": text,
    "product_url": text, "shop_name": text, "sales_count": integer, "rating": number, "source": text,
}  # fmt: skip
PRODUCTS: dict[str, Check] = {
    "products": each(having(**PRODUCT)), "total": integer, "cached": boolean, "cache_ttl": nullable(integer),
    "scraper_type": lambda value: value in ("api", "browser", "static"),
}  # fmt: skip
STATS: dict[str, Check] = {
    "total_keys": integer, "hits": integer, "misses": integer, "hit_rate": number, "trending_cached": boolean,
    "search_queries_cached": integer, "memory_used_mb": number,
}  # fmt: skip

HEALTH: dict[str, Check] = {
    "status": lambda value: value in ("healthy", "degraded", "error"), "api_accessible": boolean,
    "cookies_valid": boolean, "cookie_expires": nullable(moment), "endpoints_tested": each(text),
    "response_time_ms": number,
}  # fmt: skip

ENDPOINTS: dict[str, dict[str, Check]] = {
    f"{BASE}/health": HEALTH,
    f"{BASE}/search?q=iphone+case": PRODUCTS,
    f"{BASE}/trending": PRODUCTS,
    f"{BASE}/cache/stats": STATS,
}
"""GET → fields of its answer."""

ERROR: dict[str, Check] = {"detail": text, "error_code": text, "timestamp": moment}

DEFAULT_RESULTS = 20
GOOD: dict[str, list[dict[str, Any]]] = {
    "/search": [
        {"q": "ab"}, {"q": "x" * 200}, {"q": "  ab  "}, {"q": "手机"}, {"q": "ab", "max_results": 1},
        {"q": "ab", "max_results": 100}, {"q": "ab", "use_cache": "false"}, {"q": "ab", "use_cache": "true"},
    ],
    "/trending": [
        {}, {"category": "electronics"}, {"category": "601152"}, {"max_results": 1}, {"max_results": 50},
        {"use_cache": "false"},
    ],
}  # fmt: skip
BAD: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "/search": [
        ("q", {}), ("q", {"q": ""}), ("q", {"q": "a"}), ("q", {"q": "  a "}), ("q", {"q": "x" * 201}),
        ("max_results", {"q": "ab", "max_results": 0}), ("max_results", {"q": "ab", "max_results": 101}),
        ("max_results", {"q": "ab", "max_results": "many"}), ("use_cache", {"q": "ab", "use_cache": "perhaps"}),
        ("limit", {"q": "ab", "limit": 5}),
    ],
    "/trending": [
        ("max_results", {"max_results": 0}), ("max_results", {"max_results": 51}), ("category", {"category": " "}),
        ("category", {"category": "x" * 101}), ("use_cache", {"use_cache": "2"}), ("q", {"q": "ab"}),
    ],
}  # fmt: skip
"""Path → the field that is to blame, and the query."""

BAD_CLEARS: list[dict[str, Any]] = [
    {}, {"all": "false"}, {"all": "true", "pattern": "search:*"}, {"pattern": ""}, {"all": "perhaps"},
]  # fmt: skip
