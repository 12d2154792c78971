"""Products and sellers: amounts to the cent in both databases, and a reading whenever price or sales changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from store.models import ProductReadingRow, ProductRow, SellerRow
from store.models.types import money_text
from store.upserts import write
from tests.store.factories import EARLIER, LATER, NOON, make_product, make_seller, read_row, read_rows
from tiktok.outcomes import Outcome
from tiktok.routes import Operation
from tiktok.verdicts import Verdict


def at_hour(hour: int, **fields: Any) -> Any:
    return make_product(scraped_at=NOON + timedelta(hours=hour), **fields)


def test_a_product_and_its_seller_come_back_as_they_went_in(engine: Engine) -> None:
    write(engine, [make_product(), make_seller()])

    product, seller = read_row(engine, ProductRow), read_row(engine, SellerRow)
    assert (product["price"], product["original_price"]) == (Decimal("24.17"), Decimal("31.75"))
    assert (product["currency"], product["discount"], product["rating"]) == ("USD", 24, 4.5)
    assert product["seller_id"] == seller["id"] == "8655572138322465518"
    assert product["categories"] == ["Home", "Lampen"]
    (sku,) = product["skus"]
    assert (sku["price"], sku["properties"], sku["stock"]) == (24.17, {"Farbe": "rot"}, 3)
    assert (seller["followers"], seller["rating"], seller["name"]) == (237_879, 4.6, "Licht & Co")


@pytest.mark.parametrize("price", ["0.01", "24.1", "69000", "99999999999.9999", "0.0001"])
def test_an_amount_is_the_same_in_both_databases_and_no_news_the_second_time(
    engine: Engine, price: str
) -> None:
    write(engine, [make_product(price=Decimal(price), original_price=None)])

    again = write(engine, [make_product(price=Decimal(price), original_price=None, scraped_at=LATER)])

    assert read_row(engine, ProductRow)["price"] == Decimal(price)
    assert (again.by_type["product"].changed, again.by_type["product"].unchanged) == (0, 1)


def test_an_amount_that_no_column_holds_is_set_aside(engine: Engine) -> None:
    written = write(engine, [make_product(price=Decimal(10) ** 12)])

    assert written.rejected == 1
    assert read_rows(engine, ProductRow) == []


def test_price_and_sales_have_a_reading_for_every_change(engine: Engine) -> None:
    write(engine, [at_hour(0)])
    write(engine, [at_hour(1, title="Other words")])
    write(engine, [at_hour(2, price=Decimal("19.99"), discount=37)])
    write(engine, [at_hour(3, price=Decimal("19.99"), discount=37, sales_count=30_800)])
    write(engine, [at_hour(4, price=Decimal("19.99"), discount=37, sales_count=30_800)])

    readings = [
        (row["recorded_at"], row["price"], row["sales_count"]) for row in read_rows(engine, ProductReadingRow)
    ]
    assert readings == [
        (NOON, Decimal("24.17"), 30_762),
        (NOON + timedelta(hours=2), Decimal("19.99"), 30_762),
        (NOON + timedelta(hours=3), Decimal("19.99"), 30_800),
    ]


def test_a_discount_ends_with_the_price_it_belonged_to(engine: Engine) -> None:
    write(engine, [at_hour(0)])

    write(engine, [at_hour(1, price=Decimal("31.75"), original_price=None, discount=None)])

    product = read_row(engine, ProductRow)
    assert (product["price"], product["original_price"], product["discount"]) == (
        Decimal("31.75"),
        None,
        None,
    )
    assert [row["original_price"] for row in read_rows(engine, ProductReadingRow)] == [Decimal("31.75"), None]


def test_a_masked_price_leaves_what_is_known(engine: Engine) -> None:
    write(engine, [at_hour(0)])

    masked = {"price": None, "original_price": None, "discount": None}
    write(engine, [at_hour(1, **masked, sales_count=30_763)])

    product = read_row(engine, ProductRow)
    assert (product["price"], product["original_price"], product["discount"]) == (
        Decimal("24.17"),
        Decimal("31.75"),
        24,
    )
    assert [row["price"] for row in read_rows(engine, ProductReadingRow)] == [Decimal("24.17")] * 2


def test_an_older_sight_does_not_change_a_newer_price(engine: Engine) -> None:
    write(engine, [make_product()])

    write(engine, [make_product(price=Decimal(1), original_price=None, discount=None, scraped_at=EARLIER)])

    assert read_row(engine, ProductRow)["price"] == Decimal("24.17")


def test_what_a_list_does_not_tell_stays_as_the_page_told_it(engine: Engine) -> None:
    write(engine, [make_product()])

    listed = make_product(description=None, categories=[], skus=[], category_id=None, scraped_at=LATER)
    again = write(engine, [listed])

    product = read_row(engine, ProductRow)
    assert (product["description"], product["categories"]) == ("hell\nklein", ["Home", "Lampen"])
    assert again.by_type["product"].unchanged == 1


def test_a_product_that_is_gone_is_marked_and_the_mark_goes_when_it_is_seen(engine: Engine) -> None:
    write(engine, [make_product()])
    gone = Outcome(
        operation=Operation.SHOP_PRODUCT,
        kind="product",
        target=make_product().id,
        outcome=Verdict.NOT_FOUND,
        reason="gone",
        at=LATER,
    )

    write(engine, [], [gone])
    marked = read_row(engine, ProductRow)["outcome"]
    write(engine, [at_hour(2)])

    assert marked == "not_found"
    assert read_row(engine, ProductRow)["outcome"] is None


def test_amounts_are_written_without_exponents_and_zeros() -> None:
    assert [money_text(Decimal(text)) for text in ("1E+3", "24.1700", "0.0")] == ["1000", "24.17", "0"]
    with pytest.raises(ValueError, match="out of range"):
        money_text(float("nan"))
