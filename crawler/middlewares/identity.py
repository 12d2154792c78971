"""What an answer did to the identity that got it: booked at once, and the identity is free again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.callers import BrokenOff
from crawler.logins import is_login_over
from store.identities import Identity, IdentityKind, Settlement
from tiktok.aftermath import aftermath_of
from tiktok.verdicts import Judgement

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider


class IdentityMiddleware:
    """Stands behind the verdict and before the route, so that a retry finds its identity free."""

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.stats)

    async def process_response(self, request: Request, response: Response) -> Response:
        identity: Identity | None = request.meta.pop("identity", None)
        if identity is None:
            return response
        request.meta.update(identity_id=identity.id, exit_id=identity.exit_id)
        dispatcher = cast("TikTokSpider", self.crawler.spider).dispatcher
        if await is_login_over(self.crawler, dispatcher.site, identity, request.meta["judgement"]):
            dispatcher.pool.end_login(identity)
            self.stats.inc_value("identity/login_over")
            return response
        settlement = _settlement(identity, request)
        changed = _introduce(identity, request) or request.meta.get("identity_changed", False)
        if settlement is not None:
            self.stats.inc_value(f"identity/cost/{settlement.cost}")
        await dispatcher.pool.give_back(identity, settlement, changed=changed)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Free whoever asked, where that came to nothing by nobody's fault."""
        if isinstance(exception, BrokenOff) and "identity" in request.meta:
            dispatcher = cast("TikTokSpider", self.crawler.spider).dispatcher
            changed = request.meta.get("identity_changed", False)
            await dispatcher.pool.give_back(request.meta.pop("identity"), changed=changed)


def _settlement(identity: Identity, request: Request) -> Settlement | None:
    """What the answer says of the identity: nothing, where a list that has rows shows none of them."""
    # A browser's visit may have found rows before it was refused.
    judgement: Judgement = request.meta.get("broken_off") or request.meta["judgement"]
    run = request.meta["errand"].run
    if judgement.rule == "no_rows" and run is not None and run.declared:
        return None
    return Settlement(
        identity_id=identity.id,
        cost=aftermath_of(judgement).cost,
        at=request.meta["received_at"],
        verdict=judgement.verdict,
        rule=judgement.rule,
        retry_after_seconds=judgement.retry_after_seconds,
    )


def _introduce(identity: Identity, request: Request) -> bool:
    """Take over who the site says a new guest is; it then stays so for life (facts C.3)."""
    visitor = request.meta["reply"].parsed.visitor
    is_new = identity.kind is IdentityKind.GUEST and identity.device.odin_id is None
    if not is_new or visitor is None or visitor.device_id is None:
        return False
    identity.device = replace(
        identity.device,
        device_id=visitor.device_id,
        odin_id=visitor.odin_id,
        web_id_created_at=visitor.created_at,
        region=visitor.region or identity.device.region,
    )
    return True
