"""A product's page: its addresses, its shapes, what is special about the named ones, and the captures it resembles."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import ROOT, RunningStandin
from tests.standin.conftest import Buyer

PRODUCTS = landmarks(World(7, 1_000))["products"]
CAPTURES = Path(os.environ.get("CAPTURES_DIR") or ROOT.parent / "shared" / "captures") / "shop"


def page_of(name: str) -> str:
    return f"/view/product/{PRODUCTS[name]['id']}"


FORMS = {
    "/shop/pdp/{}": "shop/pdp/(product_name_slug$)/(product_id)/page",
    "/shop/pdp/a-slug/{}": "shop/pdp/(product_name_slug$)/(product_id)/page",
    "/shop/us/pdp/{}": "shop/(region)/pdp/(product_name_slug$)/(product_id)/page",
    "/shop/us/pdp/a-slug/{}": "shop/(region)/pdp/(product_name_slug$)/(product_id)/page",
    "/us/pdp/{}": "(region)/pdp/(product_name_slug$)/(product_id)/page",
    "/us/pdp/a-slug/{}": "(region)/pdp/(product_name_slug$)/(product_id)/page",
    "/view/product/{}": "view/product/(product_id)/page",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_address_shows_the_product_under_its_own_route(buyer: Buyer, form: str) -> None:
    product_id = PRODUCTS["shape_b"]["id"]

    document = buyer.router(form.format(product_id))

    assert list(document) == ["loaderData", "errors"]
    assert list(document["loaderData"]) == ["layout", FORMS[form]]
    model = buyer.product(form.format(product_id))["product_info"]["product_model"]
    assert model["product_id"] == product_id


@pytest.mark.parametrize("form", FORMS)
def test_the_loader_gives_the_same_data_without_a_page(buyer: Buyer, form: str) -> None:
    path = form.format(PRODUCTS["shape_b"]["id"])

    reply = buyer.get(path, __loader=FORMS[form], __ssrDirect="true")

    assert reply.headers["Content-Type"].startswith("application/json")
    assert json.loads(reply.content)["page_config"] == buyer.node(path)["page_config"]


def test_the_loader_of_another_page_is_not_there(buyer: Buyer) -> None:
    reply = buyer.get(page_of("shape_b"), __loader="(region)/page", __ssrDirect="true")

    assert reply.status_code == 404


def test_shape_a_and_shape_b_and_shape_c_say_the_same(buyer: Buyer, standin: RunningStandin) -> None:
    product_id = buyer.world.catalogue.product(2_000).id
    told = []
    for shape in "ABC":
        standin.change(product_shape=shape)
        told.append(buyer.product(f"/view/product/{product_id}")["product_info"])
    a, b, c = told

    model, promotion = b["product_model"], b["promotion_model"]["promotion_product_price"]
    assert a["product_id"] == model["product_id"] == c["product_id"] == product_id
    assert a["product_base"]["title"] == model["name"] == c["title"]
    assert a["product_base"]["price"]["min_sku_price"] == promotion["min_price"]["sale_price_decimal"]
    assert a["product_base"]["price"] == c["price"]
    assert a["product_base"]["sold_count"] == int(model["sold_count"]) == c["sold_count"]
    assert a["seller"]["seller_id"] == model["seller_id"] == c["seller"]["seller_id"]
    assert (
        [sku["sku_id"] for sku in a["skus"]]
        == [sku["sku_id"] for sku in model["skus"]]
        == list(promotion["skus_price"])
    )


def test_descriptions_are_json_in_a_string(buyer: Buyer) -> None:
    model = buyer.product(page_of("shape_b"))["product_info"]["product_model"]

    assert [block["type"] for block in json.loads(model["description"])] == ["text", "ul", "image"]


def test_a_price_range_names_its_money_once_and_no_discount(buyer: Buyer) -> None:
    price = buyer.product(page_of("range_a"))["product_info"]["product_base"]["price"]
    wide = buyer.product(page_of("range_b"))["product_info"]["promotion_model"]["promotion_product_price"]

    assert price["real_price"] == f"${price['min_sku_price']} - {price['max_sku_price']}"
    assert (price["original_price"], price["discount"], price["is_interval_price"]) == ("", "", True)
    assert wide["range_price"]["range_price"].count(" - ") == 1
    assert len({sku["sale_price_decimal"] for sku in wide["skus_price"].values()}) > 1


def test_a_product_without_reviews_scores_nothing(buyer: Buyer) -> None:
    info = buyer.product(page_of("no_reviews"), x=1)["product_info"]
    text = json.dumps(info)

    assert '"product_overall_score": 0.0' in text or '"product_rating": 0.0' in text
    assert '"product_review_count": "0"' in text or '"review_count": 0' in text


def test_masked_prices_keep_their_first_digit_only(buyer: Buyer, standin: RunningStandin) -> None:
    standin.change(product_shape="B")

    masked = buyer.product(page_of("masked"))["product_info"]["promotion_model"]["promotion_product_price"][
        "min_price"
    ]
    half = buyer.product(page_of("half_masked"))["product_info"]["promotion_model"][
        "promotion_product_price"
    ]["min_price"]

    assert masked["sale_price_decimal"][1:].strip("?.") == ""
    assert "?" in masked["single_product_price_decimal"]
    assert "?" in half["sale_price_decimal"]
    assert float(half["single_product_price_decimal"]) > 0


def test_a_removed_product_is_a_page_without_an_id(buyer: Buyer) -> None:
    removed = buyer.product(page_of("removed"))
    unknown = buyer.product("/view/product/1729999999999999999")

    assert removed == unknown
    assert removed["product_info"]["availability_model"]["reason"] != 0
    assert "product_id" not in json.dumps(removed)


def test_a_locked_product_says_so_and_may_keep_its_title(buyer: Buyer) -> None:
    node = buyer.node(page_of("locked"))
    locked = buyer.product(page_of("locked"))

    assert locked["error_code"] == 23_002_102
    assert "not available in this country or region" in locked["error_message"]
    assert node["page_config"]["global_data"]["product_info"]["error_code"] == 23_002_102
    assert "promotion_model" not in locked["product_info"]


def test_a_first_order_costs_next_to_nothing(buyer: Buyer) -> None:
    price = buyer.product(page_of("first_order"))["product_info"]["promotion_model"][
        "promotion_product_price"
    ]["min_price"]

    assert (price["sale_price_decimal"], price["currency_name"]) == ("0.01", "MYR")
    assert float(price["single_product_price_decimal"]) > 1


def test_money_is_written_as_its_country_does(buyer: Buyer, standin: RunningStandin) -> None:
    standin.change(product_shape="B")

    def price(name: str) -> dict[str, Any]:
        info = buyer.product(page_of(name))["product_info"]
        return dict(info["promotion_model"]["promotion_product_price"]["min_price"])

    indonesian, brazilian = price("indonesian"), price("brazilian")

    assert indonesian["sale_price_format"] == f"{int(indonesian['sale_price_decimal']):,}".replace(",", ".")
    assert "decimal_point_symbol" not in indonesian
    assert brazilian["decimal_point_symbol"] == ","
    assert brazilian["sale_price_format"].replace(",", ".").startswith(brazilian["sale_price_decimal"])


def test_indonesias_own_host_shows_the_product_below_initial_data(buyer: Buyer) -> None:
    product_id = PRODUCTS["indonesian"]["id"]

    node = buyer.node(f"/pdp/a-slug/{product_id}")

    assert node["initialData"]["productInfo"]["product_id"] == product_id
    assert buyer.node(f"/pdp/{PRODUCTS['british']['id']}") == {"initialData": {"productInfo": {}}}


def test_a_slug_of_another_script_is_percent_encoded_in_links(buyer: Buyer) -> None:
    product = buyer.world.catalogue.special("vietnamese")
    listed = buyer.component(
        f"/vn/store/x/{buyer.world.catalogue.seller(product.seller).id}", "feed_list_store"
    )

    (link,) = [
        one["seo_url"]["canonical_url"] for one in listed["products"] if one["product_id"] == product.id
    ]

    assert "%C4%91" in link


def test_a_country_that_is_not_served_leads_back_to_the_main_site(
    buyer: Buyer, standin: RunningStandin
) -> None:
    standin.change(shop_regions=["us"])

    for path in (
        page_of("british"),
        "/gb/s?q=mug",
        "/shop/gb",
        "/shop/gb/c",
        "/gb/c/x/600024",
        "/gb/store/x/1",
    ):
        reply = buyer.http.get(path)
        assert (reply.status_code, reply.headers["Location"]) == (
            302, f"{standin.url}/?enter_method=not_supported_region"
        )  # fmt: skip
    assert buyer.get(page_of("shape_a")).status_code == 200


def test_prices_and_counters_move_slowly(buyer: Buyer, standin: RunningStandin) -> None:
    standin.change(product_shape="A")
    ids = [buyer.world.catalogue.product(number).id for number in range(30, 50)]

    def read(day: int) -> list[tuple[float, int]]:
        standin.change(day=day)
        bases = [buyer.product(f"/view/product/{one}")["product_info"]["product_base"] for one in ids]
        return [(float(base["price"]["min_sku_price"]), base["sold_count"]) for base in bases]

    today, tomorrow, later = read(0), read(1), read(30)

    assert read(0) == today
    assert 0 < sum(one[0] != two[0] for one, two in zip(today, tomorrow, strict=True)) < len(ids) // 2
    assert sum(one[0] != two[0] for one, two in zip(today, later, strict=True)) > len(ids) // 2
    assert all(one[1] <= two[1] <= three[1] for one, two, three in zip(today, tomorrow, later, strict=True))
    assert today != later


def test_a_picture_is_a_picture_for_everybody(buyer: Buyer) -> None:
    image = buyer.product(page_of("shape_b"))["product_info"]["product_model"]["images"][0]

    replies = [buyer.http.get(link) for link in image["url_list"]]

    assert [reply.headers["Content-Type"] for reply in replies] == ["image/webp"] * 2
    assert replies[0].content[:4] == b"RIFF"
    unknown = image["url_list"][0].replace("-tx/", "-tx/f", 1)
    assert buyer.http.get(unknown).status_code == 404


def test_a_short_link_leads_to_its_product(buyer: Buyer, standin: RunningStandin) -> None:
    from standin.pages.small import short_code  # the site's own words for a code nobody else makes

    product = buyer.world.catalogue.special("shape_a")

    reply = buyer.get(f"/t/{short_code(product)}/")

    assert reply.status_code == 301
    assert reply.headers["Location"].startswith(f"{standin.url}/view/product/{product.id}?_r=1&og_info=%7B")


def test_an_endpoint_gives_a_products_data_and_its_reviews(buyer: Buyer) -> None:
    product_id = PRODUCTS["shape_b"]["id"]
    schema = {
        "getProductDetailSchema": {
            "productId": product_id,
            "region": "ID",
            "userId": "0",
            "securityParams": "",
        }
    }

    data = buyer.http.post("/api/shop/product/pdp_data", json=schema).json()["data"]
    reviews = buyer.http.post("/api/shop/pdp_h5/get_product_reviews", json={"product_id": product_id}).json()[
        "data"
    ]

    assert data == buyer.product(page_of("shape_b"))
    assert data["review_info"]["product_reviews"] == reviews["product_reviews"][:3]
    assert buyer.http.post("/api/shop/product/pdp_data", json={}).json() == {"code": 100_000}
    assert buyer.http.post("/api/shop/product/pdp_data", content=b"{").json() == {"code": 100_000}


def shape_of(value: Any) -> Any:
    """Return names and types of a structure, by the first entry of each list."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return type(value).__name__


def differences(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """Return where what we have has another type than theirs, or a name they don't have."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            found
            for name in ours
            for found in (
                differences(ours[name], theirs[name], f"{at}/{name}") if name in theirs else [f"{at}/{name}"]
            )
        ]
    if isinstance(ours, list) and isinstance(theirs, list):
        return differences(ours[0], theirs[0], at) if ours and theirs else []
    return [] if ours == theirs else [f"{at}: {ours} for {theirs}"]


def captured_product(name: str) -> Any:
    if not CAPTURES.exists():
        pytest.skip("no captures here")
    loaded = json.loads((CAPTURES / name).read_text(encoding="utf-8"))["loaderData"]
    node = next(node for node in loaded.values() if node)
    parts = node["page_config"]["components_map"]
    return next(part["component_data"] for part in parts if "product_info" in part.get("component_data", {}))


def test_shape_a_has_the_names_and_types_of_the_capture(buyer: Buyer) -> None:
    ours = shape_of(buyer.product(page_of("shape_a")))

    assert differences(ours, shape_of(captured_product("pdp_us_2025-07_router_data.json"))) == []


def test_shape_b_has_the_names_and_types_of_the_capture(buyer: Buyer) -> None:
    ours = shape_of(buyer.product(page_of("shape_b")))
    skus = ours["product_info"]["promotion_model"]["promotion_product_price"].pop("skus_price")
    theirs = shape_of(captured_product("pdp_us_2026-09_router_data_trimmed.json"))
    prices = theirs["product_info"]["promotion_model"]["promotion_product_price"].pop("skus_price")

    expected = {
        "/shop_info/shop_slogan"
    }  # which this seller has not written, and the captured store page has
    trimmed = {found for found in differences(ours, theirs) if found.endswith("/uri")}
    assert set(differences(ours, theirs)) - trimmed == expected
    assert differences(next(iter(skus.values())), next(iter(prices.values()))) == []


def test_what_a_crawler_reads_of_either_shape_is_all_there(buyer: Buyer) -> None:
    a = set(buyer.product(page_of("shape_a"))["product_info"])
    b = set(buyer.product(page_of("shape_b"))["product_info"])

    captured_b = set(captured_product("pdp_us_2026-09_router_data_trimmed.json")["product_info"])
    assert {"product_id", "seller", "product_base", "skus", "product_detail_review"} <= a
    assert b == captured_b
