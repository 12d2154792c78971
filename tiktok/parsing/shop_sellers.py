"""Sellers: who sells a product, and a shop's own facts (`shop_info`).

Seen: 2025-07 (`seller` of a product page), 2025-08 and 2026-09 (`shop_info`), 2025-06 to 2026 (`seller_info` of
listed products, whose name may be missing).
"""

from __future__ import annotations

from tiktok.items import Seller
from tiktok.parsing.shop_values import region_code, score
from tiktok.parsing.values import Json, Object, count, digits, filled, first, mapping, url, urls


def parse_seller(seller: Object, shop: Object, *, seller_id: Json = None) -> Seller | None:
    """Read a seller from what a page says about it (`seller`, `seller_model`, `seller_info`) and about its shop."""
    known = digits(seller_id) or digits(seller.get("seller_id")) or digits(shop.get("seller_id"))
    if known is None:
        return None
    reviews = count(shop.get("review_count"))
    return Seller(
        id=known,
        name=first(shop.get("shop_name"), seller.get("shop_name"), seller.get("name")),
        url=url(first(shop.get("shop_link"), seller.get("shop_link"))),
        bio=filled(shop.get("shop_slogan")),
        avatar_url=_logo(shop) or _logo(seller),
        location=filled(seller.get("seller_location")),
        region=region_code(shop.get("region")),
        rating=None if reviews == 0 else score(shop.get("shop_rating")),
        followers=count(shop.get("followers_count")),
        sales_count=count(shop.get("sold_count")),
        review_count=reviews,
        total_products=_first_count(shop.get("on_sell_product_count"), seller.get("product_count")),
        total_videos=count(shop.get("video_count")),
    )


def _first_count(*values: Json) -> int | None:
    return next((number for number in map(count, values) if number is not None), None)


def _logo(shop: Object) -> str | None:
    for name in ("shop_logo", "avatar"):
        links = urls(mapping(shop.get(name)).get("url_list"))
        if links:
            return links[0]
    return None
