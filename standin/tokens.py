"""msTokens: issued with every answer, recognised again without being stored, and stale after a while if so set.

A token is the time of its issue behind a proof that this site issued it. Its length means nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp import web

from standin.callers import Caller
from standin.dice import digest
from standin.faults.rules import Fault

_STAMP_DIGITS = 20
_LEAST_PROOF = 32
_REMEMBERED = 100_000
"""Tokens whose uses are counted at a time; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """How long a token is good, and how a new one comes."""

    uses: int | None = None
    """Requests a token may be sent with."""
    seconds: float | None = None
    """Age up to which it may be sent."""
    carrier: str = "cookie"
    """`cookie`, `header` (`x-ms-token`) or `both`."""

    def __post_init__(self) -> None:
        if self.carrier not in ("cookie", "header", "both"):
            raise ValueError(f"carrier: {self.carrier!r} is none of cookie, header, both")


@dataclass(slots=True)
class TokenChecks:
    """What endpoints do about the token that came along: a forged one is gated, a stale login refused."""

    rules: TokenRules
    seed: int
    _uses: dict[str, int] = field(default_factory=dict)

    def fault_for(self, request: web.BaseRequest, caller: Caller) -> Fault | None:
        """Return how a request is refused for its token; sending none is fine."""
        token = request.query.get("msToken") or request.cookies.get("msToken")
        if not token or not request.path.startswith("/api/"):
            return None
        issued = issued_at(self.seed, token)
        if issued is None:
            return Fault(kind="gated", origin="token")
        if self._is_stale(token, time.time() - issued) and caller.logged_in:
            return Fault(kind="empty", origin="token")
        return None

    def _is_stale(self, token: str, age_seconds: float) -> bool:
        uses = self._uses[token] = self._uses.pop(token, 0) + 1
        if len(self._uses) > _REMEMBERED:
            del self._uses[next(iter(self._uses))]
        rules = self.rules
        return (rules.uses is not None and uses > rules.uses) or (
            rules.seconds is not None and age_seconds > rules.seconds
        )


def issue_token(seed: int, length: int = 148) -> str:
    """Return a new token."""
    stamp = time.time_ns()
    return token_of(proof(seed, stamp)[: length - _STAMP_DIGITS], stamp)


def proof(seed: int, stamp: int) -> str:
    """Return 128 characters that only this site can know."""
    return digest(seed, "msToken", stamp).hex()


def token_of(proven: str, stamp: int) -> str:
    """Put a token together."""
    return f"{proven}{stamp:0{_STAMP_DIGITS}d}"


def issued_at(seed: int, token: str) -> float | None:
    """Return when a token was issued, in epoch seconds; nothing for one that never was."""
    shown, stamp = token[:-_STAMP_DIGITS], token[-_STAMP_DIGITS:]
    if len(shown) < _LEAST_PROOF or not (stamp.isascii() and stamp.isdigit()):
        return None
    return int(stamp) / 1e9 if proof(seed, int(stamp)).startswith(shown) else None
