"""Fetches from within a page of the site, whose own script signs them: TikTokApi's part of the work.

TikTokApi is used as it is. Its sessions are made here, from pages that are dressed like all of ours, because those it
makes itself hold no identity, start a browser of their own, and wait until a page is idle, which TikTok's may
never be. The endpoints hang on its last instance as class attributes, so a process has one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache

from playwright.async_api import Page
from TikTokApi import TikTokApi
from TikTokApi.tiktok import TikTokPlaywrightSession

from tiktok.replies import Reply

SIGNER = "window.byted_acrawler !== undefined"
"""True in a page whose script signs what the page fetches (facts G)."""
_UNQUOTED = str.maketrans({"'": "%27", "\\": "%5C"})
"""TikTokApi writes the address between quotes into a script."""


@cache
def tiktok_api() -> TikTokApi:
    """The process's only instance, without the log handler that each of them adds."""
    api = TikTokApi(logging_level=logging.CRITICAL)  # what it has to say is an exception, too
    api.logger.handlers.clear()
    return api


@dataclass(slots=True, eq=False)
class Session:
    """One page that stays open between the fetches of its identity."""

    page: Page
    borrowed: TikTokPlaywrightSession
    """The same page, as TikTokApi knows it."""
    fetches: int = 0

    @classmethod
    def of(cls, page: Page) -> Session:
        """Make TikTokApi acquainted with a page."""
        borrowed = TikTokPlaywrightSession(page.context, page, headers={}, params={}, base_url=page.url)
        tiktok_api().sessions.append(borrowed)
        return cls(page, borrowed)

    @property
    def is_alive(self) -> bool:
        return bool(self.borrowed.is_valid) and not self.page.is_closed()

    async def fetch(self, url: str) -> Reply:
        """Fetch an address of the page's site, and tell all of the answer: TikTokApi returns its text only."""
        address = url.translate(_UNQUOTED)
        api = tiktok_api()
        self.fetches += 1
        # The signature is put behind what was asked for.
        async with self.page.expect_response(lambda answer: answer.url.startswith(address)) as coming:
            text = await api.run_fetch_script(address, {}, session_index=api.sessions.index(self.borrowed))
        answer = await coming.value
        headers = await answer.all_headers()
        return Reply(url=url, status=answer.status, headers=headers, body=text.encode())

    def forget(self) -> None:
        """Leave TikTokApi without this page; it may have done so by itself."""
        sessions = tiktok_api().sessions
        if self.borrowed in sessions:
            sessions.remove(self.borrowed)
