"""What follows a refusal: the same route once more, the next one, or the end of the errand."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.callers import LONGEST_WAIT_SECONDS
from crawler.dispatch import Dispatcher
from crawler.errands import Errand, Refusal
from crawler.identities import NobodyMayAsk, Stopped
from tiktok.aftermath import Accept, Change, Cost, Fall, GiveUp, Retry, Step, aftermath_of, next_step
from tiktok.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider

logger = logging.getLogger(__name__)

OTHERS = (Change.IDENTITY, Change.EXIT, Change.REQUEST_SHAPE, Change.LOGIN)
"""Changes that another identity brings with it."""


class RouteMiddleware:
    """Walks an errand up the ladder of `tiktok.routes`; a spider sees only good answers and final refusals."""

    def __init__(self, crawler: Crawler, stats: StatsCollector) -> None:
        self.crawler = crawler
        self.stats = stats
        self.is_patient = crawler.settings.getbool("POLITE_PACE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.stats)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if "judgement" not in request.meta:
            return response
        errand: Errand = request.meta["errand"]
        judgement: Judgement = request.meta["judgement"]
        try:
            return await self._go_on(request, response, errand, judgement)
        except NobodyMayAsk as nobody:
            assert errand.caller
            errand.caller.retry_after_seconds = nobody.judgement.retry_after_seconds
            return self._give_up(request, response, errand, judgement, permanent=False)
        except Stopped:
            raise IgnoreRequest("the crawl is being ended") from None

    async def _go_on(
        self, request: Request, response: Response, errand: Errand, judgement: Judgement
    ) -> Request | Response:
        assert errand.route
        step = self._next(errand, judgement, errand.attempt)
        if isinstance(step, Retry) and not await self._is_worth_it(request, errand, step, judgement):
            step = self._next(errand, judgement, len(aftermath_of(judgement).retries))
        match step:
            case Accept():
                # The spider may wait long with what was found, for its next identity or the database.
                request.meta["reply"].forget_document()
                return response
            case Retry(wait_seconds=wait, change=change):
                again = await self._retry(request, errand, wait, change, judgement)
                return again or self._give_up(request, response, errand, judgement, permanent=False)
            case Fall(route=route):
                errand.refusals.append(Refusal(errand.route, judgement))
                logger.debug(
                    "%s: %s by %s, next %s", errand.target.url, judgement.verdict, errand.route, route
                )
                self.stats.inc_value(f"route/{errand.route}/left")
                assert request.callback
                fallen = await self.dispatcher.fall(errand, request.callback, route)
                return fallen or self._give_up(request, response, errand, judgement, permanent=False)
            case GiveUp(verdict=verdict, permanent=permanent):
                final = _telling(verdict, judgement, errand)
                return self._give_up(request, response, errand, final, permanent=permanent)

    def _next(self, errand: Errand, judgement: Judgement, attempt: int) -> Step:
        assert errand.route
        return next_step(
            judgement,
            errand.operation,
            errand.route,
            attempt,
            self.dispatcher.routes,
            confirmed_by=[r.route for r in errand.refusals if r.judgement.verdict is Verdict.NOT_FOUND],
            seen=[refusal.judgement.verdict for refusal in errand.refusals],
        )

    async def _is_worth_it(self, request: Request, errand: Errand, step: Retry, judgement: Judgement) -> bool:
        """A refused identity asks the same thing again only when another one can: else the next route is better.

        So it is where somebody waits who would have to wait long.
        """
        if errand.caller and self.is_patient and step.wait_seconds > LONGEST_WAIT_SECONDS:
            return False
        if step.change not in OTHERS:
            return True
        errand.avoid.add(request.meta["identity_id"])
        if step.change is Change.EXIT:
            errand.avoid_exits.add(request.meta["exit_id"])
        wanted = replace(errand.wanted, login=errand.needs_login or step.change is Change.LOGIN)
        is_held_against = aftermath_of(judgement).cost in (Cost.STREAK, Cost.COOL)
        is_a_must = is_held_against or step.change in (Change.EXIT, Change.LOGIN)
        if is_a_must and not await self.dispatcher.pool.has(wanted):
            return False
        errand.needs_login = wanted.login
        return True

    @property
    def dispatcher(self) -> Dispatcher:
        return cast("TikTokSpider", self.crawler.spider).dispatcher

    async def _retry(
        self, request: Request, errand: Errand, wait: float, change: Change, judgement: Judgement
    ) -> Request | None:
        """Ask once more; without the polite pace, against a site of our own, without the wait."""
        route = errand.route
        errand.attempt += 1
        self.stats.inc_value(f"route/{errand.route}/retried")
        if self.is_patient and wait:
            logger.info("%s: waiting %.0f s before asking again", errand.target.url, wait)
            await asyncio.sleep(wait)
        errand.change = change
        assert request.callback
        again = await self.dispatcher.request(errand, request.callback)
        if errand.route is not route:  # its circuit opened meanwhile
            assert route
            errand.refusals.append(Refusal(route, judgement))
        return again

    def _give_up(
        self, request: Request, response: Response, errand: Errand, judgement: Judgement, *, permanent: bool
    ) -> Response:
        logger.debug("%s: gave up, %s (%s)", errand.target.url, judgement.verdict, judgement.rule)
        request.meta.update(
            last_judgement=request.meta["judgement"], judgement=judgement, is_permanent=permanent
        )
        return response


def _telling(verdict: Verdict, last: Judgement, errand: Errand) -> Judgement:
    """The judgement that the final verdict comes from: the last one, or one of a route left before."""
    earlier = (refusal.judgement for refusal in errand.refusals if refusal.judgement.verdict is verdict)
    return last if last.verdict is verdict else next(earlier, Judgement(verdict, last.rule, last.detail))
