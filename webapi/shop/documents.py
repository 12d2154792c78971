"""What the live service found, in the words of this family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tiktok.lookups import Question
from tiktok.verdicts import Verdict
from webapi.extensions.json import written
from webapi.services.live import LiveAnswer
from webapi.services.shop_products import SAMPLES

API, BROWSER, STATIC = "api", "browser", "static"
TIERS = {"browser": BROWSER, SAMPLES: STATIC}
"""Route that answered → tier; all others are plain requests."""
SOURCES = {API: "tiktok_api", BROWSER: "tiktok_browser", STATIC: "curated"}


def tier_of(route: str | None) -> str:
    """Which of the three tiers a route belongs to."""
    return TIERS.get(route or "", API)


def answer_document(question: Question, answer: LiveAnswer) -> dict[str, Any]:
    """What is told of an answer, but for what the cache says about it."""
    return products_document(answer) if question.lookup.is_list else record_document(answer)


def record_document(answer: LiveAnswer) -> dict[str, Any]:
    """The answer about one product."""
    tier = tier_of(answer.route)
    found = [detailed_document(item, tier) for item in answer.items if item["type"] == "product"]
    return {
        "product": found[0] if found else None,
        "scraper_type": tier,
        "fetched_at": written(answer.fetched_at),
    }


def detailed_document(item: Mapping[str, Any], tier: str) -> dict[str, Any]:
    """One product with all that only its page tells."""
    return product_document(item, tier) | {
        "description": item.get("description"),
        "categories": item.get("categories") or [],
        "image_urls": item.get("image_urls") or [],
        "is_available": item.get("is_available"),
        "variants": [
            {
                "id": sku["id"],
                "properties": sku.get("properties") or {},
                "price": _number(sku.get("price")),
                "original_price": _number(sku.get("original_price")),
                "stock": sku.get("stock"),
                "is_available": sku.get("is_available"),
            }
            for sku in item.get("skus") or []
        ],
    }


def products_document(answer: LiveAnswer) -> dict[str, Any]:
    """The answer of a search or of trending."""
    tier, is_good = tier_of(answer.route), answer.outcome in (Verdict.OK, Verdict.EMPTY)
    why = answer.list.truncated if answer.list else None
    products = [product_document(item, tier) for item in answer.items if item["type"] == "product"]
    return {
        "products": products,
        "total": len(products),
        "scraper_type": tier,
        "complete": is_good and answer.list is not None and answer.list.complete,
        "truncated": why if is_good else why or f"{answer.outcome}: {answer.reason}",
        "fetched_at": written(answer.fetched_at),
    }


def product_document(item: Mapping[str, Any], tier: str) -> dict[str, Any]:
    """One product; what TikTok did not tell, or masked, is null. A list may be walked over several routes."""
    if route := item.get("route"):
        tier = tier_of(route)
    discount, images = item.get("discount"), item.get("image_urls")
    return {
        "id": item["id"],
        "title": item.get("title"),
        "price": _number(item.get("price")),
        "original_price": _number(item.get("original_price")),
        "currency": item.get("currency"),
        "discount": None if discount is None else f"{discount}% OFF",
        "image_url": images[0] if images else None,
        "product_url": item.get("url"),
        "shop_name": item.get("seller_name"),
        "seller_id": item.get("seller_id"),
        "sales_count": item.get("sales_count"),
        "rating": item.get("rating"),
        "review_count": item.get("review_count"),
        "source": SOURCES[tier],
    }


def _number(amount: Any) -> float | None:
    """An amount as a JSON number; it comes as a decimal text, to its last digit."""
    return None if amount is None else float(amount)
