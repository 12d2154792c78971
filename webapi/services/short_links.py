"""Where the address of a post leads, short links included: without fetching the post."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from store.config import Config
from store.errors import NotDelivered
from store.outbound.destinations import PORTS, read_authority
from store.outbound.guard import Guard
from store.outbound.sending import get
from tiktok.endpoints import short_link_ask
from tiktok.errors import ForeignHop, ShortLinkDeadEnd, ShortLinkError
from tiktok.short_links import next_hop
from tiktok.targets import Target, TargetKind
from tiktok.urls import read_target
from tiktok.verdicts import Verdict
from webapi.services.errors import Missing, Unusable
from webapi.services.lookups import LookupRefused, Trouble

FIELD = "url"


def find_post(
    config: Config, url: str, now: datetime, look_up_post: Callable[[str], Target], *, follows: bool
) -> Target:
    """Read the address of a post; a short link is followed to it where `follows` says so.

    While no request may go out but through a proxy, `look_up_post` has to find it. Raises `InvalidTarget` or
    `Unusable` for what is none, `Missing` for a dead link, `LookupRefused` when the site does not tell.
    """
    site = config.tiktok_base_url
    target = read_target(url, TargetKind.VIDEO, now=now, field=FIELD, site=site)
    if target.kind is not TargetKind.SHORT_LINK:
        return target
    if not follows:
        raise Unusable(f"{FIELD}: is a short link, which says nothing itself; set resolve_redirects to true")
    needs_proxy = config.enable_proxy and config.require_proxy
    found = look_up_post(target.url) if needs_proxy else _follow(target, site, config.live_deadline_seconds)
    if found.kind is not TargetKind.VIDEO:
        raise Unusable(f"{FIELD}: leads to an address of the kind {found.kind}, not to a post")
    return found


def _follow(link: Target, site: str, seconds: float) -> Target:
    """Follow the redirects by hand, each checked before it is asked; all of them have so long together."""
    ask = short_link_ask(link, site=site)
    guard = Guard([_authority(site)])
    url, hops, end = ask.url, 0, time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if left <= 0:
            raise LookupRefused(
                Trouble.TOO_SLOW, f"{FIELD}: was not followed to its end within {seconds:g} s"
            )
        try:
            reply = get(guard, url, ask.headers, timeout_seconds=left)
            hop = next_hop(url, reply.location, hops, site=site)
        except NotDelivered as error:
            raise LookupRefused(Verdict.NETWORK, f"{FIELD}: {error}") from None
        except ForeignHop as error:
            raise Unusable(f"{FIELD}: {error}") from None
        except ShortLinkDeadEnd as error:
            raise Missing(f"{FIELD}: {error}") from None
        except ShortLinkError as error:
            raise LookupRefused(Verdict.NO_DATA, f"{FIELD}: {error}, HTTP {reply.status}") from None
        if isinstance(hop, Target):
            return hop
        url, hops = hop, hops + 1


def _authority(site: str) -> tuple[str, int]:
    parts = urlsplit(site)
    return read_authority(parts.netloc, PORTS[parts.scheme])
