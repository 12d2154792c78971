"""Addresses of the shop (facts §2), and which ones the links inside its answers have."""

from __future__ import annotations

import re
from urllib.parse import quote

from standin.world.shop.categories import Category
from standin.world.shop.fronts import FRONT_CALLED, Storefront
from standin.world.shop.products import Product
from standin.world.shop.sellers import Seller

SHOP, WWW = "https://shop.tiktok.com", "https://www.tiktok.com"
TOKOPEDIA = "https://shop-id.tokopedia.com"
CODES = "|".join(FRONT_CALLED)
_SHOP_PATH = re.compile(rf"/(?:shop(?:/|$)|(?:{CODES})/(?:pdp|s|k|c|store)(?:/|$)|view/product/|pdp/)")


def is_shop_path(path: str) -> bool:
    """Tell whether a page belongs to the shop."""
    return _SHOP_PATH.match(path) is not None


def product_path(product: Product) -> str:
    """Return where a product lives on the shop's own host."""
    return f"/{product.front.code}/pdp/{quote(product.slug)}/{product.id}"


def canonical_url(product: Product) -> str:
    """Return what lists link to: of each form that was seen, some."""
    if product.front.code == "id":
        return f"{TOKOPEDIA}/pdp/{quote(product.slug)}/{product.id}"
    if product.front.code == "us" and product.number % 3 == 0:
        return f"{WWW}/shop/pdp/{quote(product.slug)}/{product.id}"
    path = product_path(product)
    return path if product.number % 3 == 1 else f"{SHOP}{path}"


def store_url(seller: Seller) -> str:
    """Return where a store lives."""
    return f"{SHOP}/{seller.front.code}/store/{quote(seller.slug)}/{seller.id}"


def category_url(front: Storefront, category: Category) -> str:
    """Return where a category lives."""
    return f"{SHOP}/{front.code}/c/{quote(category.slug)}/{category.id}"
