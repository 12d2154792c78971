"""Live lookups through the cache: who asks what was asked lately, or is being asked right now, waits for nothing new.

What is kept is the answer as JSON, ready to be served. That the thing is gone, private or shut is an answer, too, and
kept as long. A refusal says nothing about the thing: it is told to those who waited, an old answer is preferred.
"""

from __future__ import annotations

import time
from datetime import UTC
from enum import StrEnum
from typing import Any, Self

import orjson

from store.cache import Cached, FillRefused, FillTooSlow, Fresh, open_cache
from store.config import Config
from tiktok.lookups import Question
from tiktok.verdicts import PERMANENT, Verdict
from webapi.services.errors import ServiceError
from webapi.services.live import LiveAnswer, LiveBusy, LiveService, LiveTooSlow, LiveUnreachable, Rows

ROOM = "live"
"""Of the cache: keys, figures and a bound of its own."""
IS_THERE = frozenset[str]({Verdict.OK, Verdict.EMPTY})
GOOD = b'{"data":'
"""How an answer that holds what was asked for begins."""
NOTHING_TOLD = Rows(
    complete=False, truncated="the list was not asked for", found=0, declared=None, cursor=None
)
"""Of a list whose owner's page already said that there is none."""
LONGEST_HOLD_SECONDS = 30.0
"""A refusal that says how long it lasts is told for so long at most before the site is asked again."""
GRACE_SECONDS = 2.0


class Trouble(StrEnum):
    """Why the live service gave no answer; all other outcomes are verdicts."""

    BUSY = "busy"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"


class LookupRefused(ServiceError):  # noqa: N818  # says what happened
    """There is nothing to show: the thing is not there for us, or nobody told us."""

    def __init__(self, outcome: str, reason: str, until: float | None = None, data: Any = None) -> None:
        """`outcome` is a verdict or a `Trouble`; before `until`, seconds since 1970, asking again is in vain.

        `data` is what the site tells of the thing all the same.
        """
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.until = until
        self.data = data

    @property
    def retry_after_seconds(self) -> float | None:
        return None if self.until is None else self.until - time.time()

    def written(self) -> bytes:
        """As the cache keeps it."""
        return orjson.dumps([self.outcome, self.reason, self.until, self.data])

    @classmethod
    def read(cls, body: bytes) -> Self:
        """As the cache gave it."""
        return cls(*orjson.loads(body))


class Lookups:
    """Asks for all threads of a process. Nothing is connected to before it is needed."""

    def __init__(self, config: Config) -> None:
        self.live = LiveService(config)
        self._cache = open_cache(config, ROOM)
        self._config = config

    def find(self, question: Question, *, fresh: bool = False) -> Cached:
        """Find the answer, whose body is JSON; raise `LookupRefused`. `fresh` asks whatever is known."""
        try:
            cached = self._cache.read_through(
                _key(question),
                self._config.cache_live_seconds,
                lambda: self._fill(question),
                tags=[f"{question.lookup}:{question.target}"],
                fresh=fresh or not self._config.cache_live_seconds,
                patience_seconds=self._config.live_deadline_seconds + GRACE_SECONDS,
            )
        except FillTooSlow:
            raise LookupRefused(
                Trouble.TOO_SLOW, "another caller's lookup of the same takes too long"
            ) from None
        except FillRefused as refusal:
            raise LookupRefused.read(refusal.body) from None
        if not cached.body.startswith(GOOD):
            raise LookupRefused.read(cached.body)
        return cached

    def close(self) -> None:
        """Let go of files and connections."""
        self._cache.close()
        self.live.close()

    def _fill(self, question: Question) -> Fresh:
        """Ask; raise `FillRefused` when nothing was said about the thing."""
        try:
            answer = self.live.look_up(question)
        except LiveBusy as error:
            raise _refused(Trouble.BUSY, str(error), error.retry_after_seconds) from None
        except LiveTooSlow as error:
            raise _refused(Trouble.TOO_SLOW, str(error)) from None
        except LiveUnreachable as error:
            raise _refused(Trouble.UNREACHABLE, str(error)) from None
        is_list, is_found = question.lookup.is_list, bool(answer.items)
        is_there = answer.outcome in IS_THERE and (is_list or is_found)
        # Of a list that was refused further down, what there is is shown, and said to be truncated.
        if is_there or (is_list and is_found):
            return Fresh(orjson.dumps(_document(question, answer), option=orjson.OPT_UTC_Z))
        if answer.outcome in PERMANENT:
            told = answer.items[0] if is_found else None
            return Fresh(LookupRefused(answer.outcome, answer.reason, data=told).written())
        outcome = Verdict.NO_DATA if answer.outcome in IS_THERE else answer.outcome
        raise _refused(outcome, answer.reason, answer.retry_after_seconds)


def _refused(outcome: str, reason: str, seconds: float | None = None) -> FillRefused:
    until = None if seconds is None else time.time() + seconds
    # How many lookups are under way changes at any moment; what the site says holds.
    is_held = seconds is not None and outcome != Trouble.BUSY
    hold = min(seconds or 0.0, LONGEST_HOLD_SECONDS) if is_held else 0.0
    return FillRefused(LookupRefused(outcome, reason, until).written(), hold_seconds=hold)


def _document(question: Question, answer: LiveAnswer) -> dict[str, Any]:
    """The answer as the cache keeps it, `data` first."""
    told = {"source": answer.route, "fetched_at": answer.fetched_at.astimezone(UTC)}
    if not question.lookup.is_list:
        return {"data": answer.items[0], **told}
    rows = answer.list or NOTHING_TOLD
    return {
        "data": answer.items,
        **told,
        "outcome": answer.outcome,
        "count": len(answer.items),
        "complete": rows.complete,
        "truncated": rows.truncated,
        "declared": rows.declared,
        "cursor": rows.cursor,
    }


def _key(question: Question) -> str:
    rows = f":{question.rows}:{question.cursor or ''}" if question.lookup.is_list else ""
    return f"live:{question.lookup}:{question.target}{rows}"
