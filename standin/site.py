"""The running site: its population, its settings, its faults and what it has seen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp import web

from standin.budgets import Ledger
from standin.callers import Caller, exit_of
from standin.faults.chaos import Chaos
from standin.faults.rules import Fault, FaultRules
from standin.journal import Journal
from standin.logins import Logins, session_in
from standin.settings import Settings
from standin.tokens import TokenChecks
from standin.wire.moment import HOUR_SECONDS, Cdn, Moment
from standin.world.population import World


@dataclass(slots=True)
class Site:
    """Everything a handler needs."""

    world: World
    settings: Settings = field(default_factory=Settings)
    faults: FaultRules = field(default_factory=FaultRules)
    journal: Journal = field(default_factory=Journal)
    logins: Logins = field(default_factory=Logins)
    limits: list[Ledger | TokenChecks] = field(default_factory=list)
    """What callers are held to, by the settings; they come before the faults."""
    chaos: Chaos | None = None
    """Trouble by chance, by the settings; it comes after the faults."""
    origin: str = Cdn().origin
    """Scheme and host under which callers reach this site, and its media."""
    visitors: int = 0
    """How many visitors got their first cookie."""

    def __post_init__(self) -> None:
        self.adopt(self.settings)

    @property
    def moment(self) -> Moment:
        """The time at which an answer is given now."""
        cdn = Cdn(self.origin, self.settings.video_bytes)
        return Moment(self.settings.day, int(time.time()) // HOUR_SECONDS, cdn)

    def adopt(self, settings: Settings) -> None:
        """Put settings in force; budgets, tokens and chaos begin anew, each only where its own rules changed."""
        old, self.settings = self.settings, settings
        if settings is old or (settings.budgets, settings.tokens) != (old.budgets, old.tokens):
            self.limits = [Ledger(budget, self.logins) for budget in settings.budgets]
            if settings.tokens is not None:
                self.limits.append(TokenChecks(settings.tokens, self.world.seed))
        if settings is old or settings.chaos != old.chaos:
            self.chaos = Chaos(settings.chaos) if settings.chaos is not None else None

    def start_afresh(self) -> None:
        """Forget faults, log, log-outs and settings."""
        self.faults.rules.clear()
        self.journal = Journal()
        self.logins.ended.clear()
        self.adopt(Settings())

    def caller(self, request: web.BaseRequest) -> Caller:
        """Return who asks."""
        cookies = request.cookies
        return Caller(
            identity=cookies.get("ttwid", ""),
            session=session_in(cookies),
            exit=exit_of(request),
            logged_in=self.logins.is_alive(cookies, time.time()),
        )

    def fault_for(self, request: web.BaseRequest) -> Fault | None:
        """Return the trouble a request meets: limits, then faults, then chance."""
        caller = self.caller(request)
        for judge in (*self.limits, self.faults):
            if fault := judge.fault_for(request, caller):
                return fault
        return self.chaos.fault_for(request, self.moment.now * 1_000) if self.chaos else None


SITE = web.AppKey("site", Site)


def site_of(request: web.Request) -> Site:
    """Return the site a request came to."""
    return request.app[SITE]
