"""Which routes this process can walk: those of plain HTTP always, others when what they need is there."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator

from scrapy.settings import BaseSettings

from crawler.browser.chromium import ADVICE, chromium_of
from crawler.dispatch import PLAIN_ROUTES
from tiktok.routes import Route

logger = logging.getLogger(__name__)


UPPER_ROUTES = frozenset({Route.SESSION, Route.BROWSER})
"""Routes that need a browser."""


class OpenRoutes(Collection[Route]):
    """Routes that are open; closed ones are spoken of when one is first missed, and never again."""

    def __init__(self, missing: str | None, off: Collection[Route] = ()) -> None:
        """`missing` is what keeps the browser away; `off` are routes that the operator does not want."""
        self._missing = missing
        self._open = (PLAIN_ROUTES if missing else PLAIN_ROUTES | UPPER_ROUTES) - frozenset(off)

    def __contains__(self, route: object) -> bool:
        if route in self._open:
            return True
        if self._missing and route in UPPER_ROUTES:
            logger.warning("Routes session and browser are off: %s", self._missing)
            self._missing = None
        return False

    def __iter__(self) -> Iterator[Route]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)


def open_routes(settings: BaseSettings) -> OpenRoutes:
    """Find out what is there."""
    off = settings.getlist("ROUTES_OFF")
    return OpenRoutes(missing_for_browser(settings), [route for route in Route if route in off])


def missing_for_browser(settings: BaseSettings) -> str | None:
    """What keeps the browser away; `None` when nothing does."""
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        return "scrapy-playwright runs within Twisted's reactor only, and that is switched off"
    if chromium_of(settings) is None:
        return f"there is no browser; {ADVICE}"
    return None
