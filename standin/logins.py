"""Logins: which session cookies the site knows, when they end, and which of them it ended itself.

Nothing is stored but the ended ones: `standin-session-1` to `standin-session-999` exist under every seed, any other
session is one the site has forgotten. `sid_guard` says until when, as on the real site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_plus

from standin.dice import digest
from standin.tokens import issue_token

SESSION_COOKIES = ("sessionid", "sessionid_ss", "sid_tt")
LAPSED = "standin-session-lapsed"
"""A session that existed once."""
LIFETIME_SECONDS = 15_552_000
RENEWED_BEFORE_SECONDS = 30 * 86_400
"""A visit within this time before the end begins a new lifetime."""

_KNOWN = re.compile(r"standin-session-[1-9]\d{0,2}")


class Cookie(NamedTuple):
    """A cookie to be given to a browser."""

    name: str
    value: str
    lifetime_seconds: int

    def header(self) -> str:
        """Return the value of its `Set-Cookie`."""
        return f"{self.name}={self.value}; Path=/; Max-Age={self.lifetime_seconds}; HttpOnly"


@dataclass(slots=True)
class Logins:
    """Which sessions are alive."""

    ended: set[str] = field(default_factory=set)
    """Sessions the site logged out."""

    def is_alive(self, cookies: Mapping[str, str], now: float) -> bool:
        """Tell whether these cookies belong to somebody logged in."""
        session = session_in(cookies)
        if not _KNOWN.fullmatch(session) or session in self.ended:
            return False
        end = guard_end(cookies.get("sid_guard", ""))
        return end is None or now < end

    def renewed(self, cookies: Mapping[str, str], now: float) -> list[Cookie]:
        """Return fresh session cookies for a login whose end is near, else none."""
        end = guard_end(cookies.get("sid_guard", ""))
        if end is None or end - now > RENEWED_BEFORE_SECONDS or not self.is_alive(cookies, now):
            return []
        return session_cookies(session_in(cookies), int(now), LIFETIME_SECONDS)


def session_in(cookies: Mapping[str, str]) -> str:
    """Return the session the cookies name, alive or not; nothing for a guest."""
    return next((value for name in SESSION_COOKIES if (value := cookies.get(name))), "")


def guard_end(guard: str) -> float | None:
    """Read the end from `sid_guard`: session, start and lifetime in seconds, and the end in words, between bars."""
    parts = unquote_plus(guard).split("|")
    return float(parts[1]) + float(parts[2]) if len(parts) > 2 and all(map(str.isdigit, parts[1:3])) else None


def session_cookies(session: str, start: int, lifetime_seconds: int) -> list[Cookie]:
    """Return the cookies that carry a session."""
    end = formatdate(start + lifetime_seconds, usegmt=True)
    guard = quote_plus(f"{session}|{start}|{lifetime_seconds}|{end}")
    return [
        *(Cookie(name, session, lifetime_seconds) for name in SESSION_COOKIES),
        Cookie("sid_guard", guard, 2 * LIFETIME_SECONDS),
    ]


def login_cookies(seed: int, number: int, now: int, days: int) -> list[Cookie]:
    """Return the whole jar of a logged-in browser whose login ends in `days`; number 0 has lapsed already."""
    session = f"standin-session-{number}" if number else LAPSED
    drawn = digest(seed, "login", number).hex()
    start = now - LIFETIME_SECONDS + days * 86_400
    return [
        *session_cookies(session, start, LIFETIME_SECONDS),
        Cookie("uid_tt", drawn[:64], LIFETIME_SECONDS),
        Cookie("ttwid", f"1%7C{drawn[64:107]}", 2 * LIFETIME_SECONDS),
        Cookie("tt_csrf_token", drawn[:30], LIFETIME_SECONDS),
        Cookie("tt_chain_token", f"{drawn[30:52]}==", LIFETIME_SECONDS),
        Cookie("store-idc", "useast5", LIFETIME_SECONDS),
        Cookie("store-country-code", "us", LIFETIME_SECONDS),
        Cookie("tt-target-idc", "useast5", LIFETIME_SECONDS),
        Cookie("msToken", issue_token(seed), 10 * 86_400),
    ]
