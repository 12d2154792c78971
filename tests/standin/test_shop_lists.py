"""The shop's lists: searches, categories, stores and the front page, from their page to their end."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import Buyer
from tests.standin.test_shop_products import CAPTURES, differences, shape_of

MARKS = landmarks(World(7, 1_000))
SEARCH = "feed_list_search_word"


def ids_of(products: list[dict[str, Any]]) -> list[str]:
    return [product["product_id"] for product in products]


@pytest.mark.parametrize("words", ["iphone case", "fone bluetooth"])
def test_the_searches_of_the_documentation_find_enough(buyer: Buyer, words: str) -> None:
    found = buyer.whole_list("s", "/us/s", SEARCH, q=words)

    assert len(found) >= 60
    assert len(set(ids_of(found))) == len(found)


def test_a_small_population_finds_enough_too() -> None:
    from standin.world.shop.fronts import STOREFRONTS  # only this test looks inside
    from standin.world.shop.lists import searched

    catalogue = World(seed=3, users=0, products=0).catalogue

    assert len(searched(catalogue, STOREFRONTS[0], "iphone case", (), 0)) >= 60


@pytest.mark.parametrize(
    ("path", "query"),
    [("/us/s", {"q": "iphone case"}), ("/us/k/iphone-case", {}), ("/shop/s/iphone case", {})],
)
def test_each_address_of_a_search_shows_its_first_thirty(
    buyer: Buyer, path: str, query: dict[str, str]
) -> None:
    data = buyer.component(path, SEARCH, **query)

    assert len(data["products"]) == 30
    assert data["has_more"] is True
    assert {"offset", "page_token", "api_source"} <= set(data["load_more_params"])


def test_a_page_number_skips_whole_pages(buyer: Buyer) -> None:
    first, second = (buyer.component("/us/s", SEARCH, q="iphone case", page=page) for page in (1, 2))

    assert second["products"] == buyer.more("s", first["load_more_params"])["data"]["products"]


def test_a_list_without_its_token_is_refused(buyer: Buyer) -> None:
    params = buyer.component("/us/s", SEARCH, q="iphone case")["load_more_params"]

    for wrong in (
        {**params, "page_token": ""},
        {**params, "search_word": "mug"},
        {**params, "offset": "x"},
        {},
    ):
        assert buyer.more("s", wrong) == {"code": 100_000}
    assert buyer.http.post("/api/shop/brandy_desktop/s/product_list", content=b"[").json() == {
        "code": 100_000
    }


@pytest.mark.parametrize(
    ("wish", "in_order"),
    [
        ("ecom_sold_count", lambda one: -one["sold_info"]["sold_count"]),
        ("ecom_price|ASC", lambda one: float(one["product_price_info"]["sale_price_decimal"])),
        ("ecom_price|DESC", lambda one: -float(one["product_price_info"]["sale_price_decimal"])),
    ],
)
def test_a_filter_puts_the_list_in_order(buyer: Buyer, wish: str, in_order: Any) -> None:
    params = buyer.component("/us/s", SEARCH, q="iphone case")["load_more_params"]

    data = buyer.more("s", {**params, "offset": 0, "filters": [{"filter_option_id": wish}]})["data"]

    keys = [in_order(product) for product in data["products"]]
    assert keys == sorted(keys)
    assert len(set(keys)) > 1


def test_a_price_filter_keeps_its_bounds_and_products_can_be_left_out(buyer: Buyer) -> None:
    data = buyer.component("/us/s", SEARCH, q="iphone case")
    params = {
        **data["load_more_params"],
        "offset": 0,
        "filters": [{"filter_option_id": "ecom_price_stat|20,30"}],
    }

    found = buyer.more("s", params)["data"]["products"]
    others = buyer.more("s", {**params, "exclude_product_ids": ids_of(found)})["data"]["products"]

    assert all(20 <= float(one["product_price_info"]["sale_price_decimal"]) <= 30 for one in found + others)
    assert found
    assert not set(ids_of(found)) & set(ids_of(others))


def test_a_search_can_find_nothing_in_two_ways(buyer: Buyer) -> None:
    empty = buyer.component("/us/s", SEARCH, q="nothing of the kind")
    parts = buyer.node("/us/s", q="nowhere to be found")["page_config"]["components_map"]

    assert (empty["products"], empty["has_more"]) == ([], False)
    assert SEARCH not in [part["component_name"] for part in parts]


def test_a_search_in_another_country_finds_nothing_without_an_exit_there(
    buyer: Buyer, standin: RunningStandin
) -> None:
    abroad = buyer.component("/id/s", SEARCH, q="iphone case")
    standin.change(exit_regions={"127.*": "id"})
    at_home = buyer.component("/id/s", SEARCH, q="iphone case")
    region = buyer.node("/id/s", q="iphone case")["region_info"]

    assert abroad["products"] == []
    assert {one["product_price_info"]["currency_name"] for one in at_home["products"]} == {"IDR"}
    assert (region["path_region"], region["real_region"]) == ("ID", "ID")


def test_lists_and_pages_tell_the_same_of_a_product(buyer: Buyer, standin: RunningStandin) -> None:
    standin.change(product_shape="B", day=12)
    listed = buyer.component("/us/s", SEARCH, q="fone bluetooth")["products"][:10]
    seller = listed[0]["seller_info"]
    shelf = buyer.whole_list("store", f"/us/store/x/{seller['seller_id']}", "feed_list_store")

    for one in listed:
        info = buyer.product(f"/view/product/{one['product_id']}")["product_info"]
        price = info["promotion_model"]["promotion_product_price"]["min_price"]
        assert {name: price.get(name) for name in one["product_price_info"]} == one["product_price_info"]
        assert info["product_model"]["sold_count"] == str(one["sold_info"]["sold_count"])
        assert info["review_model"]["product_overall_score"] == one["rate_info"]["score"]
        assert info["seller_model"]["shop_name"] == one["seller_info"]["shop_name"]
    assert listed[0] in shelf


def test_a_discount_is_told_only_where_there_is_one(buyer: Buyer) -> None:
    prices = [one["product_price_info"] for one in buyer.whole_list("s", "/us/s", SEARCH, q="iphone case")]

    reduced = [price for price in prices if "origin_price_decimal" in price]
    assert 0 < len(reduced) < len(prices)
    assert all(float(one["origin_price_decimal"]) > float(one["sale_price_decimal"]) for one in reduced)
    assert all({"discount_format", "discount_decimal", "reduce_price_format"} <= set(one) for one in reduced)
    assert not any("discount_format" in one for one in prices if one not in reduced)


@pytest.mark.parametrize("name", MARKS["categories"])
def test_every_category_has_a_feed_that_ends(buyer: Buyer, standin: RunningStandin, name: str) -> None:
    standin.change(open=["signed"])

    found = buyer.whole_list("c", f"/us/c/x/{MARKS['categories'][name]}", "feed_list_category")

    assert 60 <= len(set(ids_of(found))) == len(found) <= 110


def test_subcategories_have_what_their_parents_feed_leaves_out(buyer: Buyer, standin: RunningStandin) -> None:
    standin.change(open=["signed"])
    top = MARKS["categories"]["Phones & Electronics"]
    tabs = buyer.component(f"/shop/c/x/{top}", "categories_tab")["children"]

    feeds = [
        buyer.whole_list("c", f"/us/c/x/{category_id}", "feed_list_category")
        for category_id in (top, *(tab["category_id"] for tab in tabs))
    ]

    assert set(ids_of(feeds[1] + feeds[2])) - set(ids_of(feeds[0]))
    assert tabs == [
        {"category_id": tabs[0]["category_id"], "category_name_en": "Phone Accessories"},
        {"category_id": tabs[1]["category_id"], "category_name_en": "Audio"},
    ]


def test_only_the_pages_own_script_gets_more_of_a_category_or_the_front_page(buyer: Buyer) -> None:
    category = buyer.component("/us/c/x/601739", "feed_list_category")
    home = buyer.component("/shop", "feed_list_popular")

    assert buyer.more("c", category["load_more_params"]) is None
    assert buyer.more("home", home["load_more_params"]) is None


def test_great_britains_categories_have_a_shape_of_their_own(buyer: Buyer) -> None:
    data = buyer.component("/gb/c/x/600001", "feed_list_category")

    products = data["categoryProductsData"]["productList"]
    assert "products" not in data
    assert products[0]["sku_info"][0]["SkuId"] == products[0]["product_price_info"]["sku_id"]


def test_the_category_index_and_the_front_page_name_the_top_categories(buyer: Buyer) -> None:
    index = buyer.component("/shop/c", "categories_tab")["children"]

    assert {tab["category_name_en"]: tab["category_id"] for tab in index} == MARKS["categories"]
    assert buyer.component("/shop/us", "categories_tab")["children"] == index


def test_the_front_page_shows_best_sellers_and_savings(buyer: Buyer) -> None:
    popular = [
        one["sold_info"]["sold_count"] for one in buyer.component("/shop", "feed_list_popular")["products"]
    ]
    savings = buyer.component("/shop", "feed_list_savings")["products"]
    percents = [float(one["product_price_info"]["discount_decimal"]) for one in savings]

    assert popular == sorted(popular, reverse=True)
    assert percents == sorted(percents, reverse=True)


def test_a_store_sums_up_what_it_sells(buyer: Buyer) -> None:
    path = f"/us/store/x/{MARKS['stores']['Case Harbour']}"

    info = buyer.component(path, "shop_info")["shop_info"]
    shelf = buyer.whole_list("store", path, "feed_list_store")

    assert info["on_sell_product_count"] == len(shelf) == 70
    assert info["sold_count"] == sum(one["sold_info"]["sold_count"] for one in shelf)
    assert info["review_count"] == sum(int(one["rate_info"]["review_count"]) for one in shelf)


def test_a_stores_cursor_says_where_it_stands(buyer: Buyer) -> None:
    seller_id = MARKS["stores"]["Case Harbour"]
    feed = buyer.component(f"/us/store/x/{seller_id}", "feed_list_store")

    reply = buyer.get(
        "/api/shop/seller_product_list/", seller_id=seller_id, count=30, cursor=feed["cursor"]
    ).json()["data"]

    assert json.loads(b64decode(feed["cursor"]))[1] == feed["products"][-1]["product_id"]
    assert reply["products"] == buyer.more("store", feed["load_more_params"])["data"]["products"]
    assert buyer.get("/api/shop/seller_product_list/", seller_id="1").json() == {"code": 100_000}


def test_a_store_that_is_not_there_has_no_feed(buyer: Buyer) -> None:
    assert buyer.node("/us/store/x/7495000000000000001")["page_config"]["components_map"] == []


@pytest.mark.parametrize("path", ["/api/shop/home/product_list", "/api/shop/id/home/product_list"])
def test_indonesias_list_is_walked_by_what_was_seen(buyer: Buyer, path: str) -> None:
    seen: list[str] = []
    more = True
    while more:
        body = {"category_id": "601739", "exclude_product_ids": seen}
        data = buyer.http.post(path, json=body).json()["data"]
        seen += ids_of(data["productList"])
        more = data["hasMore"]

    assert 60 <= len(set(seen)) == len(seen)
    assert buyer.http.post(path, json={"category_id": "1"}).json()["data"] == {
        "productList": [],
        "hasMore": False,
    }


def test_unusual_listings_are_as_they_were_seen(buyer: Buyer) -> None:
    seller = buyer.world.catalogue.seller(buyer.world.catalogue.special("shape_a").seller)
    shelf = {
        one["product_id"]: one
        for one in buyer.whole_list("store", f"/us/store/x/{seller.id}", "feed_list_store")
    }

    def listed(name: str) -> dict[str, Any]:
        return shelf[MARKS["products"][name]["id"]]

    assert "shop_name" not in listed("nameless_shop")["seller_info"]
    assert listed("plain_seo")["seo_url"].startswith("/us/pdp/")
    assert isinstance(listed("count_as_number")["rate_info"]["review_count"], int)
    assert listed("no_reviews")["rate_info"] == {"score": 0.0, "review_count": "0"}
    assert listed("big")["sold_info"]["sold_count"] > 2**32
    assert "?" in listed("masked")["product_price_info"]["sale_price_decimal"]
    assert MARKS["products"]["removed"]["id"] not in shelf


@pytest.mark.parametrize(
    ("capture", "row"),
    [
        ("search_us_2025-08_passthrough.json", ("products", 1)),
        ("store_us_2025-08_passthrough.json", ("products", 0)),
    ],
)
def test_a_listing_has_the_names_and_types_of_the_captures(
    buyer: Buyer, capture: str, row: tuple[str, int]
) -> None:
    if not CAPTURES.exists():
        pytest.skip("no captures here")
    theirs = json.loads((CAPTURES / capture).read_text(encoding="utf-8"))[row[0]][row[1]]
    listed = buyer.component("/us/s", SEARCH, q="iphone case")["products"]
    ours = next(one for one in listed if "origin_price_decimal" in one["product_price_info"])

    assert differences(shape_of(ours), shape_of(theirs)) == []
    assert differences(shape_of(theirs), shape_of(ours)) == []


def test_indonesias_list_has_the_names_and_types_of_the_capture(buyer: Buyer) -> None:
    if not CAPTURES.exists():
        pytest.skip("no captures here")
    theirs = json.loads((CAPTURES / "category_list_id_2025-06.json").read_text(encoding="utf-8"))
    ours = buyer.http.post("/api/shop/home/product_list", json={"category_id": "601739"}).json()
    rows = ours["data"]["productList"]
    ours["data"]["productList"] = [
        one for one in rows if "origin_price_decimal" not in one["product_price_info"]
    ]

    ours["data"].pop("hasMore")  # not printed where the capture comes from
    assert differences(shape_of(ours), shape_of(theirs)) == []
    assert differences(shape_of(theirs), shape_of(ours)) == []


def test_a_store_has_the_names_and_types_of_the_capture(buyer: Buyer) -> None:
    if not CAPTURES.exists():
        pytest.skip("no captures here")
    theirs = json.loads((CAPTURES / "store_us_2025-08_passthrough.json").read_text(encoding="utf-8"))[
        "shopInfo"
    ]
    ours = buyer.component(f"/us/store/x/{MARKS['stores']['Case Harbour']}", "shop_info")["shop_info"]

    assert differences(shape_of(theirs), shape_of(ours)) == []
