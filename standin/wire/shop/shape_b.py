"""Shape B of a product page: `product_model`, `promotion_model`, `review_model`, `seller_model` (captured in 2026)."""

from __future__ import annotations

from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.description import description_text, specifications
from standin.wire.shop.money import price_block, written
from standin.wire.shop.pictures import product_picture, shop_logo
from standin.wire.shop.reviews import review_rows
from standin.wire.shop.stores import shop_info
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.products import Offer, Product, Sku

_REVIEWS_SHOWN = 3
_STARS = 5


def shape_b(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return `product_info` with its models, and reviews and store beside it."""
    reception = product.reception(day)
    seller = catalogue.seller(product.seller)
    count = str(reception.reviews)
    rows = review_rows(product, day, count=_REVIEWS_SHOWN)
    stars = {
        str(star): str(reception.reviews if star == reception.score // 10 else 0)
        for star in range(1, _STARS + 1)
    }
    return {
        "benefit_info": [],
        "error_message": "success",
        "product_info": {
            "availability_model": {"reason": 0},
            "base_resp": {"StatusCode": 0, "StatusMessage": "success"},
            "logistic_model": {"pkg_of_service": {}},
            "product_model": _product_model(product, seller.id, reception.sold, cdn),
            "promotion_model": {
                "promotion_logistic_list": [],
                "promotion_product_price": _prices(product, day),
                "reserve_stock_map": {},
            },
            "review_model": {"product_overall_score": reception.score / 10, "product_review_count": count},
            "safety_model": {"business_compliance_info": {}, "legit_warnings": []},
            "seller_model": {"shop_logo": shop_logo(seller, cdn), "shop_name": seller.name},
        },
        "promotion_tag": {"placement_labels": {}},
        "review_info": {
            "has_more": reception.reviews > len(rows),
            "product_reviews": rows,
            "review_ratings": {
                "overall_score": reception.score / 10, "rating_result": stars, "review_count": count
            },
            "total_reviews": count,
        },
        "shop_info": shop_info(seller, catalogue, day, cdn),
    }  # fmt: skip


def _product_model(product: Product, seller_id: str, sold: int, cdn: Cdn) -> dict[str, Any]:
    return {
        "biz_type": 2,
        "description": description_text(product, cdn),
        "images": [product_picture(product, number, cdn) for number in range(product.pictures)],
        "name": product.title,
        "product_id": product.id,
        "product_properties": [
            {
                "has_image": False,
                "property_id": str(100_111 + number),
                "property_name": row["name"],
                "property_values": [
                    {"property_value_id": str(100_200 + number), "property_value_name": row["value"]}
                ],
            }
            for number, row in enumerate(specifications(product))
        ],
        "sale_properties": [],
        "seller_id": seller_id,
        "skus": [_sku(sku) for sku in product.skus],
        "sold_count": str(sold),
        "videos": {},
    }


def _sku(sku: Sku) -> dict[str, Any]:
    pairs = (("100000", "Color", sku.colour), ("100007", "Size", sku.size))
    return {
        "sku_id": sku.id,
        "sku_name": f"S{sku.id[-10:]}",
        "sku_quantity": {"available_quantity": sku.stock, "warehouse_id": "7633417941800000000"},
        "sku_status": sku.status,
        "sku_stock_status": int(sku.stock > 0),
        "property_pairs": [
            {
                "sku_property_id": property_id,
                "sku_property_name": name,
                "sku_property_value_id": f"10{sum(value.encode())}",
                "sku_property_value_name": value,
            }
            for property_id, name, value in pairs
        ],
        "is_pre_order": False,
        "sale_modes": [7],
    }


def _prices(product: Product, day: int) -> dict[str, Any]:
    offers = product.offers(day)
    blocks = [_block(product, sku, offer) for sku, offer in zip(product.skus, offers, strict=True)]
    prices: dict[str, Any] = {
        "feature": [],
        "min_price": blocks[0],
        "skus_price": {block["sku_id"]: dict(block) for block in blocks},
    }
    if product.is_range:
        prices["range_price"] = _range(product, offers)
    return prices


def _block(product: Product, sku: Sku, offer: Offer) -> dict[str, Any]:
    block = price_block(offer, sku.id, product.front)
    if offer.origin:
        block["raw_origin_price_decimal"] = block["origin_price_decimal"]
        block["raw_origin_price_format"] = block["origin_price_format"]
    return block


def _range(product: Product, offers: tuple[Offer, ...]) -> dict[str, Any]:
    front, low, high = product.front, offers[0], offers[-1]
    shown: dict[str, Any] = {
        "min_price_sku_id": product.skus[0].id,
        "max_price_sku_id": product.skus[-1].id,
        "symbol_position": 1,
        "currency_name": front.currency,
        "currency_symbol": front.symbol,
        "range_price": f"{written(low.sale, front)} - {written(high.sale, front)}",
    }
    if low.origin and high.origin:
        shown |= {
            "max_discount_decimal": f"{low.percent / 100:g}",
            "discount_txt": f"Save up to {low.percent}%",
            "origin_range_price": f"{written(low.origin, front)} - {written(high.origin, front)}",
        }
    return shown
