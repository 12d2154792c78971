"""From an errand to a Scrapy request: the next route of the ladder that this process has and that can be asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request

from crawler.errands import Errand
from tiktok.devices import Device
from tiktok.endpoints import build_ask
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.parsing import Visitor
from tiktok.routes import Route, next_route

PLAIN_ROUTES = frozenset({Route.EMBED, Route.PAGE, Route.LIST, Route.API})
"""Routes that need nothing but HTTP."""


class Dispatcher:
    """Makes requests that carry their errand. One per crawl: it holds the device all of them claim to be."""

    def __init__(self, site: str, user_agent: str, routes: Collection[Route] = PLAIN_ROUTES) -> None:
        self.site = site
        self.user_agent = user_agent
        self.routes = routes
        self.change_device()

    def close_route(self, route: Route) -> None:
        """Do without a route from now on."""
        self.routes = frozenset(self.routes) - {route}

    def now(self) -> datetime:
        """The time of this machine, UTC."""
        return datetime.now(UTC)

    def change_device(self) -> None:
        """Claim to be another device: the cure for a list that repeats itself (facts B.2, 5)."""
        self.device = Device.random(random.SystemRandom(), user_agent=self.user_agent)
        self.is_introduced = False

    def meet(self, visitor: Visitor) -> None:
        """Take over the device id the site gave us, once; it then stays for the crawl (facts C.3)."""
        if self.is_introduced or visitor.device_id is None:
            return
        self.device = replace(
            self.device,
            device_id=visitor.device_id,
            odin_id=visitor.odin_id,
            web_id_created_at=visitor.created_at,
            region=visitor.region or self.device.region,
        )
        self.is_introduced = True

    def request(self, errand: Errand, callback: Callable[..., Any]) -> Request | None:
        """Ask by the errand's route, or by the first that serves; `None` when no route is left to ask."""
        if errand.route is None:
            return self.fall(errand, callback, next_route(errand.operation, None, self.routes))
        return self._request(errand, errand.route, callback)

    def fall(self, errand: Errand, callback: Callable[..., Any], route: Route | None) -> Request | None:
        """Ask by this route of the ladder or one below; those whose prerequisites nobody knows are passed over."""
        while route is not None:
            errand.enter(route)
            try:
                return self._request(errand, route, callback)
            except (MissingKnowledge, NoRequest):
                route = next_route(errand.operation, route, self.routes)
        return None

    def _request(self, errand: Errand, route: Route, callback: Callable[..., Any]) -> Request:
        ask = build_ask(
            errand.operation,
            route,
            errand.target,
            site=self.site,
            device=self.device,
            cursor=errand.run.cursor_on(route, self.now()) if errand.run else None,
            known=errand.known,
        )
        return Request(
            ask.url,
            headers=dict(ask.headers),
            callback=callback,
            dont_filter=True,
            meta={"errand": errand, "verbatim_url": True},
        )
