"""One visit to a page: it is opened, scrolled and clicked until its script has fetched what was asked for.

The page fetches and signs; we listen. A visit waits for data, never for the page to be "loaded" or idle, which
TikTok's pages may not be for a minute. It ends with the list's explicit end, with as many rows as were asked
for, or when nothing new came for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from playwright.async_api import Cookie, Error, Page, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawler.browser.gestures import LOOK, SCROLL, UNFOLD
from crawler.browser.words import MANUALS, MODAL_CLOSER, REFRESH, Manual
from tiktok.harvests import Harvest
from tiktok.replies import Reply
from tiktok.verdicts import PERMANENT, Verdict

T = TypeVar("T")

ROUNDS = 5
"""So often a page is scrolled in vain before it is believed to have no more for us (facts D.2)."""
REFRESHES = 2
"""How often "Something went wrong" is answered by its button."""
LOOK_SECONDS = 0.5
"""How often one who waits for a turn looks whether the visit is called off."""
CLICK_SECONDS = 3.0
"""For what is to be clicked to be there and let itself be clicked."""
FINAL = PERMANENT | {Verdict.CAPTCHA, Verdict.LOGIN_REQUIRED, Verdict.RATE_LIMITED}
"""Verdicts that more of the same visit won't change, or would make worse."""


class PageHung(Exception):  # noqa: N818  # says what happened
    """The page does not answer: its script turns in circles, or the whole browser stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a visit waits for what."""

    seconds: float = 25.0
    """Without anything new, over all rounds."""
    waiting_page_seconds: float = 60.0
    """For the firewall's waiting page to let the browser in (facts D.2)."""
    call_seconds: float = 15.0
    """For the page to do one thing."""
    visit_seconds: float = 1800.0
    """For all of it."""
    pause_seconds: float = 0.0
    """Before each scroll and click that makes the page send a request, beside the turn it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visit is for."""

    is_enough: Callable[[Harvest], bool]
    is_called_off: Callable[[], bool] = lambda: False
    """The crawl is about to stop: come home with what there is."""
    turn: Callable[[], Awaitable[None]] | None = None
    """Comes back when the page may send its next request; nothing where requests have no pace."""
    unfolds: bool = True
    """Rows are wanted with what is folded away below them."""


class Visit:
    """What happens on one page, from before it is opened until its harvest is in."""

    def __init__(self, page: Page, harvest: Harvest, patience: Patience, wish: Wish) -> None:
        self.page = page
        self.harvest = harvest
        self.patience = patience
        self.wish = wish
        self.refreshes = 0
        self._size_at_refresh = 0
        self._unfolded = 0
        self._began = monotonic()
        self._news = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()
        # Before anything is opened: the first answers come with the page itself.
        page.on("response", self._note)

    async def walk(self) -> str | None:
        """Make the page show what was asked for; say why it stopped, `None` when there was no more to get."""
        if not await self._arrive():
            return None
        if not self._is_done():
            await self._open()
        stale = 0
        while not self._is_done():
            if reason := self._out_of_time():
                return reason
            before = self.harvest.size
            await self._go_further(again=stale > 0)
            stale = 0 if await self._wait_for_news(before) else stale + 1
            if stale >= ROUNDS:
                return f"nothing new in {self.patience.seconds:g} s"
        await self._unfold_the_rest()
        return None

    async def cookies(self) -> list[Cookie]:
        """What the visitor's cookies are now."""
        return await self._call(self.page.context.cookies(self.page.url))

    async def settle(self) -> None:
        """Stop listening and let go of what is still being read."""
        with suppress(Error):
            self.page.remove_listener("response", self._note)
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _note(self, response: Response) -> None:
        """Read a body at once: Chromium keeps bodies for a moment only."""
        is_document = self._is_document(response)
        if is_document or self.harvest.wants(response.url):
            task = asyncio.get_running_loop().create_task(self._read(response, is_document=is_document))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    def _is_document(self, response: Response) -> bool:
        is_redirect = 300 <= response.status < 400
        return (
            response.request.is_navigation_request()
            and not is_redirect
            and response.frame == self.page.main_frame
        )

    async def _read(self, response: Response, *, is_document: bool) -> None:
        try:
            body = await response.body()
            headers = await response.all_headers()
        except Error:
            return  # gone with its page; the page's silence is noticed elsewhere
        reply = Reply(url=response.url, status=response.status, headers=headers, body=body)
        if is_document:
            self.harvest.show(reply)
        else:
            self.harvest.add(reply)
        self._news.set()

    async def _arrive(self) -> bool:
        """Wait for the document, and past the firewall's waiting page; tell whether there is a page to use."""
        while self.harvest.page is None or self.harvest.is_waiting_page:
            is_waiting = self.harvest.page is not None
            most = self.patience.waiting_page_seconds if is_waiting else self.patience.seconds
            left = most - (monotonic() - self._began)
            if left <= 0:
                if self._reading and not is_waiting:
                    raise PageHung(self.page.url)  # its document has come, and can't be read
                return False
            await self._wait(left)
        return True

    async def _open(self) -> None:
        """Click what must be clicked before the list is fetched."""
        manual = self._manual
        if manual is None or manual.opener is None:
            return
        with suppress(PlaywrightTimeout):
            await self.page.wait_for_selector(manual.opener, timeout=self.patience.seconds * 1000)
        await self._tidy()
        await self._click(manual.opener)

    async def _go_further(self, *, again: bool) -> None:
        """Clear the way, unfold what is folded, scroll to the end."""
        await self._tidy()
        if manual := self._manual:
            await self._unfold(manual)
            await self._take_turn()
            await self._call(self.page.evaluate(SCROLL, [manual.item, manual.container, again]))
            await self._ask_for_more(manual)

    async def _ask_for_more(self, manual: Manual) -> None:
        """Press the button that brings more rows, where there is one."""
        if not manual.more:
            return
        is_there: bool = await self._call(self.page.locator(manual.more).first.is_visible())
        if is_there:
            await self._take_turn()
            await self._click(manual.more)

    async def _unfold_the_rest(self) -> None:
        """No more rows are wanted; the last of them are still folded."""
        manual = self._manual
        if manual is None or self.harvest.refusal:
            return
        while not self._out_of_time():
            before = self.harvest.size
            is_underway = await self._unfold(manual) or self.harvest.along < self._unfolded
            if not is_underway or not await self._wait_for_news(before):
                return

    async def _unfold(self, manual: Manual) -> int:
        """Unfold rows: one at a time where requests have a pace."""
        if not manual.unfolder or not self.wish.unfolds:
            return 0
        await self._take_turn()
        most = 1 if self.wish.turn or self.patience.pause_seconds else None
        clicked: int = await self._call(self.page.evaluate(UNFOLD, [manual.unfolder, most]))
        self._unfolded += clicked
        return clicked

    async def _take_turn(self) -> None:
        """Wait until the page may send a request; a turn may be a minute away, a crawl that ends waits for none."""
        await asyncio.sleep(self.patience.pause_seconds)
        if self.wish.turn is None:
            return
        turn = asyncio.ensure_future(self.wish.turn())
        try:
            while not turn.done() and not self.wish.is_called_off():
                await asyncio.wait([turn], timeout=LOOK_SECONDS)
        finally:
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)

    async def _tidy(self) -> None:
        """Close the invitation to log in; ask again where the page says that something went wrong."""
        look: dict[str, bool] = await self._call(self.page.evaluate(LOOK))
        if look["modal"]:
            await self._click(MODAL_CLOSER)
        if look["error"] and self.refreshes < REFRESHES:
            # The page has seen the answer that went wrong; we may still read it. The next one is another.
            if self._reading:
                await asyncio.wait(self._reading, timeout=CLICK_SECONDS)
            self.refreshes += 1
            self._size_at_refresh = self.harvest.size
            await self._click(REFRESH)

    async def _click(self, selector: str) -> None:
        with suppress(PlaywrightTimeout):
            await self._call(self.page.locator(selector).first.click(timeout=CLICK_SECONDS * 1000))

    async def _wait_for_news(self, before: int) -> bool:
        until = monotonic() + self.patience.seconds / ROUNDS
        while self.harvest.size == before:
            left = until - monotonic()
            if left <= 0:
                return False
            await self._wait(left)
        return True

    async def _wait(self, seconds: float) -> None:
        self._news.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    async def _call(self, doing: Awaitable[T]) -> T:
        """Let the page do one thing; raise `PageHung` when it does not come back."""
        try:
            return await asyncio.wait_for(doing, self.patience.call_seconds)
        except TimeoutError:
            raise PageHung(self.page.url) from None

    def _is_done(self) -> bool:
        """Enough came, or a refusal that neither scrolling nor the page's own button will mend."""
        refusal = self.harvest.refusal
        is_answered = self.harvest.size > self._size_at_refresh
        if refusal and (refusal.verdict in FINAL or (self.refreshes >= REFRESHES and is_answered)):
            return True
        return self.wish.is_enough(self.harvest)

    def _out_of_time(self) -> str | None:
        if self.wish.is_called_off():
            return "the crawl was stopped"
        if monotonic() - self._began > self.patience.visit_seconds:
            return f"the visit took {self.patience.visit_seconds:g} s"
        return None

    @property
    def _manual(self) -> Manual | None:
        return MANUALS.get(self.harvest.operation)
