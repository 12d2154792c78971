"""Route `session`: the JSON endpoints, fetched and signed within an open page of the site."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import Self

from playwright._impl._errors import TargetClosedError
from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response, TextResponse

from crawler.browser.cookie_headers import read_cookies, write_cookies
from crawler.browser.guises import context_options, dress, header_of
from crawler.browser.machine import Machine
from crawler.browser.shared import BrowserLost, SharedBrowser, first_line, visitor_name
from crawler.browser.signed_fetches import SIGNER, Session
from tiktok.replies import Reply

START = "/foryou"
"""Where a session begins: the page that always has the script which signs (facts G)."""
FETCHES = 100
"""Answers that a page gives before another one takes its place: it grows with each."""
KEPT = 4
"""Sessions kept for their identities' next request: as many as live on one exit."""
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "set-cookie", "transfer-encoding"})
"""Headers of an answer that don't speak of the text we have."""


class NoSigner(Exception):  # noqa: N818  # says what happened
    """The page came without the script that signs; what came instead tells why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.url)
        self.reply = reply


class SessionHandler:
    """One page per identity; one that hangs, breaks or has served long enough is replaced."""

    def __init__(self, crawler: Crawler, browser: SharedBrowser) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.browser = browser
        self.stats = crawler.stats
        self.start_url = settings["TIKTOK_BASE_URL"] + START
        self.signer_seconds = settings.getfloat("BROWSER_PATIENCE_SECONDS")
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._made = 0
        browser.when_lost.append(self._forget)

    @classmethod
    def from_crawler(cls, crawler: Crawler, browser: SharedBrowser) -> Self:
        return cls(crawler, browser)

    async def download_request(self, request: Request) -> Response:
        """Fetch; should the browser be lost meanwhile, once more with another."""
        async with self.browser.place(request):
            try:
                return await self._fetch(request)
            except BrowserLost:
                return await self._fetch(request, is_last=True)

    async def close(self) -> None:
        """Pages end with the browser."""
        self._forget()

    async def _fetch(self, request: Request, *, is_last: bool = False) -> Response:
        machine = await self.browser.running()
        name = visitor_name(request)
        session = self._sessions.pop(name, None)  # an identity has one request in flight
        pages = [session.page] if session else []
        try:
            if session is None or not session.is_alive:
                session = await self._open(machine, request, name, pages)
            # The page must answer within the time a call may take; the site takes its own.
            async with asyncio.timeout(self.browser.navigation_seconds):
                reply = await self._ask(session, request)
                cookies = await session.page.context.cookies(session.page.url)
        except NoSigner as refused:
            await self._end(machine, pages)
            return _response(request, refused.reply)
        except (TimeoutError, PlaywrightTimeout, TargetClosedError) as error:
            is_listening = await self._end(machine, pages)
            if not is_listening and not is_last:
                raise BrowserLost from error
            self.stats.inc_value("session/hung" if is_listening else "session/lost")
            raise DownloadTimeoutError(f"{request.url}: the page hung") from error
        except Error as error:
            await self._end(machine, pages)
            raise DownloadFailedError(first_line(error)) from error
        except BaseException:
            await self._end(machine, pages)
            raise
        response = _response(request, reply)
        response.headers.update(write_cookies(cookies))
        await self._keep(machine, name, session)
        return response

    async def _ask(self, session: Session, request: Request) -> Reply:
        """Fetch with the identity's newest cookies: other routes may have brought some."""
        cookies = read_cookies(request.url, header_of(request, "Cookie"))
        if cookies:
            await session.page.context.add_cookies(cookies)
        reply = await session.fetch(request.url)
        self.stats.inc_value("session/fetches")
        return reply

    async def _open(self, machine: Machine, request: Request, name: str, pages: list[Page]) -> Session:
        """Open a page and wait until it can sign; note it in `pages` as soon as it exists."""
        self._made += 1
        self.stats.inc_value("session/opened")

        async def prepare(page: Page, _request: Request) -> None:
            pages.append(page)
            await dress(page, request)

        seconds = self.browser.navigation_seconds
        async with asyncio.timeout(seconds + self.browser.call_seconds):
            shown = await machine.open(
                self.start_url,
                f"session-{name}#{self._made}",
                context_options(request, self.crawler.settings),
                prepare,
                timeout=seconds * 1000,
            )
        page = pages[-1]
        try:
            await page.wait_for_function(SIGNER, timeout=self.signer_seconds * 1000)
        except PlaywrightTimeout:
            async with asyncio.timeout(self.browser.call_seconds):
                body = (await page.content()).encode()
            raise NoSigner(Reply(url=request.url, status=shown.status, body=body)) from None
        return Session.of(page)

    async def _keep(self, machine: Machine, name: str, session: Session) -> None:
        """Put a session by for the next request, in the place of the one that has waited longest."""
        if session.fetches < FETCHES:
            self._sessions[name] = session
            surplus = [self._sessions.popitem(last=False)[1]] if len(self._sessions) > KEPT else []
        else:
            surplus = [session]
        for one in surplus:
            one.forget()
            await self._end(machine, [one.page])

    async def _end(self, machine: Machine, pages: list[Page]) -> bool:
        """Close pages with their contexts; tell whether the browser still listens."""
        is_listening = machine.is_alive
        for page in pages:
            is_listening = await machine.close_page(page) and is_listening
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(self.browser.call_seconds):
                    await page.context.close()
        if not is_listening:
            self.browser.bury(machine)
        return is_listening

    def _forget(self) -> None:
        for session in self._sessions.values():
            session.forget()
        self._sessions.clear()


def _response(request: Request, reply: Reply) -> Response:
    headers = {name: value for name, value in reply.headers.items() if name not in _OF_THE_WIRE}
    return TextResponse(
        request.url, status=reply.status, headers=headers, body=reply.body, encoding="utf-8", request=request
    )
