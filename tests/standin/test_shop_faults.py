"""Faults in the shop: what is refused, masked, emptied or moved, on pages and on endpoints."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import Buyer

PRODUCT = f"/view/product/{landmarks(World(7, 1_000))['products']['shape_b']['id']}"
SEARCH = "feed_list_search_word"
LIST = "/api/shop/brandy_desktop/s/product_list"


def first_price(buyer: Buyer) -> dict[str, Any]:
    return dict(buyer.component("/us/s", SEARCH, q="iphone case")["products"][0]["product_price_info"])


@pytest.mark.parametrize(
    "path",
    ["/us/s?q=mug", "/shop", "/shop/us/c/x/601739", "/us/store/x/1", PRODUCT, "/pdp/1729999999999999999"],
)
def test_the_shops_captcha_is_a_small_page_with_status_200(
    buyer: Buyer, standin: RunningStandin, path: str
) -> None:
    standin.add_fault("captcha")

    reply = buyer.http.get(path)

    config = re.search(r'id="captcha-config">(.*?)</script>', reply.text, re.DOTALL)
    assert config
    assert (reply.status_code, "<title>Security Check</title>" in reply.text) == (200, True)
    assert 4_000 < len(reply.content) < 8_000
    assert json.loads(config[1])["verify_data"]["code"] == "10000"
    assert "captcha-init" in reply.text


def test_healthy_pages_know_the_word_captcha_too_and_are_heavy(buyer: Buyer) -> None:
    reply = buyer.http.get(PRODUCT)

    assert "oec-ttweb-captcha" in reply.text
    assert len(reply.content) > 100_000


def test_masked_hides_digits_on_pages_and_endpoints(buyer: Buyer, standin: RunningStandin) -> None:
    plain = first_price(buyer)
    params = buyer.component("/us/s", SEARCH, q="iphone case")["load_more_params"]
    standin.add_fault("masked", options={"mark": "*", "kept": 0, "spared": ["single_product_price_decimal"]})

    masked = first_price(buyer)
    more = buyer.more("s", params)["data"]["products"][0]["product_price_info"]

    assert set(masked["sale_price_decimal"]) == {"*", "."}
    assert masked["single_product_price_decimal"] == plain["single_product_price_decimal"]
    assert "*" in more["sale_price_decimal"]


def test_region_locked_is_a_redirect_or_a_code(buyer: Buyer, standin: RunningStandin) -> None:
    standin.add_fault("region_locked", "/us/*")
    standin.add_fault("region_locked", PRODUCT, options={"form": "code"})

    redirect, locked = buyer.http.get("/us/s?q=mug"), buyer.product(PRODUCT)

    assert redirect.status_code == 302
    assert redirect.headers["Location"].endswith("enter_method=not_supported_region")
    assert (locked["error_code"], locked["product_info"]) == (23_002_102, {})


def test_suspected_visitors_are_told(buyer: Buyer, standin: RunningStandin) -> None:
    standin.add_fault("suspected", "/us/s")

    node = buyer.node("/us/s", q="mug")

    assert (node["basic_info"]["risk_level"], node["bot_info"]["is_bot"]) == ("high", True)


def test_hollow_empty_and_missing_feeds(buyer: Buyer, standin: RunningStandin) -> None:
    params = buyer.component("/us/s", SEARCH, q="mug")["load_more_params"]
    standin.add_faults(
        [
            {"kind": "hollow", "path": PRODUCT},
            {"kind": "empty_list", "path": "/us/s", "count": 1},
            {"kind": "no_feed", "path": "/us/s"},
            {"kind": "empty_list", "path": LIST},
        ]
    )

    hollow, emptied = buyer.product(PRODUCT), buyer.component("/us/s", SEARCH, q="mug")
    parts = [part["component_name"] for part in buyer.node("/us/s", q="mug")["page_config"]["components_map"]]

    assert not any(hollow["product_info"].values())
    assert (emptied["products"], emptied["has_more"]) == ([], True)
    assert SEARCH not in parts
    assert buyer.more("s", params)["data"]["products"] == []


def test_lists_lie_about_more_repeat_themselves_and_refuse_their_token(
    buyer: Buyer, standin: RunningStandin
) -> None:
    params = buyer.component("/us/s", SEARCH, q="iphone case")["load_more_params"]
    standin.add_faults(
        [
            {"kind": "more_lies_false", "path": LIST, "count": 1},
            {"kind": "more_missing", "path": LIST, "count": 1},
            {"kind": "stuck_cursor", "path": LIST, "count": 1},
            {"kind": "page_token", "path": LIST},
        ]
    )

    denied, silent, stuck, refused = (buyer.more("s", params) for _ in range(4))

    assert denied["data"]["has_more"] is False
    assert "has_more" not in silent["data"]
    assert stuck["data"]["load_more_params"]["offset"] == 0
    assert refused == {"code": 100_000}


def test_drift_renames_a_key_inside_a_page(buyer: Buyer, standin: RunningStandin) -> None:
    standin.add_fault("drift", PRODUCT, options={"field": "product_model", "to": "productModelV2"})

    assert "productModelV2" in buyer.product(PRODUCT)["product_info"]


def test_who_runs_no_script_can_be_kept_from_pages_and_lists(buyer: Buyer, standin: RunningStandin) -> None:
    params = buyer.component("/us/s", SEARCH, q="mug")["load_more_params"]
    standin.add_faults([{"kind": "waf", "path": "/us/*"}, {"kind": "unsigned", "path": "/api/shop/*"}])

    assert "Please wait..." in buyer.http.get("/us/s?q=mug").text
    assert buyer.more("s", params) is None
