"""Route `browser`: a page of the site is opened in Chromium, and what its script fetches is the answer."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import dataclass, field
from typing import Self

from playwright._impl._errors import TargetClosedError
from playwright.async_api import Cookie, Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.browser.contexts import Contexts, Room
from crawler.browser.cookie_headers import write_cookies
from crawler.browser.enough import is_enough
from crawler.browser.guises import context_options, dress
from crawler.browser.machine import Machine
from crawler.browser.shared import BrowserLost, SharedBrowser, first_line, visitor_name
from crawler.browser.visits import PageHung, Patience, Visit, Wish
from crawler.errands import Errand, Refusal
from tiktok.harvests import Harvest
from tiktok.routes import Route

logger = logging.getLogger(__name__)

COLLECT_EVERY = 10
"""Visits between two looks for garbage cycles: Playwright's pages are full of them, and a crawl looks rarely."""


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
    """Lets a page of the identity's own do the asking, from the first answer to the list's end."""

    def __init__(self, crawler: Crawler, browser: SharedBrowser) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.browser = browser
        self.stats = crawler.stats
        self.patience = Patience(
            seconds=settings.getfloat("BROWSER_PATIENCE_SECONDS"),
            call_seconds=settings.getfloat("BROWSER_CALL_SECONDS"),
            pause_seconds=settings.getfloat("BROWSER_PAUSE_SECONDS"),
        )
        self.contexts = Contexts()
        browser.when_lost.append(self.contexts.forget)
        self._visits = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, browser: SharedBrowser) -> Self:
        return cls(crawler, browser)

    async def download_request(self, request: Request) -> Response:
        """Visit the page; should the browser be lost meanwhile, once more with another."""
        async with self.browser.place(request):
            try:
                return await self._visit(request)
            except BrowserLost:
                logger.warning("The browser is gone; starting another one for %s", request.url)
                return await self._visit(request, is_last=True)

    async def close(self) -> None:
        """Nothing is left open: pages end with their visits, contexts with the browser."""

    async def _visit(self, request: Request, *, is_last: bool = False) -> Response:
        machine = await self.browser.running()
        stay = Stay.of(request)
        self.stats.inc_value("browser/visits")
        async with self.contexts.room(visitor_name(request)) as room:
            try:
                await self._walk(machine, room, stay)
            except PlaywrightTimeout as error:
                raise DownloadTimeoutError(first_line(error)) from error
            except (PageHung, TimeoutError, TargetClosedError) as error:
                await self._end(machine, stay, error, is_last=is_last)
            except Error as error:
                raise DownloadFailedError(first_line(error)) from error
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
            stay.visit = Visit(page, stay.harvest, self.patience, self._wish(request))
            room.context = page.context
            await dress(page, request)

        options = context_options(request, self.crawler.settings) | self.contexts.storage(room.identity)
        # A navigation that does not even time out is a page or a browser that hangs.
        seconds = self.browser.navigation_seconds
        async with asyncio.timeout(seconds + self.patience.call_seconds):
            await machine.open(request.url, room.name, options, prepare, timeout=seconds * 1000)
        assert stay.visit
        stay.stopped = await stay.visit.walk()
        stay.cookies = await stay.visit.cookies()

    def _wish(self, request: Request) -> Wish:
        errand: Errand = request.meta["errand"]
        caller = errand.caller
        arguments = getattr(self.crawler.spider, "arguments", {})
        return Wish(
            is_enough=is_enough(errand),
            is_called_off=lambda: not self.crawler.crawling or (caller is not None and caller.is_gone),
            turn=request.meta.get("turn"),
            unfolds=arguments.get("replies", caller is None),
        )

    async def _end(self, machine: Machine, stay: Stay, error: Exception, *, is_last: bool) -> None:
        """Sort out what stopped a visit; what it has found by then is kept, where nothing better can come."""
        is_listening = machine.is_alive and stay.page is not None and await machine.close_page(stay.page)
        if not is_listening:
            self.browser.bury(machine)
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
            self.browser.bury(machine)
