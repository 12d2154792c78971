"""The spider `shop`: where its lists begin and go on, how they end, what is told of products that are gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from crawler.endings import Ending
from store.models import OutcomeRow, ProductReadingRow, ProductRow, SellerRow
from tests.crawler.crawling import Crawl, Site
from tests.fixtures.little_shop import SELLER, LittleShop, product_id, serving
from tiktok.items import Product
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


@pytest.fixture
async def shop() -> AsyncIterator[LittleShop]:
    async with serving(LittleShop()) as open_shop:
        yield open_shop


@pytest.fixture
def crawl_shop(site: Site, shop: LittleShop) -> Any:
    async def crawl(**arguments: Any) -> Crawl:
        settings = {"TIKTOK_SHOP_BASE_URL": shop.url, "SHOP_REGION": "US", "SHOP_CURATED": shop.curated}
        return await site.crawl("shop", settings=settings, **arguments)

    return crawl


def ids(crawl: Crawl) -> list[str]:
    return [product.id for product in crawl.of_type(Product)]


async def test_a_product_is_stored_with_its_seller_and_a_first_reading(site: Site, crawl_shop: Any) -> None:
    crawl = await crawl_shop(product=product_id(1))

    (product,) = crawl.of_type(Product)
    (stored,), (reading,), (seller,) = (
        site.rows(ProductRow),
        site.rows(ProductReadingRow),
        site.rows(SellerRow),
    )
    assert (product.price, product.currency, product.region, product.route) == (
        Decimal("9.99"),
        "USD",
        "US",
        "page",
    )
    assert (stored.id, stored.price, stored.route) == (product_id(1), Decimal("9.99"), "page")
    assert (reading.product_id, reading.price, seller.id) == (product_id(1), Decimal("9.99"), SELLER)
    assert (crawl.outcome.operation, crawl.outcome.outcome) == ("shop_product", Verdict.OK)


async def test_a_search_goes_on_from_its_page_by_the_list_to_its_end(
    shop: LittleShop, crawl_shop: Any
) -> None:
    crawl = await crawl_shop(q="phone case")

    assert ids(crawl) == [product_id(number) for number in range(8)]
    assert [product.route for product in crawl.of_type(Product)] == ["page"] * 3 + ["list"] * 5
    assert (crawl.listing.state, crawl.outcome.outcome) == (ListState.COMPLETE, Verdict.OK)
    assert [body["load_more_params"]["offset"] for body in shop.posts()] == [3, 6]
    # What the page said of its list goes with every page.
    assert {body["component_info"]["component_name"] for body in shop.posts()} == {"feed_list_search_word"}
    assert crawl.outcome.target == "US:phone case"


async def test_a_limit_ends_a_list(shop: LittleShop, crawl_shop: Any) -> None:
    crawl = await crawl_shop(q="phone case", limit="2")

    assert len(ids(crawl)) == 2
    assert (crawl.listing.state, shop.posts()) == (ListState.COMPLETE, [])


async def test_a_refused_page_is_followed_by_the_same_without_html(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses = {"page"}

    crawl = await crawl_shop(q="phone case")

    assert len(ids(crawl)) == 8
    assert crawl.of_type(Product)[0].route == "ssr"
    assert crawl.listing.state is ListState.COMPLETE


async def test_a_search_is_begun_by_the_list_where_both_pages_are_refused(
    shop: LittleShop, crawl_shop: Any
) -> None:
    shop.refuses = {"page", "ssr"}

    crawl = await crawl_shop(q="phone case")

    assert len(ids(crawl)) == 8
    assert {product.route for product in crawl.of_type(Product)} == {"list"}
    assert shop.posts()[0]["load_more_params"]["search_word"] == "phone case"


async def test_a_search_that_is_refused_everywhere_is_not_empty(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses = {"page", "ssr", "list"}

    crawl = await crawl_shop(q="phone case")

    assert ids(crawl) == []
    assert (crawl.listing.state, crawl.outcome.outcome) == (ListState.FAILED, Verdict.CAPTCHA)
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_list_that_is_refused_in_the_middle_is_truncated(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses_after = 1

    crawl = await crawl_shop(q="phone case")

    assert len(ids(crawl)) == 6
    assert (crawl.listing.state, crawl.listing.found) == (ListState.TRUNCATED, 6)
    assert crawl.outcome.outcome == Verdict.GATED


async def test_a_list_that_stopped_goes_on_where_it_was(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses_after = 1
    await crawl_shop(q="phone case")
    shop.refuses_after = None
    shop.asked.clear()

    crawl = await crawl_shop(q="phone case")

    assert ids(crawl) == [product_id(6), product_id(7)]
    assert (crawl.listing.state, crawl.listing.found) == (ListState.COMPLETE, 8)
    assert [path for path in shop.paths() if not path.startswith("/api")] == ["/us/s"]
    assert [body["load_more_params"]["offset"] for body in shop.posts()] == [6]
    assert shop.posts()[0]["component_info"]["component_name"] == "feed_list_search_word"


async def test_an_empty_search_is_asked_about_again_and_then_believed(
    shop: LittleShop, crawl_shop: Any
) -> None:
    shop.total = 0

    crawl = await crawl_shop(q="phone case")

    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.EMPTY, ListState.COMPLETE)
    assert len(shop.paths()) > 1
    assert crawl.ending is Ending.DONE


async def test_a_search_from_abroad_that_shows_nothing_is_withheld(shop: LittleShop, crawl_shop: Any) -> None:
    shop.total = 0
    shop.is_abroad = True
    shop.refuses = {"list"}

    crawl = await crawl_shop(q="phone case")

    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.WITHHELD, ListState.FAILED)


async def test_a_store_is_listed_with_what_it_says_of_itself(
    site: Site, shop: LittleShop, crawl_shop: Any
) -> None:
    crawl = await crawl_shop(store=SELLER)

    (seller,) = site.rows(SellerRow)
    assert (len(ids(crawl)), seller.followers, seller.name) == (8, 69, "Case Shop")
    assert {path for path in shop.paths() if path.startswith("/api")} == {
        "/api/shop/brandy_desktop/store/product_list"
    }
    assert crawl.outcome.operation == "shop_store"


async def test_a_category_shows_its_page_and_says_that_there_is_more(
    shop: LittleShop, crawl_shop: Any
) -> None:
    """Nobody has told which endpoint goes on from there; a browser is needed."""
    crawl = await crawl_shop(category="601152")

    assert len(ids(crawl)) == 3
    assert crawl.listing.state is ListState.TRUNCATED
    assert "no route is left" in (crawl.listing.reason or "")
    assert shop.posts() == []


async def test_a_category_of_indonesia_goes_on_by_leaving_out_what_was_seen(
    shop: LittleShop, crawl_shop: Any
) -> None:
    crawl = await crawl_shop(category="601152", region="id")

    assert len(ids(crawl)) == 8
    assert crawl.listing.state is ListState.COMPLETE
    assert [len(body["exclude_product_ids"]) for body in shop.posts()] == [3, 6]


async def test_what_trends_among_words_is_asked_for_by_pieces_sold(shop: LittleShop, crawl_shop: Any) -> None:
    crawl = await crawl_shop(trending="1", category="electronics", limit="4")

    assert len(ids(crawl)) == 4
    assert shop.posts()[0]["load_more_params"]["filters"] == [{"filter_option_id": "ecom_sold_count"}]
    assert (crawl.outcome.operation, crawl.outcome.target) == ("shop_trending", "US:electronics")


async def test_a_route_that_is_off_is_not_gone_on_by(site: Site, shop: LittleShop) -> None:
    settings = {"TIKTOK_SHOP_BASE_URL": shop.url, "SHOP_REGION": "US", "ROUTES_OFF": ["list"]}

    crawl = await site.crawl("shop", settings=settings, q="phone case")

    assert (len(ids(crawl)), shop.posts()) == (3, [])
    assert crawl.listing.state is ListState.TRUNCATED


async def test_what_trends_at_home_is_what_the_shop_shows_first(shop: LittleShop, crawl_shop: Any) -> None:
    crawl = await crawl_shop(trending="1", limit="3")

    assert len(ids(crawl)) == 3
    assert shop.paths() == ["/shop/us"]
    assert crawl.listing.state is ListState.COMPLETE


async def test_a_product_that_two_routes_call_gone_is_gone(
    site: Site, shop: LittleShop, crawl_shop: Any
) -> None:
    await crawl_shop(product=product_id(1))
    shop.gone = {product_id(1)}

    crawl = await crawl_shop(product=product_id(1), fresh="1")

    assert crawl.outcome.outcome == Verdict.NOT_FOUND
    assert site.rows(ProductRow)[0].outcome == "not_found"
    assert {row.operation for row in site.rows(OutcomeRow)} == {"shop_product"}


async def test_several_products_are_crawled_in_one_go(crawl_shop: Any) -> None:
    crawl = await crawl_shop(product=f"{product_id(1)}, {product_id(2)}")

    assert sorted(ids(crawl)) == [product_id(1), product_id(2)]
    assert set(crawl.outcomes) == {product_id(1), product_id(2)}


async def test_an_address_keeps_its_own_region(shop: LittleShop, crawl_shop: Any) -> None:
    await crawl_shop(product=f"https://shop.tiktok.com/gb/pdp/words/{product_id(1)}")

    assert shop.paths() == [f"/gb/pdp/{product_id(1)}"]


REFUSED = {"page", "ssr", "list"}


async def test_samples_come_with_a_refusal_and_are_labelled(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses, shop.curated = REFUSED, True

    crawl = await crawl_shop(q="iPhone case", limit="2")

    samples = crawl.of_type(Product)
    assert len(samples) == 2
    assert {sample.route for sample in samples} == {"curated"}
    assert all("iphone case" in (sample.title or "").lower() and sample.scraped_at for sample in samples)
    assert (crawl.outcome.outcome, crawl.outcome.route) == (Verdict.CAPTCHA, "curated")
    assert "2 sample records instead" in crawl.outcome.reason
    assert (crawl.listing.state, crawl.listing.found) == (ListState.FAILED, 0)
    assert crawl.ending is Ending.INCOMPLETE


async def test_samples_are_never_stored(site: Site, shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses, shop.curated = REFUSED, True

    crawl = await crawl_shop(q="lamp")

    assert crawl.of_type(Product)
    assert site.rows(ProductRow) == []
    assert site.rows(ProductReadingRow) == []


async def test_nothing_but_a_refusal_brings_samples(shop: LittleShop, crawl_shop: Any) -> None:
    shop.curated = True
    served = await crawl_shop(q="iphone case", limit="2")
    shop.total = 0
    empty = await crawl_shop(q="lamp")
    shop.refuses = REFUSED
    unknown = await crawl_shop(q="no sample is called that")
    product = await crawl_shop(product=product_id(1))

    assert {item.route for item in served.of_type(Product)} == {"page"}
    assert (ids(empty), ids(unknown), ids(product)) == ([], [], [])
    assert empty.outcome.outcome == Verdict.EMPTY


async def test_what_was_found_before_a_refusal_is_not_mixed_with_samples(
    shop: LittleShop, crawl_shop: Any
) -> None:
    shop.refuses_after, shop.curated = 0, True

    crawl = await crawl_shop(q="iphone case")

    assert {item.route for item in crawl.of_type(Product)} == {"page"}
    assert crawl.listing.state is ListState.TRUNCATED


async def test_samples_are_off_by_default(shop: LittleShop, crawl_shop: Any) -> None:
    shop.refuses = REFUSED

    crawl = await crawl_shop(q="iphone case")

    assert (ids(crawl), shop.curated) == ([], False)
