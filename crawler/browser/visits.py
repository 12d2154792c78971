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
from typing import Any, TypeVar

from playwright.async_api import Cookie, Error, Page, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawler.browser.words import MANUALS, MODAL_CLOSER, REFRESH, SOFT_ERROR, Manual
from tiktok.harvests import Harvest
from tiktok.replies import Reply
from tiktok.verdicts import PERMANENT, Verdict

T = TypeVar("T")

ROUNDS = 5
"""So often a page is scrolled in vain before it is believed to have no more for us (facts D.2)."""
REFRESHES = 2
"""How often "Something went wrong" is answered by its button."""
FINAL = PERMANENT | {Verdict.CAPTCHA, Verdict.LOGIN_REQUIRED, Verdict.RATE_LIMITED}
"""Verdicts that more of the same visit won't change, or would make worse."""
CLICK_SECONDS = 3.0

_LOOK = """([error, closer]) => {
  const seen = (text) => document.body && document.body.innerText.includes(text);
  return {error: seen(error), modal: !!document.querySelector(closer)};
}"""
_SCROLL = """([item, container, again]) => {
  const items = item ? document.querySelectorAll(item) : [];
  const boxes = [document.scrollingElement, container && document.querySelector(container)];
  for (let box = items[items.length - 1]; box; box = box.parentElement) boxes.push(box);
  for (const box of boxes) {
    if (!box || box.scrollHeight <= box.clientHeight) continue;
    if (again) box.scrollTop -= box.clientHeight;
    box.scrollTop = box.scrollHeight;
  }
}"""
"""Scrolls whatever holds the list; a page that stands at its end notices only a way up and down again."""
_UNFOLD = """(unfolder) => {
  const folded = [...document.querySelectorAll(unfolder)].filter((one) => !one.dataset.unfolded);
  for (const one of folded) { one.dataset.unfolded = '1'; one.click(); }
  return folded.length;
}"""


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
    """Between two scrolls: each makes the page send a request."""


class Visit:
    """What happens on one page, from before it is opened until its harvest is in."""

    def __init__(
        self,
        page: Page,
        harvest: Harvest,
        patience: Patience,
        *,
        is_enough: Callable[[Harvest], bool],
    ) -> None:
        self.page = page
        self.harvest = harvest
        self.patience = patience
        self.is_enough = is_enough
        self.refreshes = 0
        self._news = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()
        # Before anything is opened: the first answers come with the page itself.
        page.on("response", self._note)

    async def walk(self) -> str | None:
        """Make the page show what was asked for; say why it stopped, `None` when there was no more to get."""
        began = monotonic()
        if not await self._arrive():
            return None
        if self._is_done():
            return None
        await self._open()
        stale = 0
        while not self._is_done():
            if monotonic() - began > self.patience.visit_seconds:
                return f"the visit took {self.patience.visit_seconds:.0f} s"
            before = self.harvest.size
            await self._go_further(again=stale > 0)
            stale = 0 if await self._wait_for_news(before) else stale + 1
            if stale >= ROUNDS:
                return f"nothing new in {self.patience.seconds:.0f} s"
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
        if self.harvest.wants(response.url) or self._is_document(response):
            task = asyncio.get_running_loop().create_task(self._read(response))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    def _is_document(self, response: Response) -> bool:
        is_navigation = response.request.is_navigation_request() and response.frame == self.page.main_frame
        return is_navigation and not 300 <= response.status < 400

    async def _read(self, response: Response) -> None:
        try:
            body = await response.body()
            headers = await response.all_headers()
        except Error:
            return  # gone with its page; the page's silence is noticed elsewhere
        reply = Reply(url=response.url, status=response.status, headers=headers, body=body)
        if response.request.is_navigation_request():
            self.harvest.page = reply
        else:
            self.harvest.add(reply)
        self._news.set()

    async def _arrive(self) -> bool:
        """Wait for the document, and past the firewall's waiting page; tell whether there is a page to use."""
        began = monotonic()
        while self.harvest.page is None or self.harvest.is_waiting_page:
            is_waiting = self.harvest.page is not None
            most = self.patience.waiting_page_seconds if is_waiting else self.patience.seconds
            if monotonic() - began >= most:
                return False
            await self._wait(most - (monotonic() - began))
        return True

    async def _open(self) -> None:
        """Click what must be clicked before the list is fetched."""
        manual = self._manual
        if manual is None or manual.opener is None:
            return
        with suppress(PlaywrightTimeout):
            await self.page.wait_for_selector(manual.opener, timeout=self.patience.seconds * 1000)
            await self._tidy()
            await self._call(self.page.click(manual.opener, timeout=CLICK_SECONDS * 1000))

    async def _go_further(self, *, again: bool) -> None:
        """Clear the way, unfold what is folded, scroll to the end."""
        await self._tidy()
        manual = self._manual
        if manual is None:
            return
        if manual.unfolder:
            await self._call(self.page.evaluate(_UNFOLD, manual.unfolder))
        if self.patience.pause_seconds:
            await asyncio.sleep(self.patience.pause_seconds)
        await self._call(self.page.evaluate(_SCROLL, [manual.item, manual.container, again]))

    async def _tidy(self) -> None:
        """Close the invitation to log in; ask again where the page says that something went wrong."""
        look: dict[str, Any] = await self._call(
            self.page.evaluate(_LOOK, [SOFT_ERROR, MODAL_CLOSER.partition(",")[0]])
        )
        if look["modal"]:
            await self._click(MODAL_CLOSER)
        if look["error"] and self.refreshes < REFRESHES:
            self.refreshes += 1
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
        refusal = self.harvest.refusal()
        if refusal and (refusal.verdict in FINAL or self.refreshes >= REFRESHES):
            return True
        return self.is_enough(self.harvest)

    @property
    def _manual(self) -> Manual | None:
        return MANUALS.get(self.harvest.operation)
