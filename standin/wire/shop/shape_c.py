"""Shape C of a product page: flattened, known from other people's parsers only."""

from __future__ import annotations

from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.description import description_blocks
from standin.wire.shop.money import decimal
from standin.wire.shop.pictures import product_picture
from standin.wire.shop.shape_a import price_texts
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.products import Product


def shape_c(product: Product, catalogue: Catalogue, day: int, cdn: Cdn) -> dict[str, Any]:
    """Return `product_info` without the layers that shapes A and B have."""
    reception = product.reception(day)
    seller = catalogue.seller(product.seller)
    offers = product.offers(day)
    return {
        "error_message": "",
        "product_info": {
            "product_id": product.id,
            "title": product.title,
            "images": [product_picture(product, number, cdn) for number in range(product.pictures)],
            "price": price_texts(product, offers),
            "skus": [
                {
                    "sku_id": sku.id,
                    "stock": sku.stock,
                    "status": sku.status,
                    "price": {
                        "sale_price_decimal": decimal(offer.sale, product.front),
                        "origin_price_decimal": decimal(offer.origin or offer.sale, product.front),
                        "currency_name": product.front.currency,
                    },
                }
                for sku, offer in zip(product.skus, offers, strict=True)
            ],
            "desc_blocks": description_blocks(product, cdn),
            "sold_count": reception.sold,
            "seller": {"seller_id": seller.id, "name": seller.name},
            "product_detail_review": {
                "product_rating": reception.score / 10,
                "review_count": reception.reviews,
            },
        },
    }
