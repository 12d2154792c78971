"""Budgets: how many requests an identity or an exit may send, and what happens to who sends more.

A budget is a bucket per caller that refills with time. Whoever empties it is throttled, then asked to solve a
captcha, then, when logged in, logged out. Resting until the bucket is full again makes the site forget all but
the log-out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase

from aiohttp import web

from standin.callers import Caller
from standin.dice import draw, pick
from standin.faults.rules import Fault
from standin.logins import Logins

PERS = ("identity", "exit")
THROTTLES = ("retry_after", "bare", "empty")
"""429 with `Retry-After`, 429 without it, or an empty 200."""
_WAIT_SECONDS = 60
"""`Retry-After` of a bucket that never refills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much one class of endpoints may be asked."""

    per: str = "identity"
    """Who has a bucket: each `identity` (its living login, else its `ttwid`), or each `exit`."""
    paths: Sequence[str] = ("*",)
    """Shell patterns of the endpoints that share a bucket."""
    burst: int = 5
    refill: float = 0.3
    """Requests per second; 0 never forgives."""
    throttle: str = "retry_after"
    """One of `THROTTLES`, or `any`: drawn by seed, caller and strike."""
    patience: int = 3
    """Answers of this kind before the captcha."""
    captchas: int = 3
    """Captchas before a login ends."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.per not in PERS:
            raise ValueError(f"per: {self.per!r} is none of {', '.join(PERS)}")
        if self.throttle not in (*THROTTLES, "any"):
            raise ValueError(f"throttle: {self.throttle!r} is none of {', '.join(THROTTLES)}, any")
        if self.burst < 1 or self.refill < 0:
            raise ValueError("burst starts at 1, refill at 0")


class Stage(Enum):
    """What becomes of a request."""

    PASS = "pass"  # noqa: S105  # a word, no secret
    THROTTLE = "throttle"
    CAPTCHA = "captcha"
    LOG_OUT = "log_out"


@dataclass(slots=True)
class Bucket:
    """What one caller has left."""

    tokens: float
    at: float
    strikes: int = 0
    """Requests beyond the budget since the bucket was last full."""


@dataclass(slots=True)
class Ledger:
    """One budget and everybody's bucket."""

    budget: Budget
    logins: Logins
    clock: Callable[[], float] = time.monotonic
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def fault_for(self, request: web.BaseRequest, caller: Caller) -> Fault | None:
        """Return how a request beyond the budget is refused."""
        if not any(fnmatchcase(request.path, path) for path in self.budget.paths):
            return None
        if caller.session in self.logins.ended:
            return Fault(kind="login_wall", origin="budget")
        who = _who(caller, self.budget.per)
        stage = self.charge(who, self.clock())
        if stage is Stage.PASS:
            return None
        if stage is Stage.THROTTLE:
            return self._throttled(who)
        if stage is Stage.LOG_OUT and caller.logged_in:
            self.logins.ended.add(caller.session)
            return Fault(kind="login_wall", origin="budget")
        return Fault(kind="captcha", origin="budget")

    def charge(self, who: str, now: float) -> Stage:
        """Take one request from somebody's bucket, or count a strike."""
        budget = self.budget
        bucket = self.buckets.setdefault(who, Bucket(budget.burst, now))
        bucket.tokens = min(budget.burst, bucket.tokens + (now - bucket.at) * budget.refill)
        bucket.at = now
        if bucket.tokens >= budget.burst:
            bucket.strikes = 0
        if bucket.tokens >= 1 and bucket.strikes <= budget.patience:
            bucket.tokens -= 1
            return Stage.PASS
        bucket.strikes += 1
        if bucket.strikes <= budget.patience:
            return Stage.THROTTLE
        return Stage.CAPTCHA if bucket.strikes <= budget.patience + budget.captchas else Stage.LOG_OUT

    def _throttled(self, who: str) -> Fault:
        budget, bucket = self.budget, self.buckets[who]
        throttle = budget.throttle
        if throttle == "any":
            throttle = pick(THROTTLES, draw(budget.seed, "throttle", who, bucket.strikes)[0])
        if throttle == "empty":
            return Fault(kind="empty", origin="budget")
        wait = math.ceil((1 - bucket.tokens) / budget.refill) if budget.refill else _WAIT_SECONDS
        return Fault(
            kind="rate_limit",
            options={"retry_after": wait if throttle == "retry_after" else None},
            origin="budget",
        )


def _who(caller: Caller, per: str) -> str:
    """Return whose bucket a request is taken from; before the first cookie that is its exit's."""
    if per == "exit":
        return caller.exit
    return (caller.session if caller.logged_in else caller.identity) or f"newcomer at {caller.exit}"
