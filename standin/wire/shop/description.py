"""Descriptions: a JSON string that holds blocks of text, lists and pictures (facts §4)."""

from __future__ import annotations

from typing import Any

from standin.dice import pick
from standin.wire.moment import Cdn
from standin.wire.shop.pictures import product_picture
from standin.wire.templates import encode
from standin.world.shop.products import Product
from standin.world.shop.words import MATERIALS


def description_blocks(product: Product, cdn: Cdn) -> list[dict[str, Any]]:
    """Return the blocks of a description."""
    material = pick(MATERIALS, product.words[13])
    return [
        {"type": "text", "text": f"{product.title}. Made of {material.lower()}, and meant to be kept."},
        {
            "type": "ul",
            "content": [f"Material: {material}", f"Size: {product.skus[0].size}", "Packed in paper"],
        },
        {"type": "image", "image": product_picture(product, 1, cdn)},
    ]


def description_text(product: Product, cdn: Cdn) -> str:
    """Return them as the string that pages carry."""
    return encode(description_blocks(product, cdn)).decode()


def specifications(product: Product) -> list[dict[str, str]]:
    """Return names and values of a product's properties."""
    material = pick(MATERIALS, product.words[13])
    return [{"name": "Material", "value": material}, {"name": "Size", "value": product.skus[0].size}]
