"""Prices of the shop: plain decimals only (facts of the shop, 4: traps).

Next to each decimal stands a text in the writing of the visitor's country; "69.000" is 69,000 there, so texts
are never read. Visitors who are not trusted get prices with masked digits ("1?.99", "**"): such a price is not
known, and another field of the same payload may hold it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Self

import orjson

from tiktok.parsing.values import Json, Object, filled, mapping

_PLAIN = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,4})?")
"""What the database's column holds; no currency has more decimals."""
_PERCENT = re.compile(r"-?([0-9]{1,2})(?:\.[0-9]+)?%?")


class Offer(NamedTuple):
    """What something costs now, and before."""

    price: Decimal | None = None
    currency: str | None = None
    original_price: Decimal | None = None
    discount: int | None = None

    @classmethod
    def of(cls, price: Decimal | None, currency: Json, before: Decimal | None, discount: int | None) -> Self:
        """Complete an offer: a price before that is not higher is none, a percentage that is not said is computed."""
        if price is not None and before is not None and before <= price:
            before = None
        if discount is None and price is not None and before is not None:
            discount = int(((before - price) / before * 100).to_integral_value(ROUND_HALF_UP))
        return cls(price, currency_code(currency), before, discount or None)


def money(value: Json) -> Decimal | None:
    """An amount as a plain decimal. Masked ones are not known, and 0 is how a missing one is written."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    else:
        text = repr(value)
    return (Decimal(text) or None) if _PLAIN.fullmatch(text) else None


def first_money(*values: Json) -> Decimal | None:
    """The first amount that is known."""
    return next((amount for amount in map(money, values) if amount is not None), None)


def lowest(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The lowest amount; not known as soon as one of them is not."""
    known = list(amounts)
    return min((amount for amount in known if amount is not None), default=None) if all(known) else None


def currency_code(value: Json) -> str | None:
    """A code of ISO 4217."""
    is_code = (
        isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()
    )
    return value if is_code else None


def percent(value: Json) -> int | None:
    """A percentage, written as `54%`, `-24%` or `24`; 0 says that there is none."""
    match = _PERCENT.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    return (int(match[1]) or None) if match else None


def share(value: Json) -> int | None:
    """A percentage, written as `0.54`."""
    try:
        part = float(value) if isinstance(value, str | float) else 0.0
    except ValueError:
        return None
    return int(part * 100 + 0.5) or None if 0 < part < 1 else None


def read_offer(prices: Object, instead: Decimal | None = None) -> Offer:
    """Read a price block of 2025 and later (`sale_price_decimal`, …); `instead` serves where its price is masked.

    `single_product_price_decimal`, the price without what depends on the visitor, comes last.
    """
    price = money(prices.get("sale_price_decimal")) or instead
    price = price or money(prices.get("single_product_price_decimal"))
    return Offer.of(
        price,
        prices.get("currency_name"),
        money(prices.get("origin_price_decimal")),
        share(prices.get("discount_decimal")) or percent(prices.get("discount_format")),
    )


def read_early_offer(prices: Object, instead: Decimal | None = None) -> Offer:
    """Read a product's price block of 2025 (`min_sku_price`, …).

    Where variants differ in price, the percentage stands only in a JSON text meant for statistics.
    """
    return Offer.of(
        money(prices.get("min_sku_price")) or instead,
        first_currency(prices.get("currency"), mapping(prices.get("real_price")).get("currency")),
        money(prices.get("min_sku_original_price")),
        percent(prices.get("discount")) or percent(_statistics(prices).get("discount_percentage")),
    )


def first_currency(*values: Json) -> str | None:
    """The first code that is one."""
    return next(filter(None, map(currency_code, values)), None)


def _statistics(prices: Object) -> Object:
    text = filled(prices.get("da_info"))
    try:
        return mapping(orjson.loads(text)) if text else {}
    except orjson.JSONDecodeError:
        return {}
