"""Nothing is sent before its turn: one governor for all processes, per exit and per identity (`store.pace`)."""

from __future__ import annotations

import math
from functools import partial
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.callers import Caller, NoTurn
from crawler.configuration import config_of
from store.identities import Identity
from store.pace import Governor, Rates, TurnTooLate, open_governor
from tiktok.routes import Operation
from tiktok.verdicts import Judgement, Verdict

HOLD_SECONDS = 60.0
"""After a 429 that names no time (facts D.2)."""


class PaceMiddleware:
    """Off without `POLITE_PACE`, against a site of our own."""

    def __init__(self, governor: Governor, rates: Rates, stats: StatsCollector) -> None:
        self.governor = governor
        self.rates = rates
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("POLITE_PACE"):
            raise NotConfigured
        config = config_of(settings)
        middleware = cls(open_governor(config), Rates(config), crawler.stats)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    async def spider_closed(self) -> None:
        await self.governor.close()

    async def process_request(self, request: Request) -> None:
        identity: Identity | None = request.meta.get("identity") or request.meta.get("visiting")
        if identity is None:
            return
        errand = request.meta.get("errand")
        operation = errand.operation if errand else Operation.PROFILE
        # A browser's page sends more requests than its first: each takes a turn of its own.
        request.meta["turn"] = turn = partial(self._turn, identity, operation)
        caller: Caller | None = request.meta.get("caller")
        if caller is None:
            await turn()
            return
        try:
            await caller.stay_for(turn(most_seconds=caller.seconds_left))
        except TurnTooLate as late:
            raise NoTurn(identity.exit_id, late.wait_seconds) from None

    async def _turn(
        self, identity: Identity, operation: Operation, *, most_seconds: float = math.inf
    ) -> None:
        buckets = [self.rates.exit(identity.exit_id), self.rates.identity(identity.id, operation)]
        waited = await self.governor.turn(buckets, most_seconds=most_seconds)
        self.stats.inc_value("pace/waited_ms", round(waited * 1000))

    async def process_response(self, request: Request, response: Response) -> Response:
        identity: Identity | None = request.meta.get("identity")
        judgement: Judgement | None = request.meta.get("judgement")
        if identity is not None and judgement and judgement.verdict is Verdict.RATE_LIMITED:
            seconds = judgement.retry_after_seconds or HOLD_SECONDS
            await self.governor.hold(self.rates.exit(identity.exit_id).key, seconds)
            self.stats.inc_value("pace/held")
        return response
