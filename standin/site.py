"""The running site: its population, its settings, its faults and what it has seen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp import web

from standin.faults.rules import FaultRules
from standin.journal import Journal
from standin.wire.moment import HOUR_SECONDS, Moment
from standin.world.population import World


@dataclass(slots=True)
class Settings:
    """What a test may change while the site runs (`POST /__standin__/settings`)."""

    day: int = 0
    """Days since the population's epoch: posts and counters grow with it."""
    rendering: str = "server"
    """How profile and hashtag pages come: `server`, `shell` (left to their script) or `random`."""
    open: frozenset[str] = frozenset()
    """Gates left open: `signed` answers signed endpoints to anybody, `login` the search to guests."""


@dataclass(slots=True)
class Site:
    """Everything a handler needs."""

    world: World
    settings: Settings = field(default_factory=Settings)
    faults: FaultRules = field(default_factory=FaultRules)
    journal: Journal = field(default_factory=Journal)
    visitors: int = 0
    """How many visitors got their first cookie."""

    @property
    def moment(self) -> Moment:
        """The time at which an answer is given now."""
        return Moment(self.settings.day, int(time.time()) // HOUR_SECONDS)


SITE = web.AppKey("site", Site)


def site_of(request: web.Request) -> Site:
    """Return the site a request came to."""
    return request.app[SITE]
