"""An errand: one question to the site, whatever routes and retries it takes to get it answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from scrapy.http import Response

from crawler.callers import Caller
from crawler.identities.wanted import Wanted
from crawler.list_runs import ListRun
from crawler.media.access import Access
from tiktok.aftermath import Change
from tiktok.endpoints import Known
from tiktok.replies import Reply
from tiktok.routes import Operation, Route
from tiktok.urls import Target
from tiktok.verdicts import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was not what the errand went for."""

    route: Route
    judgement: Judgement


@dataclass(slots=True)
class Errand:
    """What is asked for, and what came of asking so far. Travels in `request.meta["errand"]`."""

    operation: Operation
    target: Target
    known: Known = field(default_factory=Known)
    """What earlier answers told and requests need: the author's `sec_uid`, a hashtag's id, …"""
    run: ListRun | None = None
    """The list this errand fetches a page of."""
    route: Route | None = None
    """Route of the request under way."""
    attempt: int = 0
    """Retries on this route so far."""
    refusals: list[Refusal] = field(default_factory=list)
    """What made the errand leave the routes before this one."""
    change: Change = Change.NOTHING
    """What the next request must change."""
    avoid: set[int] = field(default_factory=set)
    """Identities that were refused this errand."""
    avoid_exits: set[int] = field(default_factory=set)
    """Exits that were refused this errand."""
    needs_login: bool = False
    """A guest was refused this errand."""
    caller: Caller | None = None
    """Who waits for the answer; a crawl has all the time that it takes."""

    @property
    def wanted(self) -> Wanted:
        """Who should ask."""
        return Wanted(self.avoid, self.avoid_exits, self.needs_login)

    def enter(self, route: Route) -> None:
        """Go on by another route."""
        self.route = route
        self.attempt = 0

    def next_page(self) -> Errand:
        """The errand for the next page of the same list, by the route that just answered."""
        return Errand(
            self.operation, self.target, self.known, self.run, self.route, needs_login=self.needs_login
        )


@dataclass(slots=True)
class Answer:
    """What a spider's callback works with: the errand, the reply and what it means."""

    errand: Errand
    reply: Reply
    judgement: Judgement
    received_at: datetime
    identity_id: int | None
    """Who asked."""
    is_permanent: bool
    """The target itself is so; asking again is no use."""
    access: Access | None = None
    """Who got the answer: files that it links to are asked for by the same."""

    @classmethod
    def of(cls, response: Response) -> Self:
        """Take the answer that the middlewares left in the response's `meta`."""
        meta = response.meta
        return cls(
            errand=meta["errand"],
            reply=meta["reply"],
            judgement=meta["judgement"],
            received_at=meta["received_at"],
            identity_id=meta.get("identity_id"),
            is_permanent=meta.get("is_permanent", False),
            access=meta.get("access"),
        )

    @property
    def is_ok(self) -> bool:
        return self.judgement.verdict is Verdict.OK
