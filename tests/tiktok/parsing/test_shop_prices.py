"""Amounts, percentages and offers: unknown rather than wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.tiktok.parsing.test_captures import REAL
from tiktok.parsing.shop_prices import Offer, lowest, money, percent, read_early_offer, read_offer, share


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("24.17", "24.17"), ("120", "120"), ("69000", "69000"), (23.3, "23.3"), (5, "5"), ("0.01", "0.01"),
        ("1?.99", None), ("**", None), ("", None), (None, None), (True, None), ("0", None), (0, None),
        ("$24.17", None), ("69.000,5", None), ("24.17 - 24.69", None), ("-3", None), ("1e3", None),
        ("١٢", None), ("9" * 12, None), ("1.23456", None), ({}, None), (float("nan"), None), (1e300, None),
    ],
)  # fmt: skip
def test_an_amount_is_a_plain_decimal_or_unknown(value: Any, amount: str | None) -> None:
    assert money(value) == (amount and Decimal(amount))


@pytest.mark.parametrize(
    ("value", "number"),
    [("54%", 54), ("-24%", 24), ("24", 24), ("0%", None), ("", None), ("?4%", None), (24, None)],
)
def test_a_percentage_is_read_without_its_signs(value: Any, number: int | None) -> None:
    assert percent(value) == number


def test_a_share_is_a_percentage_in_parts_of_one() -> None:
    assert [share("0.54"), share("0.5"), share("0.005"), share("1"), share("?")] == [54, 50, 1, None, None]


def test_the_lowest_of_amounts_is_unknown_when_one_is() -> None:
    assert lowest([Decimal(3), Decimal(2)]) == 2
    assert lowest([Decimal(3), None]) is None
    assert lowest([]) is None


def test_a_discount_that_nobody_says_is_computed() -> None:
    offer = read_offer({"sale_price_decimal": "15", "origin_price_decimal": "20", "currency_name": "USD"})

    assert offer == Offer(price=Decimal(15), currency="USD", original_price=Decimal(20), discount=25)


def test_a_price_before_that_is_no_higher_is_none() -> None:
    offer = read_offer({"sale_price_decimal": "20", "origin_price_decimal": "20"})

    assert (offer.original_price, offer.discount) == (None, None)


def test_a_masked_price_is_looked_for_elsewhere_and_else_unknown() -> None:
    masked = {"sale_price_decimal": "?0", "single_product_price_decimal": "21"}

    assert read_offer(masked, Decimal(20)).price == 20
    assert read_offer(masked).price == 21
    assert read_offer({"sale_price_decimal": "?0", "single_product_price_decimal": "*1"}).price is None


def test_statistics_that_cannot_be_read_tell_no_discount() -> None:
    assert read_early_offer({"min_sku_price": "3", "da_info": "{"}).discount is None
    assert read_early_offer({"min_sku_price": "3", "da_info": "[1]"}).discount is None


def test_the_captured_price_of_a_first_order_is_the_price_that_is_shown() -> None:
    capture = Path(REAL) / "shop" / "price_block_my_ssrdirect.json"
    if not capture.is_file():
        pytest.skip(f"the real captures are not there: {REAL}")

    block = orjson.loads(capture.read_bytes())["promotion_product_price"]

    assert read_offer(block["min_price"]) == Offer(
        price=Decimal("0.01"), currency="MYR", original_price=Decimal("23.8"), discount=99
    )
