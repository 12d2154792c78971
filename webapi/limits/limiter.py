"""Counts requests before they are answered, and tells each answer how its limits stand."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from store.clients.client import Client
from store.config import Config
from store.limits.counters import Counters, Use
from store.limits.limit import Limit, Standing
from webapi.limits.groups import GROUPS, Group, Whose

EXTENSION = "limits"
NETWORK_BITS = 64
"""An IPv6 user has at least so many addresses to choose from."""


class Limiter:
    """Stands on both sides of the guard: before it for addresses, behind it for clients."""

    def __init__(self, app: Flask, config: Config, counters: Counters) -> None:
        self._app = app
        self._config = config
        self._counters = counters
        app.extensions[EXTENSION] = self
        app.after_request(self.tell)

    def check_address(self) -> None:
        """Count the request for where it comes from; raise `TooManyRequests`."""
        self._count(Whose.ADDRESS, None)

    def check_client(self) -> None:
        """Count the request for its client; raise `TooManyRequests`."""
        client: Client | None = g.get("client")
        if client:
            self._count(Whose.CLIENT, client)

    def check(self, name: str, whom: str, limits: Sequence[Limit]) -> None:
        """Count the request for somebody whom only the endpoint knows; raise `TooManyRequests`."""
        if self._config.rate_limits:
            self._take([Use(f"{name} {limit.seconds} {_digest(whom)}", limit) for limit in limits])

    def tell(self, response: Response) -> Response:
        """Tell which limit comes first, what it has left, and when all of it is there again."""
        standings: list[Standing] = g.get("standings", [])
        if standings:
            first = _first(standings)
            response.headers["X-RateLimit-Limit"] = str(first.limit.most)
            response.headers["X-RateLimit-Remaining"] = str(first.remaining)
            response.headers["X-RateLimit-Reset"] = str(math.ceil(time.time() + first.reset_seconds))
        return response

    def groups_of(self, endpoint: str) -> tuple[Group, ...]:
        """Which groups an endpoint is counted in."""
        own: tuple[Group, ...] | None = getattr(self._app.view_functions[endpoint], GROUPS, None)
        if own is not None:
            return own
        blueprint = self._app.blueprints.get(endpoint.rpartition(".")[0])
        group: Group | None = getattr(blueprint, "limits", None)
        return (group,) if group else ()

    def _count(self, whose: Whose, client: Client | None) -> None:
        if not request.endpoint or not self._config.rate_limits:
            return
        groups = [group for group in self.groups_of(request.endpoint) if group.whose is whose]
        if not groups:
            return
        key = client.id if client else origin(request.remote_addr)
        self._take(
            [
                Use(f"{group.name} {limit.seconds} {key}", limit)
                for group in groups
                for limit in group.limits(self._config, client)
            ]
        )

    def _take(self, uses: Sequence[Use]) -> None:
        if not uses:
            return
        standings = self._counters.take(uses)
        g.standings = [*g.get("standings", []), *standings]
        wait_seconds = max(standing.wait_seconds for standing in standings)
        if wait_seconds:
            limit, seconds = _first(standings).limit, math.ceil(wait_seconds)
            raise TooManyRequests(
                f"More than {limit} are not allowed; try again in {seconds} s", retry_after=seconds
            )


def limiter() -> Limiter:
    """The limiter of this application."""
    return cast("Limiter", current_app.extensions[EXTENSION])


def origin(address: str | None) -> str:
    """Whose address it is: an IPv6 network counts as one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        # A name that a proxy gave, or a socket without any address.
        return _digest(address or "")
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> (128 - NETWORK_BITS) << (128 - NETWORK_BITS))}/{NETWORK_BITS}"
    return str(found)


def _first(standings: Sequence[Standing]) -> Standing:
    """The one that refuses longest, else the one that will be used up first."""
    return min(standings, key=lambda standing: (-standing.wait_seconds, standing.remaining))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
