"""Reviews: the first ones of a product, in the manner of pages of shape A and B."""

from __future__ import annotations

from typing import Any

from standin.dice import draw, pick
from standin.world.ids import Space, make_id
from standin.world.shop.products import Product
from standin.world.shop.words import REVIEWS
from standin.world.texts import FIRST_NAMES

_FIRST = 1_780_000_000
A_PAGE = 20


def review_rows(product: Product, day: int, first: int = 0, count: int = A_PAGE) -> list[dict[str, Any]]:
    """Return reviews from a place on, as shape B and the reviews' own endpoint write them."""
    stop = min(first + count, product.reception(day).reviews)
    return [_row(product, number) for number in range(first, stop)]


def review_items(product: Product, day: int) -> list[dict[str, Any]]:
    """Return the first reviews as shape A writes them."""
    return [_item(row) for row in review_rows(product, day)]


def _row(product: Product, number: int) -> dict[str, Any]:
    words = draw(product.seed, "review", product.number, number)
    sku = pick(product.skus, words[0])
    written = _FIRST + words[1] % 10_000_000
    return {
        "review_id": make_id(Space.COMMENT, written, number),
        "review_rating": 3 + words[2] % 3,
        "review_text": pick(REVIEWS, words[3]),
        "review_time": str(written * 1_000),
        "review_country": product.front.region,
        "review_images": [],
        "display_image_url": "",
        "is_incentivized_review": False,
        "is_verified_purchase": True,
        "product_id": product.id,
        "product_name": product.title,
        "sku_id": sku.id,
        "sku_specification": f"{sku.colour}, {sku.size}",
        "reviewer_id": make_id(Space.ACCOUNT, written, number),
        "reviewer_name": f"{pick(FIRST_NAMES, words[4])[0]}**{words[5] % 10}",
        "reviewer_avatar_url": "",
    }


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "review": {
            "review_id": row["review_id"],
            "rating": row["review_rating"],
            "display_text": row["review_text"],
            "images": [],
            "review_timestamp": row["review_time"],
            "has_origin_text": True,
            "display_review_text": [{"text_type": 1, "plain_text": row["review_text"]}],
            "media": [],
            "review_timestamp_fmt": "October 1, 2026",
            "main_review_title": "",
        },
        "sku_id": row["sku_id"],
        "sku_specification": f"Item: {row['sku_specification']}",
        "review_user": {"name": row["reviewer_name"], "avatar": {"url_list": [""]}, "link": ""},
        "is_owner": False,
        "is_anonymous": True,
        "review_source_type": 0,
        "review_source_name": "Purchased on TikTok",
        "link": "",
        "is_updated": False,
    }
