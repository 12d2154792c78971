"""Which routes this process can walk: those of plain HTTP always, others when what they need is there."""

from __future__ import annotations

import logging

from scrapy.settings import BaseSettings

from crawler.browser.chromium import ADVICE, chromium_of
from crawler.dispatch import PLAIN_ROUTES
from tiktok.routes import Route

logger = logging.getLogger(__name__)


def open_routes(settings: BaseSettings) -> frozenset[Route]:
    """Name them; say once what is missing for the others."""
    missing = missing_for_browser(settings)
    if missing:
        logger.info("Route browser is off: %s", missing)
        return PLAIN_ROUTES
    return PLAIN_ROUTES | {Route.BROWSER}


def missing_for_browser(settings: BaseSettings) -> str | None:
    """What keeps the browser away; `None` when nothing does."""
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        return "scrapy-playwright runs within Twisted's reactor only, and that is switched off"
    if chromium_of(settings) is None:
        return f"there is no browser; {ADVICE}"
    return None
