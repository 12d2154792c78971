"""Listing objects: a product as searches, categories, stores and feeds show it (facts §4, column L)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.addresses import canonical_url, product_path
from standin.wire.shop.money import decimal, mask_prices, price_block
from standin.wire.shop.pictures import product_picture, shop_logo
from standin.wire.templates import encode
from standin.world.shop.cast import Quirk
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.products import Product

_UPDATED = 1_790_000_000_000
HALF = ("single_product_price_decimal",)
"""The price that a half-masked product still tells."""


@lru_cache(maxsize=4096)
def listing_bytes(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> bytes:
    """Return a listing object, encoded: the same all day."""
    return encode(listing_object(product, catalogue, day, cdn))


def listing_object(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return a listing object."""
    offer, reception, sku = product.offers(day)[0], product.reception(day), product.skus[0]
    seller = catalogue.seller(product.seller)
    count = reception.reviews if product.quirk is Quirk.COUNT_AS_NUMBER else str(reception.reviews)
    listed: dict[str, Any] = {
        "product_id": product.id,
        "title": product.title,
        "image": product_picture(product, 0, cdn),
        "product_price_info": price_block(offer, sku.id, product.front),
        "rate_info": {"score": reception.score / 10, "review_count": count},
        "sold_info": {"sold_count": reception.sold},
        "seller_info": {
            "seller_id": seller.id,
            "shop_name": seller.name,
            "shop_logo": shop_logo(seller, cdn),
        },
        "seo_url": {
            "updated_at": str(_UPDATED + product.number),
            "canonical_url": canonical_url(product),
            "slug": product.slug,
            "type": 2,
            "version": 2,
        },
    }
    if product.front.code == "id":
        listed["seo_pdp_url"] = canonical_url(product)
    if product.front.code == "gb":
        price = {"sale_price_decimal": decimal(offer.sale, product.front)}
        listed["sku_info"] = [{"SkuId": sku.id, "PriceInfo": price}]
    if product.quirk is Quirk.NAMELESS_SHOP:
        del listed["seller_info"]["shop_name"]
    if product.quirk is Quirk.PLAIN_SEO:
        listed["seo_url"] = product_path(product)
    mask_as_usual(product, listed)
    return listed


def mask_as_usual(product: Product, shown: Any) -> None:
    """Mask the prices of a product that nobody is told the price of."""
    if product.quirk in (Quirk.MASKED, Quirk.HALF_MASKED):
        mask_prices(shown, spared=HALF if product.quirk is Quirk.HALF_MASKED else ())
