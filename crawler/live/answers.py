"""What a lookup comes to: gathered while its crawl goes on, then written as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from crawler.callers import Caller
from crawler.callers_runs import CallersRun
from crawler.errands import Answer as PageAnswer
from crawler.errands import Errand
from crawler.exporters import encode
from tiktok.items import Item
from tiktok.lookups import Question
from tiktok.outcomes import Outcome
from tiktok.places import write_place
from tiktok.routes import Route
from tiktok.verdicts import Judgement, Verdict


@dataclass(slots=True)
class Findings:
    """What one lookup has found so far."""

    question: Question
    answers: type[Item]
    caller: Caller
    items: list[Item] = field(default_factory=list)
    outcome: Outcome | None = None
    page: PageAnswer | None = None
    """The last answer of the site."""
    _tries: dict[tuple[Route, Verdict], None] = field(default_factory=dict)
    """Which routes answered what, each pair once, in order."""

    def turn_to(self, page: PageAnswer, last: Judgement) -> None:
        """Note an answer of the site, from which the next parts are read; `last` is what it meant by itself."""
        self.page = page
        self._note_tries(page.errand)
        if page.errand.route:
            self._tries[page.errand.route, last.verdict] = None

    def take(self, part: Any) -> None:
        """Note what has passed all stations. Of a list the rows count, not the record that the list belongs to."""
        match part:
            case Outcome():
                self.outcome = part
            case Item(route=Route.CURATED):  # samples, where nobody may ask for more
                self.items.append(part)
            case Item() if isinstance(part, self.answers) and self._is_asked_for:
                self.items.append(part)

    def document(self) -> bytes:
        """The answer, as the service gives it."""
        assert self.outcome
        outcome = self.outcome
        if self.caller.errand:
            self._note_tries(self.caller.errand)
        return orjson.dumps(
            {
                "outcome": outcome.outcome,
                "reason": outcome.reason,
                "route": outcome.route,
                "items": [orjson.Fragment(encode(item)) for item in self.items],
                "list": self._list(),
                "fetched_at": self.page.received_at if self.page else outcome.at,
                "retry_after_seconds": self._retry_after(),
                "tries": [{"route": route, "verdict": verdict} for route, verdict in self._tries],
            },
            option=orjson.OPT_UTC_Z,
        )

    @property
    def _is_asked_for(self) -> bool:
        is_row = self.page is not None and self.page.errand.run is not None
        return is_row is self.question.lookup.is_list

    def _list(self) -> dict[str, Any] | None:
        run = self.caller.errand.run if self.caller.errand else None
        if not isinstance(run, CallersRun):
            return None
        return {
            "complete": run.is_whole,
            "truncated": run.truncated,
            "found": len(self.items),
            "declared": run.declared,
            "cursor": write_place(run.next_place) if run.next_place else None,
        }

    def _retry_after(self) -> float | None:
        told = self.page.judgement.retry_after_seconds if self.page else None
        return told if self.caller.retry_after_seconds is None else self.caller.retry_after_seconds

    def _note_tries(self, errand: Errand) -> None:
        self._tries.update(((refusal.route, refusal.judgement.verdict), None) for refusal in errand.refusals)
