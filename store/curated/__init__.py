"""Sample products that come with this program, for whoever wants to see an answer where TikTok refuses one.

All of it is invented. The ids lie below any of TikTok's, the addresses lead nowhere, and the route of every product is
`curated`. They are never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from tiktok.items import Product
from tiktok.routes import Route
from tiktok.shop_targets import category_of
from tiktok.targets import Target, TargetKind

FILE = Path(__file__).with_name("products.json")
AMOUNTS = ("price", "original_price")


def curated_products(target: Target, most: int | None = None) -> list[Product]:
    """Samples that fit a list of the shop, most sold first; none where nothing fits."""
    found = [product for product in _products() if _fits(product, target)]
    return sorted(found, key=lambda product: -(product.sales_count or 0))[:most]


def _fits(product: Product, target: Target) -> bool:
    """Every word of a search must be in the title or the categories; a category must be one of them."""
    if number := category_of(target):
        return product.category_id == number
    if target.kind is TargetKind.SHOP_TRENDING and target.word == "home":
        return True
    if target.kind not in (TargetKind.SHOP_SEARCH, TargetKind.SHOP_TRENDING):
        return False
    words = " ".join([product.title or "", *product.categories]).casefold()
    return all(word in words for word in target.word.casefold().split())


def _products() -> Iterable[Product]:
    """Fresh copies: whoever gets one may note on it when it was told."""
    return (_product(record) for record in _records())


@cache
def _records() -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = orjson.loads(FILE.read_bytes())
    return records


def _product(record: dict[str, Any]) -> Product:
    amounts = {name: Decimal(record[name]) for name in AMOUNTS if name in record}
    counted = {name for name in Product.counters if name in record}
    return Product(**{**record, **amounts}, exact_counters=frozenset(counted), route=Route.CURATED)
