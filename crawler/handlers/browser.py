"""Route `browser`: a page of the site is opened in Chromium, and what its script fetches is the answer."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, cast

from playwright._impl._errors import TargetClosedError
from playwright.async_api import Cookie, Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.browser.chromium import ADVICE, chromium_of, launch_options
from crawler.browser.contexts import Contexts, Room
from crawler.browser.cookie_headers import write_cookies
from crawler.browser.enough import is_enough
from crawler.browser.guises import context_options, dress, identity_of
from crawler.browser.machine import Machine
from crawler.browser.visits import PageHung, Patience, Visit, Wish
from crawler.errands import Errand, Refusal
from tiktok.harvests import Harvest
from tiktok.routes import Route

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider

logger = logging.getLogger(__name__)

COLLECT_EVERY = 10
"""Visits between two looks for garbage cycles: Playwright's pages are full of them, and a crawl looks rarely."""


class BrowserLost(Exception):  # noqa: N818  # says what happened
    """Chromium ended, or had to be ended because it stood still."""


@dataclass(slots=True)
class Stay:
    """One visit from its request to its answer, and what must be cleared away when it ends in the middle."""

    request: Request
    harvest: Harvest
    visit: Visit | None = None
    page: Page | None = None
    stopped: str | None = None
    """Why it ended before the list did."""
    cookies: list[Cookie] = field(default_factory=list)
    """Of its context, afterwards."""

    @classmethod
    def of(cls, request: Request) -> Self:
        errand: Errand = request.meta["errand"]
        return cls(request, Harvest(errand.operation, errand.target, errand.known))

    @property
    def errand(self) -> Errand:
        errand: Errand = self.request.meta["errand"]
        return errand


class BrowserHandler:
    """One browser per crawl, started with its first request and replaced when it is lost."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.stats = crawler.stats
        self.patience = Patience(
            seconds=settings.getfloat("BROWSER_PATIENCE_SECONDS"),
            call_seconds=settings.getfloat("BROWSER_CALL_SECONDS"),
            pause_seconds=settings.getfloat("BROWSER_PAUSE_SECONDS"),
        )
        self.navigation_seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.contexts = Contexts()
        self.machine: Machine | None = None
        self.is_broken = False
        self._visits = 0
        self._starting = asyncio.Lock()
        self._pages = asyncio.Semaphore(settings.getint("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"))
        self._burials: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Visit the page; should the browser be lost meanwhile, once more with another."""
        async with self._pages:
            try:
                return await self._visit(request)
            except BrowserLost:
                logger.warning("The browser is gone; starting another one for %s", request.url)
                return await self._visit(request, is_last=True)

    async def close(self) -> None:
        """Leave no process behind."""
        if self.machine:
            await self.machine.close()
        await asyncio.gather(*self._burials)

    async def _visit(self, request: Request, *, is_last: bool = False) -> Response:
        machine = await self._running()
        stay = Stay.of(request)
        self.stats.inc_value("browser/visits")
        async with self.contexts.room(_guest_book_name(request)) as room:
            try:
                await self._walk(machine, room, stay)
            except PlaywrightTimeout as error:
                raise DownloadTimeoutError(_first_line(error)) from error
            except (PageHung, TimeoutError, TargetClosedError) as error:
                await self._end(machine, stay, error, is_last=is_last)
            except Error as error:
                raise DownloadFailedError(_first_line(error)) from error
            finally:
                await self._leave(machine, stay)
        self._visits += 1
        if self._visits % COLLECT_EVERY == 0:
            gc.collect()
        return self._answer(stay)

    async def _walk(self, machine: Machine, room: Room, stay: Stay) -> None:
        """Open the page, let the visit take its course, take the cookies along."""
        request = stay.request

        async def prepare(page: Page, _request: Request) -> None:
            stay.page = page
            stay.visit = Visit(page, stay.harvest, self.patience, self._wish(stay.errand))
            room.context = page.context
            await dress(page, request)

        options = context_options(request, self.crawler.settings) | self.contexts.storage(room.identity)
        # A navigation that does not even time out is a page or a browser that hangs.
        async with asyncio.timeout(self.navigation_seconds + self.patience.call_seconds):
            await machine.open(
                request.url, room.name, options, prepare, timeout=self.navigation_seconds * 1000
            )
        assert stay.visit
        stay.stopped = await stay.visit.walk()
        stay.cookies = await stay.visit.cookies()

    def _wish(self, errand: Errand) -> Wish:
        arguments = getattr(self.crawler.spider, "arguments", {})
        return Wish(
            is_enough=is_enough(errand),
            is_called_off=lambda: not self.crawler.crawling,
            unfolds=arguments.get("replies", True),
        )

    async def _end(self, machine: Machine, stay: Stay, error: Exception, *, is_last: bool) -> None:
        """Sort out what stopped a visit; what it has found by then is kept, where nothing better can come."""
        is_listening = machine.is_alive and stay.page is not None and await machine.close_page(stay.page)
        if not is_listening:
            self._bury(machine)
            if not is_last:
                raise BrowserLost from error
        self.stats.inc_value("browser/hung_pages" if is_listening else "browser/lost")
        stay.stopped = "the page hung" if is_listening else "the browser was lost"
        if not any(stay.harvest.row_keys()):
            raise DownloadTimeoutError(f"{stay.request.url}: {stay.stopped}") from error

    def _answer(self, stay: Stay) -> Response:
        """Turn the harvest into a response for the middlewares."""
        harvest = stay.harvest
        if harvest.judgement is None:
            raise DownloadTimeoutError(f"{stay.request.url}: no document came")
        refusal = harvest.broken_off
        if refusal:
            stay.errand.refusals.append(Refusal(Route.BROWSER, refusal))
            stay.request.meta["broken_off"] = refusal
        reply = harvest.reply(stay.stopped)
        self.stats.inc_value("browser/answers", harvest.size)
        stay.request.meta["harvest"] = reply
        response_class = responsetypes.from_args(url=reply.url, body=reply.body)
        return response_class(
            url=reply.url,
            status=reply.status,
            headers=write_cookies(stay.cookies),
            body=reply.body,
            request=stay.request,
        )

    async def _leave(self, machine: Machine, stay: Stay) -> None:
        if stay.visit:
            await stay.visit.settle()
        if stay.page and not stay.page.is_closed() and not await machine.close_page(stay.page):
            self._bury(machine)

    async def _running(self) -> Machine:
        """The browser, started when there is none."""
        async with self._starting:
            if self.machine and not self.machine.is_alive:
                self._bury(self.machine)
            if self.machine is None:
                self.machine = await self._start()
            return self.machine

    async def _start(self) -> Machine:
        chromium = chromium_of(self.crawler.settings)
        if self.is_broken or chromium is None:
            raise DownloadFailedError(f"no browser: {ADVICE}")
        machine = Machine(
            self.crawler, launch_options(chromium, self.crawler.settings), self.patience.call_seconds
        )
        try:
            await machine.start()
        except Error as error:
            self.is_broken = True
            logger.warning("Route browser is off: %s does not start: %s", chromium, _first_line(error))
            cast("TikTokSpider", self.crawler.spider).dispatcher.close_route(Route.BROWSER)
            await machine.close()
            raise DownloadFailedError(f"{chromium} does not start") from error
        self.stats.inc_value("browser/started")
        return machine

    def _bury(self, machine: Machine) -> None:
        """End a lost browser in the background; the next visit starts another."""
        if self.machine is not machine:
            return
        self.machine = None
        self.contexts.forget()
        machine.kill()
        task = asyncio.get_running_loop().create_task(machine.close())
        self._burials.add(task)
        task.add_done_callback(self._burials.discard)


def _guest_book_name(request: Request) -> str:
    """What tells this visitor's context from others'."""
    identity = identity_of(request)
    return f"identity-{identity.id}" if identity else f"guest-{request.meta.get('proxy') or 'direct'}"


def _first_line(error: Error) -> str:
    return error.message.partition("\n")[0]
