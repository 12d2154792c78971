"""What a lookup comes to: gathered while its crawl goes on, then written as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        return orjson.dumps(
            {
                "outcome": outcome.outcome,
                "reason": outcome.reason,
                "route": outcome.route,
                "items": [orjson.Fragment(encode(item)) for item in self.items],
                "list": self._list(),
                "fetched_at": self.page.received_at if self.page else outcome.at,
                "retry_after_seconds": self._retry_after(),
                "tries": list(self._tries()),
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

    def _tries(self) -> Iterator[Mapping[str, str]]:
        errand = self.caller.errand
        if errand is None:
            return
        yield from ({"route": r.route, "verdict": r.judgement.verdict} for r in errand.refusals)
        if self.page and self.page.errand is errand and errand.route and not self._is_told(errand):
            yield {"route": errand.route, "verdict": self.page.judgement.verdict}

    def _is_told(self, errand: Errand) -> bool:
        return bool(errand.refusals) and errand.refusals[-1].route is errand.route


def no_answer(error: str, **more: Any) -> bytes:
    """Why there is none."""
    return orjson.dumps({"error": error, **more})
