"""What a product's page says of the product, in each of three shapes (facts §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from standin.wire.moment import Cdn
from standin.wire.shop.listing import mask_as_usual
from standin.wire.shop.shape_a import shape_a
from standin.wire.shop.shape_b import shape_b
from standin.wire.shop.shape_c import shape_c
from standin.world.shop.cast import Quirk, Shape
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.categories import path_to
from standin.world.shop.products import Product

LOCKED_CODE = 23_002_102
LOCKED_TEXT = "This product is not available in this country or region"

_SHAPES: Mapping[Shape, Callable[[Product, Catalogue, int, Cdn], dict[str, Any]]] = {
    Shape.A: shape_a,
    Shape.B: shape_b,
    Shape.C: shape_c,
}


def product_data(
    product: Product | None, shape: Shape, catalogue: Catalogue, day: int, cdn: Cdn
) -> dict[str, Any]:
    """Return `component_data` of the product component; without an id for what is not there."""
    if product is None or product.quirk is Quirk.REMOVED:
        gone = {
            "availability_model": {"reason": 1},
            "base_resp": {"StatusCode": 0, "StatusMessage": "success"},
        }
        return {"error_code": 0, "error_message": "", "categories": [], "product_info": gone}
    if product.quirk is Quirk.LOCKED:
        return locked_data(product)
    written = _SHAPES[shape](product, catalogue, day, cdn)
    mask_as_usual(product, written)
    return {"categories": category_rows(product), "error_code": 0} | written


def locked_data(product: Product) -> dict[str, Any]:
    """Return what a product page says in a country where the product is not sold: little more than its title."""
    return {
        "error_code": LOCKED_CODE,
        "error_message": LOCKED_TEXT,
        "categories": [],
        "product_info": {"product_model": {"name": product.title}},
    }


def category_rows(product: Product) -> list[dict[str, Any]]:
    """Return the categories of a product, from the top down."""
    return [
        {
            "category_id": category.id,
            "level": category.level,
            "is_leaf": category.is_leaf,
            "parent_id": category.parent,
            "category_name": category.name,
            "name_key": f"magellan_{category.id}",
        }
        for category in path_to(product.leaf_number)
    ]
