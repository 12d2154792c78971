"""One browser for all tests of a module, without a crawl around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from scrapy.settings import Settings

from crawler.browser.chromium import launch_options


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """Chromium, started as crawls start it; its tests run in the module's event loop."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options(chromium, Settings()))
        yield browser
        await browser.close()
