"""Renews accounts' cookies: each due account opens the site's front page in a browser, as its owner would.

A spider, so that pace, proxies and the browser are those of every crawl; it crawls nothing and stores no rows. Run by
`scrapy identity renew`, and once a day by a node that a worker tells to.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from scrapy import Request

from crawler.errands import Errand
from crawler.spiders.base import AskingSpider
from store.identities import Identity, IdentityBook
from store.jobs.arguments import Argument, read_arguments, switch
from tiktok.endpoints import build_ask
from tiktok.routes import Operation, Route
from tiktok.targets import SITE, Target, TargetKind
from tiktok.verdicts import Judgement, Verdict

logger = logging.getLogger(__name__)

FEED = Target(TargetKind.TRENDING, "trending", f"{SITE}/foryou")
LEASE_SECONDS = 300.0
"""A visit takes less."""
EVERYONE = Argument("everyone", switch, "1: also accounts that are not due", default=False)
NO_RETRY = 99
"""More attempts than any refusal is worth."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """How one account fared."""

    identity_id: int
    label: str
    expires_at: datetime | None
    trouble: str | None = None
    """Why it was not renewed."""


class RenewalSpider(AskingSpider):
    """Visits for one account after the other; whatever comes of it is announced."""

    name = "renewal"
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Scrapy declares it for instances
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {
            "crawler.extensions.log_level.LogLevel": 0,
            "crawler.extensions.identities.Identities": 5,
        },
    }

    def __init__(
        self, name: str | None = None, *, done: Callable[[Renewal], None] | None = None, **given: Any
    ) -> None:
        """`done` is told of each account."""
        super().__init__(name)
        self.everyone: bool = read_arguments(self.name, [EVERYONE], given)["everyone"]
        self.done = done

    async def start(self) -> AsyncIterator[Any]:
        self.open_routes, self.dispatcher.routes = self.dispatcher.routes, frozenset()  # nothing to fall to
        for identity in await asyncio.to_thread(self.book.due_accounts, _now(), everyone=self.everyone):
            self._announce(await self._renew(identity.id, identity.label))
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request  # makes it the generator that Scrapy wants

    @property
    def book(self) -> IdentityBook:
        return self.dispatcher.pool.book

    async def _renew(self, identity_id: int, label: str) -> Renewal:
        holder = self.dispatcher.pool.supply.holder
        identity = await asyncio.to_thread(
            self.book.lease_one, identity_id, holder, _now(), seconds=LEASE_SECONDS
        )
        if identity is None:
            return Renewal(identity_id, label, None, "another crawl uses it; try again later")
        try:
            before = identity.expires_at
            trouble = await self._visit(identity)
            await asyncio.to_thread(self.book.save, identity, _now())
            after = identity.expires_at
            if trouble is None and not self.everyone and (after is None or (before and after <= before)):
                trouble = "the site gave it no more time; log in again and import its cookies anew"
            await asyncio.to_thread(self.book.note_renewal, identity_id, trouble)
            return Renewal(identity_id, label, after, trouble)
        finally:
            await asyncio.to_thread(self.book.release, holder, [identity_id], _now())

    async def _visit(self, identity: Identity) -> str | None:
        """Open the page; the middlewares send the identity's cookies and take what it gets. Say what went wrong."""
        if Route.BROWSER not in self.open_routes:
            return "there is no browser"
        ask = build_ask(
            Operation.TRENDING, Route.BROWSER, FEED, site=self.dispatcher.site, device=identity.device
        )
        errand = Errand(Operation.TRENDING, FEED, route=Route.BROWSER, attempt=NO_RETRY)
        request = Request(
            ask.url,
            headers={**ask.headers, "User-Agent": identity.device.user_agent},
            callback=self.parse,
            dont_filter=True,
            meta={"errand": errand, "visiting": identity, "verbatim_url": True},
        )
        response = await self.crawler.engine.download_async(request)
        judgement: Judgement = response.meta["judgement"]
        return None if judgement.verdict is Verdict.OK else f"{judgement.verdict} ({judgement.rule})"

    def _announce(self, renewal: Renewal) -> None:
        self.crawler.stats.inc_value("renewal/failed" if renewal.trouble else "renewal/renewed")
        if renewal.trouble:
            logger.warning("Not renewed: identity %d: %s", renewal.identity_id, renewal.trouble)
        else:
            logger.info("Renewed: identity %d until %s", renewal.identity_id, renewal.expires_at)
        if self.done:
            self.done(renewal)


def _now() -> datetime:
    return datetime.now(UTC)
