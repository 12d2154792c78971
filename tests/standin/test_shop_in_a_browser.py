"""The shop in a real Chromium: the page's own script fetches, signs and passes the firewall."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, Response, async_playwright
from scrapy.settings import Settings

from crawler.browser.chromium import launch_options
from standin.world.population import World
from tests.fixtures.standin import RunningStandin

pytestmark = pytest.mark.asyncio
PATIENCE_MS = 15_000


@pytest_asyncio.fixture
async def page(chromium: Path) -> AsyncIterator[Page]:
    """A page of a visitor who has not been here before."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options(chromium, Settings()))
        yield await browser.new_page()
        await browser.close()


def is_list(response: Response) -> bool:
    return response.url.split("?")[0].endswith("/product_list")


async def scroll_once(page: Page) -> list[str]:
    """Scroll to the end and return the ids of the products that the page fetched."""
    async with page.expect_response(is_list, timeout=PATIENCE_MS) as fetched:
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    answer = await (await fetched.value).json()
    return [product["product_id"] for product in answer["data"]["products"]]


@pytest.mark.parametrize(
    "path",
    ["/us/s?q=iphone+case", "/us/c/x/601739", "/shop", "/us/store/x/{store}"],
    ids=["s", "c", "home", "store"],
)
async def test_scrolling_fetches_more_of_each_list(standin: RunningStandin, page: Page, path: str) -> None:
    catalogue = World(7, 1_000).catalogue

    await page.goto(standin.url + path.format(store=catalogue.seller(0).id))
    before = await page.locator('a[href*="/pdp/"]').count()
    more = await scroll_once(page)

    assert len(more) >= 30
    await page.wait_for_function(f"document.querySelectorAll('a[href*=\"/pdp/\"]').length > {before}")


async def test_a_category_ends_with_the_words_no_more_products(standin: RunningStandin, page: Page) -> None:
    await page.goto(f"{standin.url}/us/c/x/601739")

    for _ in range(8):
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_timeout(150)

    assert await page.get_by_text("No more products").count() == 1
    assert await page.locator('a[href*="/pdp/"]').count() == 110


async def test_a_browser_passes_where_plain_clients_are_kept_out(standin: RunningStandin, page: Page) -> None:
    standin.add_faults([{"kind": "waf", "path": "/us/*"}, {"kind": "unsigned", "path": "/api/shop/*"}])

    await page.goto(f"{standin.url}/us/s?q=iphone+case")
    await page.wait_for_selector('[data-e2e="feed_list_search_word"]', timeout=PATIENCE_MS)

    assert len(await scroll_once(page)) == 30


async def test_a_browser_can_be_kept_out_too(standin: RunningStandin, page: Page) -> None:
    standin.add_fault("captcha", "/us/*")

    await page.goto(f"{standin.url}/us/s?q=iphone+case")

    assert await page.title() == "Security Check"
    config = await page.locator("#captcha-config").text_content()
    assert json.loads(config or "")["verify_data"]["subtype"] == "slide"
