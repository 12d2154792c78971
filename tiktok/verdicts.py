"""What an answer means."""

from __future__ import annotations

from enum import StrEnum


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
