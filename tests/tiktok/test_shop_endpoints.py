"""The requests of the shop."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from tiktok.devices import Device
from tiktok.endpoints import Ask, build_shop_ask
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.routes import LADDERS, SHOP, Operation, Route
from tiktok.shop_endpoints import next_cursor, start_of_best_sellers
from tiktok.shop_targets import in_region
from tiktok.targets import Target, TargetKind
from tiktok.urls import read_target

DEVICE = Device(device_id="7300000000000000001", region="US", language="en", timezone="America/New_York")
PRODUCT = in_region(read_target("1729447605324124806", TargetKind.PRODUCT), "US")
SEARCH = in_region(read_target("iphone case", TargetKind.SHOP_SEARCH), "US")
CATEGORY = in_region(read_target("tops/601152", TargetKind.SHOP_CATEGORY), "US")
STORE = in_region(read_target("goli/7495794203056835079", TargetKind.STORE), "US")
BEST_SELLERS = in_region(read_target("lamps", TargetKind.SHOP_TRENDING), "US")
HOME = in_region(read_target("", TargetKind.SHOP_TRENDING), "US")
INDONESIAN = in_region(read_target("601152", TargetKind.SHOP_CATEGORY), "ID")
CURSOR = orjson.dumps(
    {"component_info": {"component_name": "feed"}, "load_more_params": {"offset": 30, "page_token": "t"}}
).decode()
STAND_IN = "http://127.0.0.1:8090"


def ask(operation: Operation, route: Route, target: Target, **more: Any) -> Ask:
    return build_shop_ask(operation, route, target, device=DEVICE, **more)


@pytest.mark.parametrize(
    ("operation", "target", "url"),
    [
        (Operation.SHOP_PRODUCT, PRODUCT, "https://shop.tiktok.com/us/pdp/1729447605324124806"),
        (Operation.SHOP_SEARCH, SEARCH, "https://shop.tiktok.com/us/s?q=iphone%20case"),
        (Operation.SHOP_CATEGORY, CATEGORY, "https://shop.tiktok.com/us/c/tops/601152"),
        (Operation.SHOP_STORE, STORE, "https://shop.tiktok.com/us/store/goli/7495794203056835079"),
        (Operation.SHOP_TRENDING, HOME, "https://www.tiktok.com/shop/us"),
        (Operation.SHOP_CATEGORY, INDONESIAN, "https://shop-id.tokopedia.com/c/x/601152"),
    ],
)
def test_a_page_is_asked_at_its_own_address_by_browsers_too(
    operation: Operation, target: Target, url: str
) -> None:
    page, browser = ask(operation, Route.PAGE, target), ask(operation, Route.BROWSER, target)

    assert (page.url, page.method, page.body) == (url, "GET", b"")
    assert browser.url == url


def test_a_stand_in_has_all_hosts_in_one() -> None:
    home = ask(Operation.SHOP_TRENDING, Route.PAGE, HOME, site=STAND_IN)
    posted = ask(Operation.SHOP_CATEGORY, Route.LIST, INDONESIAN, site=STAND_IN)

    assert home.url == f"{STAND_IN}/shop/us"
    assert posted.url == f"{STAND_IN}/api/shop/home/product_list"
    assert posted.headers["Referer"] == f"{STAND_IN}/c/x/601152"


def test_the_page_without_html_names_the_key_of_its_router() -> None:
    asked = ask(Operation.SHOP_SEARCH, Route.SSR, SEARCH)

    query = parse_qs(urlsplit(asked.url).query)
    assert query == {
        "q": ["iphone case"],
        "__loader": ["(region)/(route_page_name)/page"],
        "__ssrDirect": ["true"],
    }
    assert asked.headers["Referer"] == SEARCH.url


def test_a_search_is_gone_on_with_by_what_its_page_said() -> None:
    asked = ask(Operation.SHOP_SEARCH, Route.LIST, SEARCH, cursor=CURSOR)

    body = orjson.loads(asked.body)
    assert (asked.method, asked.url) == (
        "POST",
        "https://shop.tiktok.com/api/shop/brandy_desktop/s/product_list",
    )
    assert asked.headers["Content-Type"] == "application/json"
    assert orjson.loads(body["component_info"]) == {"component_name": "feed"}
    assert orjson.loads(body["load_more_params"]) == {"offset": 30, "page_token": "t"}


def test_a_search_whose_page_is_refused_is_begun_by_the_list() -> None:
    asked = ask(Operation.SHOP_SEARCH, Route.LIST, SEARCH)

    params = orjson.loads(orjson.loads(asked.body)["load_more_params"])
    assert (params["offset"], params["search_word"], params["filters"]) == (0, "iphone case", [])


def test_what_trends_among_some_words_is_what_sells_best() -> None:
    asked = ask(Operation.SHOP_TRENDING, Route.LIST, BEST_SELLERS)

    params = orjson.loads(orjson.loads(asked.body)["load_more_params"])
    assert params["filters"] == [{"filter_option_id": "ecom_sold_count"}]
    with pytest.raises(NoRequest):
        ask(Operation.SHOP_TRENDING, Route.BROWSER, BEST_SELLERS)


def test_the_token_of_a_search_s_page_opens_its_list_in_another_order() -> None:
    start = start_of_best_sellers(CURSOR)

    asked = ask(Operation.SHOP_TRENDING, Route.LIST, BEST_SELLERS, cursor=start)

    params = orjson.loads(orjson.loads(asked.body)["load_more_params"])
    assert params == {"offset": 0, "page_token": "t", "filters": [{"filter_option_id": "ecom_sold_count"}]}
    assert start_of_best_sellers(None) is None


def test_in_indonesia_a_category_goes_on_by_leaving_out_what_was_seen() -> None:
    cursor = next_cursor(None, None, INDONESIAN, ["1", "2"])

    asked = ask(Operation.SHOP_CATEGORY, Route.LIST, INDONESIAN, cursor=cursor)

    assert asked.url == "https://shop-id.tokopedia.com/api/shop/home/product_list"
    assert orjson.loads(asked.body) == {"category_id": "601152", "exclude_product_ids": ["1", "2"]}


def test_lists_that_no_known_endpoint_serves_are_not_asked() -> None:
    for operation, target in ((Operation.SHOP_CATEGORY, CATEGORY), (Operation.SHOP_TRENDING, HOME)):
        with pytest.raises(NoRequest):
            ask(operation, Route.LIST, target, cursor=CURSOR)
    with pytest.raises(MissingKnowledge):
        ask(Operation.SHOP_STORE, Route.LIST, STORE)


def test_a_cursor_keeps_the_list_that_only_the_page_has_named() -> None:
    told = orjson.dumps({"component_info": {}, "load_more_params": {"offset": 60}}).decode()

    after = next_cursor(CURSOR, told, SEARCH, [])

    assert orjson.loads(after or "") == {
        "component_info": {"component_name": "feed"},
        "load_more_params": {"offset": 60},
    }
    assert next_cursor(CURSOR, None, SEARCH, ["1"]) is None


def test_a_cursor_that_is_none_of_ours_begins_anew() -> None:
    asked = ask(Operation.SHOP_SEARCH, Route.LIST, SEARCH, cursor="12")

    assert orjson.loads(orjson.loads(asked.body)["load_more_params"])["offset"] == 0


@pytest.mark.parametrize("operation", sorted(SHOP))
def test_no_request_is_made_for_routes_that_are_not_on_the_ladder(operation: Operation) -> None:
    for route in set(Route) - set(LADDERS[operation]) | {Route.CURATED}:
        with pytest.raises(NoRequest):
            ask(operation, route, SEARCH)
