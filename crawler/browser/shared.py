"""The browser of one crawl, shared by the routes that need one: started with the first request, replaced when lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self, cast

from playwright.async_api import Error
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError

from crawler.browser.chromium import ADVICE, chromium_of, launch_options
from crawler.browser.guises import identity_of
from crawler.browser.machine import Machine
from crawler.callers import Caller, CallerGone
from tiktok.routes import Route

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider

logger = logging.getLogger(__name__)


class BrowserLost(Exception):  # noqa: N818  # says what happened
    """Chromium ended, or had to be ended because it stood still."""


class SharedBrowser:
    """Whoever finds that it does not listen any more buries it; the next request starts another."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.call_seconds = settings.getfloat("BROWSER_CALL_SECONDS")
        self.navigation_seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.pages = asyncio.Semaphore(settings.getint("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"))
        """Pages at work at once, whichever route they serve."""
        self.machine: Machine | None = None
        self.is_broken = False
        self.when_lost: list[Callable[[], None]] = []
        """Told when a browser is gone with all of its contexts and pages."""
        self._starting = asyncio.Lock()
        self._burials: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @asynccontextmanager
    async def place(self, request: Request) -> AsyncIterator[None]:
        """Wait for room for one more page; raise `CallerGone` when nobody waits for what it would show."""
        async with self.pages:
            caller: Caller | None = request.meta.get("caller")
            if caller and caller.is_gone:
                raise CallerGone
            yield

    async def running(self) -> Machine:
        """The browser, started when there is none."""
        async with self._starting:
            if self.machine and not self.machine.is_alive:
                self.bury(self.machine)
            if self.machine is None:
                self.machine = await self._start()
            return self.machine

    def bury(self, machine: Machine) -> None:
        """End a lost browser in the background."""
        if self.machine is not machine:
            return
        self.machine = None
        for forget in self.when_lost:
            forget()
        machine.kill()
        task = asyncio.get_running_loop().create_task(machine.close())
        self._burials.add(task)
        task.add_done_callback(self._burials.discard)

    async def close(self) -> None:
        """Leave no process behind."""
        if self.machine:
            await self.machine.close()
        await asyncio.gather(*self._burials)

    async def _start(self) -> Machine:
        chromium = chromium_of(self.crawler.settings)
        if self.is_broken or chromium is None:
            raise DownloadFailedError(f"no browser: {ADVICE}")
        machine = Machine(self.crawler, launch_options(chromium, self.crawler.settings), self.call_seconds)
        try:
            await machine.start()
        except Error as error:
            self.is_broken = True
            logger.warning(
                "Routes session and browser are off: %s does not start: %s", chromium, first_line(error)
            )
            dispatcher = cast("TikTokSpider", self.crawler.spider).dispatcher
            for route in (Route.SESSION, Route.BROWSER):
                dispatcher.close_route(route)
            await machine.close()
            raise DownloadFailedError(f"{chromium} does not start") from error
        self.crawler.stats.inc_value("browser/started")
        return machine


def visitor_name(request: Request) -> str:
    """What tells this visitor's context from others'."""
    identity = identity_of(request)
    return f"identity-{identity.id}" if identity else f"guest-{request.meta.get('proxy') or 'direct'}"


def first_line(error: Error) -> str:
    """What Playwright says, without the log of its calls."""
    return error.message.partition("\n")[0]
