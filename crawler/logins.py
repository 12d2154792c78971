"""Whether the site still takes an identity's login: asked before it is given up for one answer."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from store.identities import Identity
from tiktok.signs import says_logged_in
from tiktok.verdicts import Judgement

BEAT = "/passport/token/beat/web/"
"""Wants cookies and no signature (facts B.1)."""
REJECTIONS = frozenset({"login_redirect", "login_expired", "user_not_login", "login_needed"})
"""Rules by which a login is told to be over; the others ask for another kind of account."""


async def is_login_over(crawler: Crawler, site: str, identity: Identity, judgement: Judgement) -> bool:
    """Tell whether an answer ends this identity's login. Some targets send everybody to the login page."""
    if not identity.is_logged_in or judgement.rule not in REJECTIONS:
        return False
    headers = {"User-Agent": identity.device.user_agent}
    beat = Request(f"{site}{BEAT}", headers=headers, dont_filter=True, meta={"visiting": identity})
    try:
        response = await crawler.engine.download_async(beat)
    except Exception:  # noqa: BLE001  # any failure of any download handler
        return False  # another answer will tell
    return not says_logged_in(response.body)
