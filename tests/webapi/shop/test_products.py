"""One product with all that its page tells: found, kept for six hours, gone, or refused."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webapi.pretend_live import PretendLive, product
from tests.webapi.serving import Api
from tests.webapi.shop.contract import BASE

ID = product(1)["id"]
PATH = f"{BASE}/products/{ID}"
DETAILS = {
    "description": "Silicone",
    "categories": ["Phones", "Cases"],
    "is_available": True,
    "skus": [
        {"id": "7", "properties": {"Color": "Black"}, "price": "29.90", "stock": 4, "is_available": True}
    ],
}


def test_a_product_is_told_with_its_variants_and_kept(api: Api, live: PretendLive) -> None:
    live.stock = [product(1, **DETAILS)]

    cold, warm = api.get(PATH).document, api.get(PATH).document

    found = cold["product"]
    assert (found["id"], found["price"], found["source"], found["description"]) == (
        ID,
        29.9,
        "tiktok_api",
        "Silicone",
    )
    assert (len(found["image_urls"]), found["categories"]) == (2, ["Phones", "Cases"])
    (variant,) = found["variants"]
    assert variant == {
        "id": "7",
        "properties": {"Color": "Black"},
        "price": 29.9,
        "original_price": None,
        "stock": 4,
        "is_available": True,
    }
    assert (cold["cached"], warm["cached"], warm["product"]) == (False, True, found)
    assert 21_590 < warm["cache_ttl"] < 21_600
    assert len(live.asked) == 1


def test_a_product_that_is_gone_is_not_found(api: Api) -> None:
    answer = api.get(f"{BASE}/products/1729000000000000001")

    assert (answer.status, answer.document["error_code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("product_id", ["1", "x" * 18, "1" * 22, "https:%2F%2Fshop.tiktok.com%2Fpdp%2F1"])
def test_what_is_no_number_of_a_product_is_refused(product_id: str, api: Api, live: PretendLive) -> None:
    answer = api.get(f"{BASE}/products/{product_id}")

    assert answer.status in (400, 404)
    assert live.asked == []


def test_a_refused_product_is_unavailable_or_an_old_one(app: Flask, api: Api, live: PretendLive) -> None:
    live.outcome = "captcha"
    answer = api.get(PATH)
    assert (answer.status, answer.document["error_code"]) == (503, "API_UNAVAILABLE")

    live.outcome = "ok"
    api.get(PATH)
    live.outcome = "captcha"
    app.extensions["shop"].products.cache.expire("product")
    assert api.get(PATH).document["stale"] is True


def test_a_category_is_kept_for_as_long_as_it_takes_to_be_crawled_again(api: Api) -> None:
    for _ in range(2):
        found = api.get(f"{BASE}/trending?category=home").document

    assert 3_590 < found["cache_ttl"] < 3_600
