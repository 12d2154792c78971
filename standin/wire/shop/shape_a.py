"""Shape A of a product page: `product_base`, `skus`, `product_detail_review` (captured in 2025)."""

from __future__ import annotations

from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.description import description_text, specifications
from standin.wire.shop.money import decimal, with_symbol, written
from standin.wire.shop.pictures import product_picture, shop_logo
from standin.wire.shop.reviews import review_items
from standin.wire.templates import encode
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.lists import in_store
from standin.world.shop.products import Offer, Product, Sku

_COLOUR, _SIZE = ("100000", "Color"), ("100007", "Size")


def shape_a(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return `product_info`, and the store's performance beside it."""
    seller = catalogue.seller(product.seller)
    performance = [
        {"score_percentile": 40 + word % 60, "type": kind}
        for kind, word in enumerate(seller.words[6:10], start=1)
    ]
    return {
        "error_message": "",
        "sale_region": product.front.region,
        "product_info": product_info(product, catalogue, day, cdn),
        "shop_performance": performance,
    }


def product_info(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return a product in shape A; Indonesia's pages and endpoints have nothing around it."""
    reception = product.reception(day)
    seller = catalogue.seller(product.seller)
    offers = product.offers(day)
    return {
        "product_id": product.id,
        "status": 1,
        "seller": {
            "seller_id": seller.id,
            "name": seller.name,
            "avatar": shop_logo(seller, cdn),
            "product_count": len(in_store(catalogue, seller, day)),
            "link": "",
            "status": 2,
            "seller_location": seller.front.region,
            "shop_recommend": {"is_recommend": False},
            "is_hide": False,
        },
        "product_base": {
            "title": product.title,
            "desc_detail": description_text(product, cdn),
            "images": [product_picture(product, number, cdn) for number in range(product.pictures)],
            "specifications": specifications(product),
            "sold_count": reception.sold,
            "price": price_texts(product, offers),
        },
        "sale_props": _sale_props(product),
        "skus": [_sku(product, sku, offer) for sku, offer in zip(product.skus, offers, strict=True)],
        "product_detail_review": {
            "product_rating": reception.score / 10,
            "review_count": reception.reviews,
            "review_items": review_items(product, day),
            "review_count_str": _short(reception.reviews),
            "review_count_str_v2": f"{reception.reviews:,}",
        },
        "seller_id": seller.id,
        "platform": 5,
        "source": "TikTok Shop",
        "source_from": 3,
        "default_sku_id": product.skus[0].id,
        "is_platform_product": False,
        "biz_type": 0,
    }


def price_texts(product: Product, offers: tuple[Offer, ...]) -> dict[str, Any]:
    """Return `price`: where it is a range, `original_price` and `discount` say nothing."""
    front, low, high = product.front, offers[0], offers[-1]
    text = with_symbol(low.sale, front)
    prices = {
        "original_price": with_symbol(low.origin, front) if low.origin else "",
        "real_price": text,
        "discount": f"-{low.percent}%" if low.origin else "",
        "need_icon": False,
        "is_interval_price": product.is_range,
        "show_hot_zone": False,
        "min_sku_price": decimal(low.sale, front),
        "max_sku_price": decimal(high.sale, front),
        "currency": front.currency,
        "min_sku_original_price": decimal(low.origin or low.sale, front),
        "max_sku_original_price": decimal(high.origin or high.sale, front),
        "panel_schema": "",
        "currency_symbol": front.symbol,
        "symbol_position": 1,
        "da_info": encode(
            {
                "price_show_tag": "range" if product.is_range else "single",
                "discount_percentage": str(low.percent),
            }
        ).decode(),
    }
    if product.is_range:
        prices |= {
            "original_price": "",
            "discount": "",
            "real_price": f"{text} - {written(high.sale, front)}",
        }
    return prices


def _sku(product: Product, sku: Sku, offer: Offer) -> dict[str, Any]:
    front = product.front
    return {
        "sku_id": sku.id,
        "sku_sale_props": [
            {"prop_id": prop_id, "prop_name": name, "prop_value_id": _value_id(value), "prop_value": value}
            for (prop_id, name), value in ((_COLOUR, sku.colour), (_SIZE, sku.size))
        ],
        "sale_prop_value_ids": f"{_value_id(sku.colour)}_{_value_id(sku.size)}",
        "stock": sku.stock,
        "purchase_limit": 20,
        "price": {
            "real_price": {
                "price_str": with_symbol(offer.sale, front),
                "price_val": decimal(offer.sale, front),
                "currency": front.currency,
            },
            "original_price": with_symbol(offer.origin, front) if offer.origin else "",
            "discount": f"-{offer.percent}%" if offer.origin else "",
            "original_price_value": decimal(offer.origin or offer.sale, front),
        },
        "need_icon": False,
        "warehouse_id": "7281219300000000000",
        "minimum_buy_quantity": 0,
        "status": sku.status,
    }


def _sale_props(product: Product) -> list[dict[str, Any]]:
    colours = list(dict.fromkeys(sku.colour for sku in product.skus))
    sizes = list(dict.fromkeys(sku.size for sku in product.skus))
    return [
        {
            "prop_id": prop_id,
            "prop_name": name,
            "has_image": False,
            "sale_prop_values": [
                {"prop_value_id": _value_id(value), "prop_value": value} for value in values
            ],
        }
        for (prop_id, name), values in ((_COLOUR, colours), (_SIZE, sizes))
    ]


def _value_id(value: str) -> str:
    """Return the id of a property's value."""
    return str(7_000_000_000_000_000_000 + int.from_bytes(value.encode()[:6], "big"))


def _short(count: int) -> str:
    """Return a count as `review_count_str` rounds it: `2.9k`."""
    return f"{count / 1_000:.1f}k" if count >= 1_000 else str(count)  # a thousand
