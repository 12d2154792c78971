"""Starts Chromium for scrapy-playwright, and can end it when it does not listen any more."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright
from scrapy.exceptions import NotSupported


class ChromiumProvider:
    """A provider as `PLAYWRIGHT_BROWSER_PROVIDER` wants it; it remembers which process it started."""

    def __init__(self, config: Any) -> None:
        self.launch_options: dict[str, Any] = config.launch_options
        self.playwright: Playwright | None = None
        self.pid: int | None = None
        """Of Chromium's main process; its others end with it."""

    async def start(self) -> None:
        """Start Playwright's driver, a Node.js process."""
        self.playwright = await async_playwright().start()

    async def launch_browser(self) -> Browser:
        """Start Chromium."""
        assert self.playwright
        browser = await self.playwright.chromium.launch(**self.launch_options)
        self.pid = await _pid_of(browser)
        return browser

    async def launch_persistent_context(self, context_kwargs: dict[str, Any]) -> BrowserContext:  # noqa: ARG002  # the provider's interface
        """Refuse: what a context must remember is the identity's business."""
        raise NotSupported("contexts are kept by identities, not in directories")

    async def close(self) -> None:
        """Stop the driver; a browser that is left ends with it."""
        if self.playwright:
            await self.playwright.stop()

    def kill(self) -> None:
        """End Chromium without asking it."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


async def _pid_of(browser: Browser) -> int | None:
    session = await browser.new_browser_cdp_session()
    with suppress(Error):
        told = await session.send("SystemInfo.getProcessInfo")
        await session.detach()
        return next((int(one["id"]) for one in told["processInfo"] if one["type"] == "browser"), None)
    return None
