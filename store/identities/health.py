"""What an answer does to an identity: its health, its refusals in a row, its cooldowns. Pure rules.

A refusal spends health and counts in a row; from the third in a row, or at once where the answer says so, the
identity rests, each time twice as long as the time before. An answer mends. What is said of a target, or of the
exit, says nothing of the identity. Figures: facts C.7, D.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.identities.identity import FULL_HEALTH
from tiktok.aftermath import Cost
from tiktok.verdicts import PERMANENT, Verdict

FIRST_REST = timedelta(seconds=60)
FIRST_REST_AFTER_CAPTCHA = timedelta(minutes=15)
LONGEST_REST = timedelta(hours=6)
LONGEST_ORDERED_REST = timedelta(hours=24)
"""No `Retry-After` may put an identity away for good."""
STREAK_BEFORE_REST = 3
"""Empty answers come by chance, too; three in a row don't."""

MENDED = 5
SPENT = {Cost.NONE: 0, Cost.SMALL: 2, Cost.STREAK: 10, Cost.COOL: 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What an answer cost."""

    identity_id: int
    cost: Cost
    at: datetime
    verdict: Verdict
    rule: str | None = None
    retry_after_seconds: float | None = None
    rest_factor: float = 1.0
    """Shortens the rest: 0 against a site of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an identity fares."""

    health: int
    streak: int
    rests: int
    cooldown_until: datetime | None
    reason: str | None


def settled(standing: Standing, settlement: Settlement) -> Standing:
    """Say how the identity fares after this answer."""
    if settlement.cost is Cost.NONE:
        return _mended(standing) if _is_truthful(settlement.verdict) else standing
    streak = standing.streak + (settlement.cost is not Cost.SMALL)
    reason = settlement.rule or str(settlement.verdict)
    health = max(standing.health - SPENT[settlement.cost], 0)
    tired = settlement.cost is Cost.STREAK and streak >= STREAK_BEFORE_REST
    if settlement.cost is not Cost.COOL and not tired:
        return Standing(
            health=health,
            streak=streak,
            rests=standing.rests,
            cooldown_until=standing.cooldown_until,
            reason=reason,
        )
    until = settlement.at + _rest(settlement, standing.rests) * settlement.rest_factor
    # Several requests may have met the same block: the longest rest holds.
    until = max(until, standing.cooldown_until or until)
    return Standing(
        health=health, streak=streak, rests=standing.rests + 1, cooldown_until=until, reason=reason
    )


def _mended(standing: Standing) -> Standing:
    health = min(standing.health + MENDED, FULL_HEALTH)
    return Standing(health=health, streak=0, rests=0, cooldown_until=standing.cooldown_until, reason=None)


def _is_truthful(verdict: Verdict) -> bool:
    """The site answered what was asked, be it that the target is gone."""
    return verdict is Verdict.OK or verdict in PERMANENT


def _rest(settlement: Settlement, rests: int) -> timedelta:
    first = FIRST_REST_AFTER_CAPTCHA if settlement.verdict is Verdict.CAPTCHA else FIRST_REST
    if settlement.retry_after_seconds is None:
        return _doubled(first, rests)
    ordered = timedelta(
        seconds=min(max(settlement.retry_after_seconds, 1), LONGEST_ORDERED_REST.total_seconds())
    )
    return max(ordered, _doubled(ordered, rests))


def _doubled(first: timedelta, rests: int) -> timedelta:
    # Beyond 2**20 even a second is longer than the cap.
    return min(first * 2.0 ** min(rests, 20), LONGEST_REST)
