"""One browser under scrapy-playwright: Playwright's driver, Chromium, its contexts and pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from playwright.async_api import Error, Page
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.browser.provider import ChromiumProvider

UNROUTE_SECONDS = 1.0
"""For a page to let go of its requests; one that hangs never does, and can be closed all the same."""

UNSEEN = frozenset({"image", "media", "font"})
"""What a visit does not need: most of a page's bytes, and its memory."""


def skip_unseen(request: PageRequest) -> bool:
    """Tell scrapy-playwright not to load pictures, films and fonts."""
    return request.resource_type in UNSEEN


class Machine:
    """Opens pages until it is closed, or killed for not answering."""

    def __init__(self, crawler: Crawler, launch_options: dict[str, Any], close_seconds: float) -> None:
        self.close_seconds = close_seconds
        """For pages, contexts and the browser to go in good order, before they are made to."""
        self._handler = ScrapyPlaywrightDownloadHandler(crawler)
        self._handler.config.launch_options = launch_options

    async def start(self) -> None:
        """Start driver and browser. scrapy-playwright does so when the crawl starts; we came later."""
        await self._handler._launch()  # noqa: SLF001  # see above
        await self._handler._maybe_launch_browser()  # noqa: SLF001  # see above

    @property
    def is_alive(self) -> bool:
        """False once Chromium has ended; it can stand still and count as alive."""
        browser = getattr(self._handler, "browser", None)
        return browser is not None and bool(browser.is_connected())

    async def open(
        self,
        url: str,
        context: str,
        options: dict[str, Any],
        prepare: Callable[[Page, Request], Awaitable[None]],
        **navigation: Any,
    ) -> Response:
        """Open a page in a context, made with these options when it is new; `prepare` is shown it first.

        Returns when the document begins to arrive; whoever was shown the page closes it.
        """
        request = Request(
            url,
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context": context,
                "playwright_context_kwargs": options,
                "playwright_page_init_callback": prepare,
                "playwright_page_goto_kwargs": {"wait_until": "commit", **navigation},
            },
        )
        shown: Response = await self._handler.download_request(request)
        return shown

    async def close_page(self, page: Page) -> bool:
        """Close a page; tell whether the browser still listens."""
        with suppress(TimeoutError, Error):
            async with asyncio.timeout(UNROUTE_SECONDS):
                await page.unroute_all(behavior="ignoreErrors")  # requests in flight end with their page
        try:
            async with asyncio.timeout(self.close_seconds):
                await page.close()
        except TimeoutError:
            return False
        except Error:
            return self.is_alive
        return True

    async def close(self) -> None:
        """End everything in good order, or by force."""
        if not await self._is_closed_in_time():
            self.kill()
            await self._is_closed_in_time()

    def kill(self) -> None:
        """End Chromium without asking it; the driver notices."""
        provider: ChromiumProvider | None = getattr(self._handler, "browser_provider", None)
        if provider:
            provider.kill()

    async def _is_closed_in_time(self) -> bool:
        with suppress(TimeoutError, Error):
            async with asyncio.timeout(self.close_seconds):
                await self._handler.close()
            return True
        return False
