"""A product's own page: three shapes of one record, and the older frame around them (facts of the shop, 4).

Seen: 2025-07 US (shape A: `product_base`), 2026-09 US (shape B: `product_model`, numbers as strings), 2026 MY (B's
prices: a first order's 0.01 against a price of 11.88); shape C (flattened) as two peers read it in VN and TH, 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok.items import Item, Product, Sku
from tiktok.parsing.shop_prices import Offer, first_money, lowest, money, read_early_offer, read_offer
from tiktok.parsing.shop_sellers import parse_seller
from tiktok.parsing.shop_values import pictures, plain_text, region_code, score
from tiktok.parsing.values import Json, Object, count, digits, filled, first, integer, mapping, objects

BOTH = frozenset(Product.counters)
SELLABLE = 1
"""The one status of a variant whose meaning is known."""


def parse_product(component: Object) -> list[Item]:
    """Read what the page's product component holds: the product and its seller; nothing where its id is missing."""
    record = mapping(component.get("product_info"))
    if isinstance(record.get("product_model"), dict):
        product = _current(record, component)
    elif isinstance(record.get("product_base"), dict):
        product = _early(record, record["product_base"])
    else:
        product = _flat(record)
    if product is None:
        return []
    _complete(product, component)
    seller = parse_seller(
        mapping(record.get("seller_model")) or mapping(record.get("seller")),
        mapping(component.get("shop_info")),
        seller_id=product.seller_id,
    )
    if seller:
        product.seller_name = seller.name
        seller.region = seller.region or product.region
    return [product, seller] if seller else [product]


def _current(record: Object, component: Object) -> Product | None:
    """Shape B."""
    model = mapping(record.get("product_model"))
    product_id = digits(model.get("product_id"))
    if product_id is None:
        return None
    prices = mapping(mapping(record.get("promotion_model")).get("promotion_product_price"))
    by_sku = mapping(prices.get("skus_price"))
    skus = [sku for raw in objects(model.get("skus")) if (sku := _current_sku(raw, by_sku))]
    cheapest = mapping(prices.get("min_price"))
    same = mapping(by_sku.get(str(cheapest.get("sku_id"))))
    instead = money(same.get("sale_price_decimal")) or lowest(sku.price for sku in skus)
    reviews = mapping(record.get("review_model"))
    beside = mapping(mapping(component.get("review_info")).get("review_ratings"))
    reason = integer(mapping(record.get("availability_model")).get("reason"))
    return Product(
        id=product_id,
        title=filled(model.get("name")),
        description=plain_text(model.get("description")),
        image_urls=pictures(model.get("images")),
        skus=skus,
        seller_id=digits(model.get("seller_id")),
        is_available=None if reason is None else reason == 0,
        **offer_fields(read_offer(cheapest, instead)),
        **standing(
            model.get("sold_count"),
            reviews.get("product_review_count", beside.get("review_count")),
            reviews.get("product_overall_score", beside.get("overall_score")),
        ),
    )


def _early(record: Object, base: Object) -> Product | None:
    """Shape A."""
    product_id = digits(record.get("product_id"))
    if product_id is None:
        return None
    skus = [sku for raw in objects(record.get("skus")) if (sku := _early_sku(raw))]
    reviews = mapping(record.get("product_detail_review"))
    return Product(
        id=product_id,
        title=filled(base.get("title")),
        description=plain_text(base.get("desc_detail")),
        image_urls=pictures(base.get("images")),
        skus=skus,
        seller_id=digits(mapping(record.get("seller")).get("seller_id")) or digits(record.get("seller_id")),
        **offer_fields(read_early_offer(mapping(base.get("price")), lowest(sku.price for sku in skus))),
        **standing(base.get("sold_count"), reviews.get("review_count"), reviews.get("product_rating")),
    )


def _flat(record: Object) -> Product | None:
    """Shape C: A's words on one level, with B's prices among the variants."""
    product_id = digits(record.get("product_id"))
    if product_id is None or not isinstance(record.get("title"), str):
        return None
    skus = [sku for raw in objects(record.get("skus")) if (sku := _early_sku(raw))]
    prices = mapping(record.get("price"))
    instead = lowest(sku.price for sku in skus)
    is_new = "sale_price_decimal" in prices
    reviews = mapping(record.get("product_detail_review")) or mapping(record.get("review_model"))
    return Product(
        id=product_id,
        title=filled(record.get("title")),
        description=plain_text(record.get("desc_blocks")),
        image_urls=pictures(record.get("images")),
        skus=skus,
        seller_id=digits(mapping(record.get("seller")).get("seller_id")) or digits(record.get("seller_id")),
        **offer_fields(read_offer(prices, instead) if is_new else read_early_offer(prices, instead)),
        **standing(
            record.get("sold_count"),
            reviews.get("review_count", reviews.get("product_review_count")),
            reviews.get("product_rating", reviews.get("product_overall_score")),
        ),
    )


def _current_sku(raw: Object, by_sku: Object) -> Sku | None:
    sku_id = digits(raw.get("sku_id"))
    if sku_id is None:
        return None
    stock = count(mapping(raw.get("sku_quantity")).get("available_quantity"))
    return _sku(
        sku_id,
        dict(_pairs(raw.get("property_pairs"), "sku_property_name", "sku_property_value_name")),
        read_offer(mapping(by_sku.get(sku_id))),
        stock,
        raw.get("sku_status"),
    )


def _early_sku(raw: Object) -> Sku | None:
    sku_id = digits(raw.get("sku_id"))
    if sku_id is None:
        return None
    prices = mapping(raw.get("price"))
    price = first_money(mapping(prices.get("real_price")).get("price_val"), prices.get("sale_price_decimal"))
    before = first_money(prices.get("original_price_value"), prices.get("origin_price_decimal"))
    return _sku(
        sku_id,
        dict(_pairs(raw.get("sku_sale_props"), "prop_name", "prop_value")),
        Offer.of(price, None, before, None),
        count(raw.get("stock")),
        raw.get("status"),
    )


def _sku(sku_id: str, properties: dict[str, str], offer: Offer, stock: int | None, status: Json) -> Sku:
    is_sellable = True if integer(status) == SELLABLE else None
    return Sku(
        id=sku_id,
        properties=properties,
        price=offer.price,
        original_price=offer.original_price,
        stock=stock,
        is_available=False if stock == 0 else is_sellable,
    )


def _pairs(properties: Json, name: str, value: str) -> Iterator[tuple[str, str]]:
    for each in objects(properties):
        known, shown = filled(each.get(name)), filled(each.get(value))
        if known and shown:
            yield known, shown


def offer_fields(offer: Offer) -> dict[str, Any]:
    """An offer as keyword arguments of an item."""
    return {
        "price": offer.price,
        "currency": offer.currency,
        "original_price": offer.original_price,
        "discount": offer.discount,
    }


def standing(sold: Json, reviews: Json, stars: Json) -> dict[str, Any]:
    """How a product does, as keyword arguments of an item: sold, reviewed, rated."""
    sales_count, review_count = count(sold), count(reviews)
    return {
        "sales_count": sales_count,
        "review_count": review_count,
        "rating": None if review_count == 0 else score(stars),
        "exact_counters": told_counters(sales_count, review_count),
    }


def told_counters(sales_count: int | None, review_count: int | None) -> frozenset[str]:
    """Names of the counters that are told: all of the shop's are exact."""
    if sales_count is not None and review_count is not None:
        return BOTH
    told = {"sales_count": sales_count, "review_count": review_count}
    return frozenset(name for name, value in told.items() if value is not None)


def _complete(product: Product, component: Object) -> None:
    """Add what stands beside the record."""
    product.region = region_code(component.get("sale_region"))
    if product.currency is None:
        product.currency = next(_currencies(mapping(component.get("product_info"))), None)
    path = _category_path(component)
    names = [
        name for each in path if (name := first(each.get("category_name"), each.get("category_name_en")))
    ]
    product.categories = names
    product.category_id = next(
        (known for each in reversed(path) if (known := digits(each.get("category_id")))), None
    )


def _currencies(record: Object) -> Iterator[str]:
    """A masked price still has its currency; where a variant alone tells it, that is the product's."""
    for sku in objects(record.get("skus")):
        prices = mapping(sku.get("price"))
        for holder in (prices, mapping(prices.get("real_price"))):
            currency = first(holder.get("currency"), holder.get("currency_name"))
            if currency:
                yield currency


def _category_path(component: Object) -> list[Object]:
    recommended = mapping(component.get("category_info")).get("recommended_categories")
    path = objects(component.get("categories")) or objects(recommended)
    return sorted(path, key=lambda each: integer(each.get("level")) or 0)
