"""Which routes this process can walk: those of plain HTTP always, others when what they need is there."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping

from scrapy.settings import BaseSettings

from crawler.browser.chromium import ADVICE, chromium_of
from crawler.dispatch import PLAIN_ROUTES
from tiktok.routes import Route

logger = logging.getLogger(__name__)


class OpenRoutes(Collection[Route]):
    """Routes that are open; a closed one is spoken of when it is first missed, and never again."""

    def __init__(self, missing: Mapping[Route, str]) -> None:
        self._missing = dict(missing)
        self._open = PLAIN_ROUTES | ({Route.BROWSER} - missing.keys())

    def __contains__(self, route: object) -> bool:
        if route in self._open:
            return True
        for missed in [one for one in self._missing if one is route]:
            logger.warning("Route %s is off: %s", missed, self._missing.pop(missed))
        return False

    def __iter__(self) -> Iterator[Route]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)


def open_routes(settings: BaseSettings) -> OpenRoutes:
    """Find out what is there."""
    missing = missing_for_browser(settings)
    return OpenRoutes({Route.BROWSER: missing} if missing else {})


def missing_for_browser(settings: BaseSettings) -> str | None:
    """What keeps the browser away; `None` when nothing does."""
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        return "scrapy-playwright runs within Twisted's reactor only, and that is switched off"
    if chromium_of(settings) is None:
        return f"there is no browser; {ADVICE}"
    return None
