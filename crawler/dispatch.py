"""From an errand to a Scrapy request: the route to ask by, and the identity that asks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errands import Errand, Refusal
from crawler.identities import LOOK_SECONDS, IdentityPool
from store.circuits import Circuits, Permit, Refused
from store.identities import Identity
from tiktok.aftermath import Change
from tiktok.devices import DEVICE_IDS
from tiktok.endpoints import Ask, build_ask, build_shop_ask
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.routes import SHOP, Operation, Route, next_route
from tiktok.verdicts import Judgement, Verdict

PLAIN_ROUTES = frozenset({Route.EMBED, Route.PAGE, Route.SSR, Route.LIST, Route.API})
"""Routes that need nothing but HTTP."""
OWN_PAGES = frozenset({Route.EMBED, Route.PAGE})
"""Routes whose answer gives a new guest its cookies; before others it visits the front page."""

Callback = Callable[..., Any]


class CircuitOpen(Exception):  # noqa: N818  # says what happened
    """The endpoint refuses everybody and is not asked.

    The verdict is what most others were told, so that how a target ends does not depend on when it was its turn.
    """

    def __init__(self, endpoint: str, refused: Refused) -> None:
        super().__init__(f"{endpoint} is not asked: {refused.why}")
        self.judgement = Judgement(Verdict(refused.verdict), "circuit_open", str(self))


class Dispatcher:
    """Makes requests that carry their errand and the identity that asks. One per crawl.

    Whoever wants a request waits here for an identity, so that no more requests are made than can be sent.
    """

    pool: IdentityPool
    circuits: Circuits

    def __init__(self, crawler: Crawler, site: str, routes: Collection[Route] = PLAIN_ROUTES) -> None:
        self.crawler = crawler
        self.site = site
        self.shop_site: str = crawler.settings["TIKTOK_SHOP_BASE_URL"]
        self.routes = routes
        self.is_patient = crawler.settings.getbool("POLITE_PACE")

    def close_route(self, route: Route) -> None:
        """Do without a route from now on."""
        self.routes = frozenset(self.routes) - {route}

    def now(self) -> datetime:
        """The time of this machine, UTC."""
        return datetime.now(UTC)

    async def request(self, errand: Errand, callback: Callback) -> Request | None:
        """Ask by the errand's route, else by the first below that serves; `None` when no route is left to ask."""
        if errand.route is None:
            return await self.fall(errand, callback, next_route(errand.operation, None, self.routes))
        try:
            return await self._request(errand, errand.route, callback)
        except (CircuitOpen, MissingKnowledge, NoRequest):
            return await self.fall(errand, callback, errand.route)

    async def request_once(self, errand: Errand, callback: Callback) -> Request:
        """Ask by the errand's route and no other; raises what keeps it from being asked."""
        assert errand.route
        return await self._request(errand, errand.route, callback)

    async def fall(self, errand: Errand, callback: Callback, route: Route | None) -> Request | None:
        """Ask by this route of the ladder or one below.

        Passed over are routes whose prerequisites nobody knows, and those that refuse everybody at the moment:
        a patient crawl that has no other waits until one of these is tried again, unless somebody waits for it.
        """
        while True:
            shut: list[Refusal] = []
            request = await self._first_open(errand, callback, route, shut)
            if request is not None or not shut or not self.is_patient or errand.caller:
                self._pass_over(errand, shut)
                return request
            self.pool.check_stopped()
            await asyncio.sleep(LOOK_SECONDS)

    def _pass_over(self, errand: Errand, shut: list[Refusal]) -> None:
        errand.refusals += shut
        for refusal in shut:
            self.crawler.stats.inc_value(
                f"circuit/{endpoint_of(errand.operation, refusal.route)}/passed_over"
            )

    async def _first_open(
        self, errand: Errand, callback: Callback, route: Route | None, shut: list[Refusal]
    ) -> Request | None:
        while route is not None:
            errand.enter(route)
            try:
                return await self._request(errand, route, callback)
            except CircuitOpen as circuit:
                shut.append(Refusal(route, circuit.judgement))
            except (MissingKnowledge, NoRequest):
                pass
            route = next_route(errand.operation, route, self.routes)
        return None

    async def _request(self, errand: Errand, route: Route, callback: Callback) -> Request:
        permit = await self._permit(errand.operation, route)
        identity = await self.pool.take(errand.wanted, has_time=errand.caller is None)
        is_new = not identity.cookies
        try:
            if errand.change is Change.DEVICE_ID:
                _change_device(identity)
                errand.change = Change.NOTHING
            if is_new and route not in OWN_PAGES:
                await self._visit(identity, errand)
            ask = self._ask(errand, route, identity)
        except BaseException:
            await self.pool.give_back(identity, changed=is_new and bool(identity.cookies))
            raise
        return Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            headers={**ask.headers, "User-Agent": identity.device.user_agent},
            callback=callback,
            dont_filter=True,
            meta={
                "errand": errand,
                "caller": errand.caller,
                "permit": permit,
                "identity": identity,
                "identity_changed": is_new,
                "verbatim_url": True,
            },
        )

    async def _permit(self, operation: Operation, route: Route) -> Permit:
        endpoint = endpoint_of(operation, route)
        answer = await self.circuits.allows(endpoint, time.time())
        if isinstance(answer, Refused):
            raise CircuitOpen(endpoint, answer)
        if answer.is_probe:
            self.crawler.stats.inc_value(f"circuit/{endpoint}/probed")
        return answer

    def _ask(self, errand: Errand, route: Route, identity: Identity) -> Ask:
        cursor = errand.run.cursor_on(route, self.now()) if errand.run else None
        if errand.operation in SHOP:
            return build_shop_ask(
                errand.operation,
                route,
                errand.target,
                site=self.shop_site,
                device=identity.device,
                cursor=cursor,
            )
        return build_ask(
            errand.operation,
            route,
            errand.target,
            site=self.site,
            device=identity.device,
            cursor=cursor,
            known=replace(errand.known, ms_token=identity.ms_token),
        )

    async def _visit(self, identity: Identity, errand: Errand) -> None:
        """Let a new guest get its cookies; what goes wrong here shows in the request that follows."""
        headers = {"User-Agent": identity.device.user_agent}
        site = self.shop_site if errand.operation in SHOP else self.site
        meta = {"visiting": identity, "caller": errand.caller}
        visit = Request(f"{site}/", headers=headers, dont_filter=True, meta=meta)
        try:
            await self.crawler.engine.download_async(visit)
        except Exception:  # noqa: BLE001  # any failure of any download handler
            self.crawler.stats.inc_value("identity/visit_failed")


def endpoint_of(operation: Operation, route: Route) -> str:
    """The name of what a circuit watches over."""
    return f"{operation}:{route}"


def _change_device(identity: Identity) -> None:
    """Claim to be another device: the cure for a list that repeats itself (facts B.2, 5)."""
    device_id = str(random.SystemRandom().randint(*DEVICE_IDS))
    identity.device = replace(identity.device, device_id=device_id)
