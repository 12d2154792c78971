"""The shop is looked up like everything else: searches, products, what is trending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.live import RunningLive
from tests.fixtures.standin import RunningStandin
from tiktok.verdicts import Verdict

COUNT = 5


@pytest.mark.parametrize(
    ("lookup", "target", "more"),
    [
        ("shop_search", "iphone case", {}),
        ("shop_search", "https://shop.tiktok.com/us/s?q=fone%20bluetooth", {}),
        ("shop_trending", "", {}),
        ("shop_trending", "", {"category": "601152"}),
        ("shop_trending", "", {"category": "https://shop.tiktok.com/us/c/womenswear/601152"}),
        ("shop_trending", "", {"category": "electronics"}),
    ],
)
def test_lists_of_products_are_found(
    lookup: str, target: str, more: dict[str, Any], live: RunningLive
) -> None:
    reply = live.look_up(lookup, target, count=COUNT, **more)

    assert (reply.outcome, len(reply.ids), len(set(reply.ids))) == ("ok", COUNT, COUNT)
    assert {item["type"] for item in reply.document["items"]} == {"product"}
    assert all(item["title"] and item["price"] and item["currency"] for item in reply.document["items"])


def test_what_trends_among_some_words_sells_best(live: RunningLive) -> None:
    items = live.look_up("shop_trending", count=20, category="electronics").document["items"]

    sold = [item["sales_count"] for item in items]
    assert sold == sorted(sold, reverse=True)


def test_a_cursor_goes_on_behind_the_last_product(live: RunningLive) -> None:
    first = live.look_up("shop_search", "iphone case", count=35)
    second = live.look_up("shop_search", "iphone case", count=35, cursor=first.document["list"]["cursor"])

    assert (len(first.ids), len(second.ids)) == (35, 35)
    assert not set(first.ids) & set(second.ids)


def test_a_product_is_found_by_its_number_and_its_address(live: RunningLive) -> None:
    (wanted,) = live.look_up("shop_search", "iphone case", count=1).ids

    by_number = live.look_up("shop_product", wanted)
    by_address = live.look_up("shop_product", f"https://www.tiktok.com/shop/pdp/some-case/{wanted}")

    assert by_number.ids == by_address.ids == [wanted]
    assert by_number.document["items"][0]["description"]


def test_a_search_that_finds_nothing_is_empty_and_a_product_that_is_gone_is_not_found(
    live: RunningLive,
) -> None:
    assert live.look_up("shop_search", "nothing at all").outcome == "empty"
    assert live.look_up("shop_product", "1729000000000000001").outcome == "not_found"


def test_a_shop_that_wants_a_captcha_is_no_empty_shop(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("captcha", "*")

    reply = live.look_up("shop_search", "iphone case", count=COUNT)

    assert (reply.outcome, reply.ids) == ("captcha", [])


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"lookup": "shop_product", "target": "x"}, "target"),
        ({"lookup": "shop_trending", "category": "https://www.tiktok.com/@khaby.lame"}, "category"),
        ({"lookup": "shop_search", "target": "x", "category": "electronics"}, "category"),
    ],
)
def test_what_names_nothing_in_the_shop_is_refused(
    question: dict[str, Any], field: str, live: RunningLive
) -> None:
    reply = live.look_up(**question)

    assert (reply.status, reply.document["field"]) == (400, field)


def test_a_refusal_brings_samples_where_they_are_wanted(
    start_live: Callable[..., RunningLive], standin: RunningStandin
) -> None:
    live = start_live(SHOP_CURATED="true")
    standin.add_fault("captcha", "*")

    reply = live.look_up("shop_search", "iphone case", count=2)

    assert (reply.outcome, reply.document["route"]) == (Verdict.CAPTCHA, "curated")
    assert {item["route"] for item in reply.document["items"]} == {"curated"}
    assert len(reply.ids) == 2
