"""A listed product: the one object of searches, categories, stores and home feeds (facts of the shop, 4: L).

Seen: 2025-06 ID, 2025-08 US, 2026 GB. The key of the price before is missing without a discount, the shop's name
may be missing, the review count came as a string and as a number, the address in three forms.
"""

from __future__ import annotations

from tiktok.items import Item, Product, Seller
from tiktok.parsing.shop_prices import Offer, lowest, money, read_offer
from tiktok.parsing.shop_products import told_counters
from tiktok.parsing.shop_values import picture, score
from tiktok.parsing.values import Json, Object, count, digits, filled, mapping, objects, url
from tiktok.shop_targets import SHOP_SITE, product_url


def is_listed_product(row: Json) -> bool:
    """An id, and a name or a price."""
    listed = mapping(row)
    return "product_id" in listed and ("title" in listed or "product_price_info" in listed)


class ListReader:
    """Reads the products of one page, and each seller that comes along once."""

    def __init__(self) -> None:
        self._sellers: set[str] = set()

    def read(self, row: Object) -> list[Item]:
        """Read the next product, and its seller when the rows before did not bring it."""
        product_id = digits(row.get("product_id"))
        if product_id is None:
            return []
        offer = _offer(row)
        rates, selling = mapping(row.get("rate_info")), mapping(row.get("seller_info"))
        sales_count = count(mapping(row.get("sold_info")).get("sold_count"))
        review_count = count(rates.get("review_count"))
        first_picture = picture(row.get("image"))
        seller_id, seller_name = digits(selling.get("seller_id")), filled(selling.get("shop_name"))
        product = Product(
            id=product_id,
            url=_address(row) or product_url(product_id),
            title=filled(row.get("title")),
            price=offer.price,
            currency=offer.currency,
            original_price=offer.original_price,
            discount=offer.discount,
            sales_count=sales_count,
            review_count=review_count,
            exact_counters=told_counters(sales_count, review_count),
            rating=None if review_count == 0 else score(rates.get("score")),
            seller_id=seller_id,
            seller_name=seller_name,
            image_urls=[first_picture] if first_picture else [],
        )
        if seller_id is None or seller_id in self._sellers:
            return [product]
        self._sellers.add(seller_id)
        return [product, Seller(id=seller_id, name=seller_name, avatar_url=picture(selling.get("shop_logo")))]


def _offer(row: Object) -> Offer:
    prices, variants = mapping(row.get("product_price_info")), objects(row.get("sku_info"))
    if not variants:
        return read_offer(prices)
    amounts = (money(mapping(each.get("PriceInfo")).get("sale_price_decimal")) for each in variants)
    return read_offer(prices, lowest(amounts))


def _address(row: Object) -> str | None:
    """The canonical address: absolute or below the host, in an object or bare."""
    told = row.get("seo_url")
    for value in (mapping(told).get("canonical_url"), told, row.get("seo_pdp_url")):
        if isinstance(value, str) and value:
            if value.startswith("/") and not value.startswith("//"):
                return f"{SHOP_SITE}{value}"
            return url(value)
    return None
