"""What an answer means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tiktok.routes import Operation

if TYPE_CHECKING:
    from tiktok.replies import Reply


class Verdict(StrEnum):
    """What one answer means.

    The first group says nothing about the target, the second nothing about us.
    """

    OK = "ok"
    EMPTY = "empty"
    CAPTCHA = "captcha"
    LOGIN_REQUIRED = "login_required"
    WAF_CHALLENGE = "waf_challenge"
    BLOCKED = "blocked"
    GATED = "gated"
    WITHHELD = "withheld"
    RATE_LIMITED = "rate_limited"
    NETWORK = "network"
    NO_DATA = "no_data"
    SCHEMA_CHANGED = "schema_changed"

    NOT_FOUND = "not_found"
    PRIVATE = "private"
    BANNED = "banned"
    AGE_GATED = "age_gated"
    REGION_BLOCKED = "region_blocked"
    TAKEN_DOWN = "taken_down"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why it fell."""

    verdict: Verdict
    rule: str
    """Name of the rule that matched, as `docs/routes-and-verdicts.md` lists them."""
    detail: str = ""
    """Codes, counts and texts for a person; no secrets."""
    retry_after_seconds: float | None = None
    """How long the site asks us to wait."""


def judge(reply: Reply, operation: Operation | None = None) -> Judgement:
    """Decide what an answer means; without an operation, anything readable is good."""
    raise NotImplementedError
