"""Prices as the shop writes them: plain decimals, texts in the storefront's manner, and masked ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from standin.world.shop.fronts import Storefront
from standin.world.shop.products import Offer

PRICE_NAMES = frozenset(
    (
        "sale_price_decimal", "sale_price_format", "origin_price_decimal", "origin_price_format",
        "raw_origin_price_decimal", "raw_origin_price_format", "reduce_price_format", "single_product_price_decimal",
        "single_product_price_format", "sale_price_integer_part_format", "sale_price_decimal_part_format",
        "seller_subtotal_deduction", "seller_subtotal_deduction_decimal", "range_price", "origin_range_price",
        "min_price_integer_part_format", "min_price_decimal_part_format", "max_price_integer_part_format",
        "max_price_decimal_part_format", "real_price", "original_price", "min_sku_price", "max_sku_price",
        "min_sku_original_price", "max_sku_original_price", "price_str", "price_val", "original_price_value",
    )
)  # fmt: skip
"""Keys whose strings are prices."""
_DIGIT = re.compile(r"\d")


def decimal(amount: int, front: Storefront) -> str:
    """Return an amount as `*_decimal` has it: a point, and no zeros at the end."""
    if not front.decimals:
        return str(amount)
    whole, rest = divmod(amount, 10**front.decimals)
    return f"{whole}.{rest:0{front.decimals}d}".rstrip("0").rstrip(".")


def written(amount: int, front: Storefront) -> str:
    """Return an amount as `*_format` has it: grouped, in the manner of the storefront's language."""
    whole, rest = divmod(amount, 10**front.decimals)
    text = f"{whole:,}".replace(",", front.group)
    return f"{text}{front.point}{rest:0{front.decimals}d}" if front.decimals else text


def with_symbol(amount: int, front: Storefront) -> str:
    """Return an amount with the money's symbol before it, as seen everywhere so far."""
    return f"{front.symbol}{written(amount, front)}"


def price_block(offer: Offer, sku_id: str, front: Storefront) -> dict[str, Any]:
    """Return `product_price_info`, also found in pages of shape B; what a discount tells is absent without one."""
    saving = (offer.origin or offer.sale) - offer.sale
    block = {
        "sku_id": sku_id,
        "symbol_position": 1,
        "show_currency_space": False,
        "currency_show_mode": 1,
        "currency_name": front.currency,
        "currency_symbol": front.symbol,
        "sale_price_decimal": decimal(offer.sale, front),
        "sale_price_format": written(offer.sale, front),
        "single_product_price_decimal": decimal(offer.single, front),
        "single_product_price_format": written(offer.single, front),
        "promotion_deduction_details": {},
    }
    if front.decimals:
        whole, _, rest = written(offer.sale, front).rpartition(front.point)
        block["sale_price_integer_part_format"] = whole
        block["sale_price_decimal_part_format"] = rest
        block["decimal_point_symbol"] = front.point
    if offer.origin:
        block |= {
            "origin_price_decimal": decimal(offer.origin, front),
            "origin_price_format": written(offer.origin, front),
            "discount_format": f"{offer.percent}%",
            "discount_decimal": f"{offer.percent / 100:g}",
            "reduce_price_format": f"Saving {with_symbol(saving, front)}",
            "promotion_deduction_details": {
                "seller_subtotal_deduction": written(saving, front),
                "seller_subtotal_deduction_decimal": decimal(saving, front),
            },
        }
    return block


def mask_prices(value: Any, *, mark: str = "?", kept: int = 1, spared: Collection[str] = ()) -> None:
    """Replace the digits of all prices inside a structure, but for the first `kept` of each and the `spared` keys."""
    if isinstance(value, list):
        for one in value:
            mask_prices(one, mark=mark, kept=kept, spared=spared)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name in PRICE_NAMES and name not in spared:
                    value[name] = _masked(inner, mark, kept)
            else:
                mask_prices(inner, mark=mark, kept=kept, spared=spared)


def _masked(text: str, mark: str, kept: int) -> str:
    found = list(_DIGIT.finditer(text))
    if len(found) <= kept:
        return _DIGIT.sub(mark, text)
    start = found[kept].start()
    return text[:start] + _DIGIT.sub(mark, text[start:])
