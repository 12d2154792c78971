"""What is told to be out of date goes, and only that: by product, seller, word, category, or all of it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webapi.pretend_live import PretendLive, product
from tests.webapi.serving import Api
from tests.webapi.shop.contract import BASE

PATHS = {
    "capa": "/search?q=iPhone+capa",
    "fone": "/search?q=fone",
    "all": "/trending",
    "home": "/trending?category=home",
}


@pytest.mark.parametrize(
    ("tag", "gone"),
    [
        ("product:1", {"capa"}),
        ("seller:9", {"fone", "all"}),
        ("search:iphone", {"capa"}),
        ("search", {"capa", "fone"}),
        ("trending:home", {"home"}),
        ("trending:all", {"all"}),
        ("trending", {"all", "home"}),
        ("product:404", set()),
    ],
)
def test_a_tag_invalidates_what_carries_it(
    tag: str, gone: set[str], app: Flask, api: Api, live: PretendLive
) -> None:
    stocks = {
        "capa": product(1, id="1", seller_id="8"),
        "fone": product(2, id="2", seller_id="9"),
        "all": product(3, id="3", seller_id="9"),
        "home": product(4, id="4", seller_id="8"),
    }
    for name, path in PATHS.items():
        live.stock = [stocks[name]]
        api.get(BASE + path)

    removed = app.extensions["shop"].products.cache.invalidate(tag)

    assert removed == len(gone)
    assert {name for name, path in PATHS.items() if not api.get(BASE + path).document["cached"]} == gone
