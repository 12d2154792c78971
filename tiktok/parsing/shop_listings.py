"""A listed product: the one object of searches, categories, stores and home feeds (facts of the shop, 4: L).

Seen: 2025-06 ID, 2025-08 US, 2026 GB. The key of the price before is missing without a discount, the shop's name
may be missing, the review count came as a string and as a number, the address in three forms.
"""

from __future__ import annotations

from urllib.parse import urljoin

from tiktok.items import Item, Product
from tiktok.parsing.shop_prices import lowest, money, read_offer
from tiktok.parsing.shop_products import offer_fields, standing
from tiktok.parsing.shop_sellers import parse_seller
from tiktok.parsing.shop_values import picture, pictures
from tiktok.parsing.values import Json, Object, digits, filled, mapping, objects, url
from tiktok.shop_targets import SHOP_SITE, product_url


def is_listed_product(row: Json) -> bool:
    """An id, and a name or a price."""
    listed = mapping(row)
    return "product_id" in listed and ("title" in listed or "product_price_info" in listed)


def parse_listed_product(row: Object) -> list[Item]:
    """Read a row: the product, then its seller."""
    product_id = digits(row.get("product_id"))
    if product_id is None:
        return []
    prices = mapping(row.get("product_price_info"))
    variants = objects(row.get("sku_info"))
    instead = lowest(money(mapping(each.get("PriceInfo")).get("sale_price_decimal")) for each in variants)
    rates = mapping(row.get("rate_info"))
    seller = parse_seller(mapping(row.get("seller_info")), {})
    first_picture = picture(row.get("image"))
    product = Product(
        id=product_id,
        url=_address(row) or product_url(product_id),
        title=filled(row.get("title")),
        image_urls=[first_picture] if first_picture else pictures(row.get("images")),
        seller_id=seller.id if seller else None,
        seller_name=seller.name if seller else None,
        **offer_fields(read_offer(prices, instead)),
        **standing(
            mapping(row.get("sold_info")).get("sold_count"), rates.get("review_count"), rates.get("score")
        ),
    )
    return [product, seller] if seller else [product]


def _address(row: Object) -> str | None:
    """The canonical address: absolute or below the host, in an object or bare."""
    told = row.get("seo_url")
    for value in (mapping(told).get("canonical_url"), told, row.get("seo_pdp_url")):
        if isinstance(value, str) and value:
            return url(urljoin(f"{SHOP_SITE}/", value))
    return None
