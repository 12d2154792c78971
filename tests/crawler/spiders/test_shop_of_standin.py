"""The spider `shop` against the stand-in's shop, which was written without a look at ours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crawler.endings import Ending
from store.jobs.services import get_job
from store.jobs.states import JobState
from store.models import ProductReadingRow, ProductRow
from tests.crawler.crawling import Site
from tests.crawler.jobs import ask_for, numbers, results, schedule
from tests.crawler.terminal import Terminal
from tests.fixtures.standin import RunningStandin
from tiktok.items import Product
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict

SEARCH_LIST = "/api/shop/brandy_desktop/s/product_list"
ELECTRONICS = "601739"
STORE = "7505495158102523463"
PRODUCTS = {
    "shape_a": "1730487560098326875",
    "shape_b": "1731126297404121868",
    "shape_c": "1729831049591233725",
}
REMOVED = "1729979920494393059"


@pytest.fixture
def terminal(site: Site, tmp_path: Path, chromium: Path) -> Terminal:
    """A terminal on a machine with Chromium."""
    assert chromium.is_file()
    return Terminal(site, tmp_path, routes_off="session")


async def test_a_search_is_walked_to_its_end(site: Site) -> None:
    crawl = await site.crawl("shop", q="iphone case")

    products = crawl.of_type(Product)
    assert len(products) > 200
    assert len({product.id for product in products}) == len(products)
    assert all(product.price and product.currency == "USD" and product.region == "US" for product in products)
    assert (crawl.listing.state, crawl.outcome.outcome) == (ListState.COMPLETE, Verdict.OK)


async def test_what_sells_best_comes_sorted(site: Site) -> None:
    crawl = await site.crawl("shop", trending="1", category="lamp", limit="45")

    sold = [product.sales_count or 0 for product in crawl.of_type(Product)]
    assert len(sold) == 45
    assert sold == sorted(sold, reverse=True)


@pytest.mark.parametrize("shape", PRODUCTS)
async def test_a_page_of_each_shape_tells_the_whole_product(site: Site, shape: str) -> None:
    crawl = await site.crawl("shop", product=PRODUCTS[shape])

    (product,) = crawl.of_type(Product)
    assert product.price
    assert product.original_price
    assert product.original_price > product.price > Decimal(1)
    assert product.discount == round((1 - product.price / product.original_price) * 100)
    assert (product.currency, product.region, len(product.categories)) == ("USD", "US", 3)
    assert min(sku.price for sku in product.skus if sku.price) == product.price
    assert product.rating
    assert product.image_urls
    assert product.description
    assert site.rows(ProductRow)[0].seller_name == product.seller_name


async def test_what_the_list_told_agrees_with_the_page(site: Site) -> None:
    listed = (await site.crawl("shop", store=STORE, limit="3")).of_type(Product)

    paged = (await site.crawl("shop", product=",".join(product.id for product in listed))).of_type(Product)

    by_id = {product.id: product for product in paged}
    for product in listed:
        other = by_id[product.id]
        assert (product.title, product.price, product.original_price, product.discount) == (
            other.title,
            other.price,
            other.original_price,
            other.discount,
        )
        assert (product.sales_count, product.review_count, product.rating) == (
            other.sales_count,
            other.review_count,
            other.rating,
        )


async def test_refused_empty_and_gone_are_told_apart(site: Site, standin: RunningStandin) -> None:
    empty = await site.crawl("shop", q="nothing like it")
    gone = await site.crawl("shop", product=REMOVED)
    standin.add_fault("captcha", "*")
    refused = await site.crawl("shop", q="lamp")

    assert empty.outcome.outcome == Verdict.EMPTY
    assert gone.outcome.outcome == Verdict.NOT_FOUND
    assert refused.outcome.outcome == Verdict.CAPTCHA
    assert refused.listing.state is ListState.FAILED


async def test_masked_prices_are_unknown(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("masked", "/us/*")

    crawl = await site.crawl("shop", q="lamp", limit="30")

    assert {product.price for product in crawl.of_type(Product)} == {None}
    assert {product.currency for product in crawl.of_type(Product)} == {"USD"}


async def test_a_price_that_changes_gets_a_reading(site: Site, standin: RunningStandin) -> None:
    before = (await site.crawl("shop", product=PRODUCTS["shape_b"])).of_type(Product)[0]
    standin.change(day=30)
    after = (await site.crawl("shop", product=PRODUCTS["shape_b"])).of_type(Product)[0]

    readings = readings_of(site)
    assert readings == [(before.price, before.sales_count), (after.price, after.sales_count)]
    assert before.sales_count != after.sales_count


def readings_of(site: Site) -> list[tuple[Decimal | None, int | None]]:
    return [(row.price, row.sales_count) for row in site.rows(ProductReadingRow)]


async def test_a_job_crawls_what_its_targets_name(site: Site) -> None:
    engine = site.engine()
    wanted = ["q=lamp", f"product={PRODUCTS['shape_a']}", f"product={REMOVED}", "trending", f"store={STORE}"]
    job = ask_for(engine, "shop", wanted, site.url, limit=20)

    await site.crawl("shop", **numbers(schedule(engine)))

    ended = {result.given: (result.target, result.outcome) for result in results(engine, job)}
    state = get_job(engine, job.id).state
    engine.dispose()
    assert ended == {
        "q=lamp": ("shop_search::lamp", "ok"),
        wanted[1]: (f"product::{PRODUCTS['shape_a']}", "ok"),
        wanted[2]: (f"product::{REMOVED}", "not_found"),
        "trending": ("shop_trending::home", "ok"),
        wanted[4]: (f"store::x/{STORE}", "ok"),
    }
    assert state is JobState.COMPLETED


async def test_a_short_link_leads_to_its_product(site: Site) -> None:
    number = int(PRODUCTS["shape_a"])
    code = ""
    while number:
        number, digit = divmod(number, 36)
        code = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + code

    crawl = await site.crawl("shop", product=f"https://vt.tiktok.com/ZS{code}/")

    assert [product.id for product in crawl.of_type(Product)] == [PRODUCTS["shape_a"]]


def test_a_browser_walks_what_is_refused_to_plain_requests(
    terminal: Terminal, standin: RunningStandin
) -> None:
    standin.add_fault("waf", "/us/*")
    standin.add_fault("unsigned", "/api/shop/*")

    done = terminal.crawl("shop", "-a", "q=lamp", "-a", "limit=70")

    assert done.exit_code == Ending.DONE, done.complaints
    state, found, route = terminal.listing("US:lamp")
    assert (state, route) == ("complete", "browser")
    assert found >= 70
    assert len(terminal.site.rows(ProductRow)) == 70


def test_a_browser_walks_a_category_to_its_end(terminal: Terminal) -> None:
    done = terminal.crawl("shop", "-a", f"category={ELECTRONICS}")

    assert done.exit_code == Ending.DONE, done.complaints
    assert terminal.listing(f"US:{ELECTRONICS}") == ("complete", 110, "browser")
