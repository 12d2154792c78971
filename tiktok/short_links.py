"""Where a short link leads, hop by hop. The asking is done elsewhere; here is decided what may be asked.

Links are resolved without a browser, with the User-Agent of a link preview: TikTok redirects those and shows
others a page. A link that is dead, or refused to us, leads to the bare front page.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from tiktok.errors import ForeignHop, InvalidTarget, ShortLinkDeadEnd, ShortLinkUnresolved, TooManyHops
from tiktok.urls import SITE, Target, TargetKind, read_target

MAX_HOPS = 5
"""Redirects that we follow; links seen so far need two at most."""
PREVIEW_USER_AGENT = "facebookexternalhit/1.1"
"""For these hops only; yt-dlp and gallery-dl send it too (2026)."""

_DOMAINS = ("tiktok.com", "tiktokv.com", "shop-id.tokopedia.com")
"""A link may pass these and their subdomains. Being a list of names, it leaves out every IP address."""
_HOST = re.compile(r"[a-z0-9.-]+")
"""What a host may be made of; a backslash, for one, reads as a slash to some clients."""


def next_hop(url: str, location: str | None, hops: int, *, site: str = SITE) -> str | Target:
    """What follows when `url` answered with `location`: a URL to ask next, or the target.

    `hops` counts the redirects followed so far; `location` is `None` when the answer was no redirect. Raises
    `ShortLinkDeadEnd`, `ShortLinkUnresolved`, `TooManyHops` or `ForeignHop`.
    """
    reached = _reach(url, location, site)
    address = reached.geturl()
    if location and hops >= MAX_HOPS:
        raise TooManyHops(address)
    if not reached.path.strip("/"):
        raise ShortLinkDeadEnd(address)
    target = _target(address, site)
    if target:
        return target
    if not location:
        raise ShortLinkUnresolved(address)
    return address


def _reach(url: str, location: str | None, site: str) -> SplitResult:
    """The address that the answer points to, if it is one that we visit."""
    try:
        reached = urlsplit(urljoin(url, location) if location else url)
        port = reached.port
    except ValueError:
        raise ForeignHop(location or url) from None
    host = reached.hostname or ""
    is_ours = reached.netloc == urlsplit(site).netloc
    is_named = _HOST.fullmatch(host) and any(host == name or host.endswith(f".{name}") for name in _DOMAINS)
    is_plain = port in (None, 80, 443) and "@" not in reached.netloc
    if reached.scheme not in ("http", "https") or not (is_ours or (is_named and is_plain)):
        raise ForeignHop(reached.geturl())
    return reached


def _target(address: str, site: str) -> Target | None:
    """The target at the address, unless it is none or another short link."""
    try:
        target = read_target(address, site=site)
    except InvalidTarget:
        return None
    return None if target.kind is TargetKind.SHORT_LINK else target
