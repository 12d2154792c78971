"""TikTok's cookies: what each is for, how long it lives, and what a set of them is worth.

Values are secrets: none stands in a `repr`. Duties and lifetimes: facts C.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import unquote

DOMAIN = ".tiktok.com"
"""Where the site scopes its cookies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie as the site set it."""

    name: str
    value: str = field(repr=False)
    domain: str = DOMAIN
    """Lower case. With a dot in front it goes to all hosts below, without one to this host alone."""
    path: str = "/"
    expires_at: datetime | None = None
    """Unknown, or it ends with the browser."""
    is_secure: bool = True
    is_http_only: bool = False
    set_at: datetime | None = None
    """When the site sent it to us; unknown is older than any moment."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two cookies the same one."""
        return self.name, self.domain, self.path

    def is_expired(self, now: datetime) -> bool:
        """Tell whether it may not be sent any more."""
        return self.expires_at is not None and self.expires_at <= now


class Duty(StrEnum):
    """What a cookie is there for."""

    GUEST = "guest"
    """Who visits; any page gives it."""
    TOKEN = "token"  # noqa: S105  # a kind of cookie
    """msToken: replaced with every answer."""
    LOGIN = "login"
    """Whose account it is; all of them end together."""
    COMPANION = "companion"
    """Goes along with a login."""
    PUZZLE = "puzzle"
    """Bound to the browser that solved the WAF's puzzle, for seconds; elsewhere it is refused."""
    OBSOLETE = "obsolete"


@dataclass(frozen=True, slots=True)
class KnownCookie:
    """What is known of a cookie."""

    duty: Duty
    lifetime: timedelta | None = None
    """From the moment it is set; unknown, or ends with the browser."""


_LOGIN = KnownCookie(Duty.LOGIN, timedelta(days=180))
_COMPANION = KnownCookie(Duty.COMPANION)

KNOWN: Mapping[str, KnownCookie] = MappingProxyType(
    {
        "ttwid": KnownCookie(Duty.GUEST, timedelta(days=365)),
        "tt_chain_token": KnownCookie(Duty.GUEST, timedelta(days=180)),
        "tt_csrf_token": KnownCookie(Duty.GUEST),
        "odin_tt": KnownCookie(Duty.GUEST, timedelta(days=365)),
        "s_v_web_id": KnownCookie(Duty.GUEST),
        "cookie-consent": KnownCookie(Duty.GUEST),
        "msToken": KnownCookie(Duty.TOKEN, timedelta(days=10)),
        **dict.fromkeys(
            (
                "sessionid",
                "sessionid_ss",
                "sid_tt",
                "sid_guard",
                "uid_tt",
                "uid_tt_ss",
                "sid_ucp_v1",
                "ssid_ucp_v1",
            ),
            _LOGIN,
        ),
        **dict.fromkeys(
            (
                "tt-target-idc",
                "tt-target-idc-sign",
                "store-idc",
                "store-country-code",
                "store-country-code-src",
                "store-country-sign",
                "passport_csrf_token",
                "passport_csrf_token_default",
                "passport_auth_status",
                "passport_auth_status_ss",
                "cmpl_token",
                "multi_sids",
                "d_ticket",
                "tt_session_tlb_tag",
                "last_login_method",
                "living_user_id",
            ),
            _COMPANION,
        ),
        **dict.fromkeys(("_wafchallengeid", "waforiginalreid", "_waftokenid"), KnownCookie(Duty.PUZZLE)),
        **dict.fromkeys(("tt_webid", "tt_webid_v2"), KnownCookie(Duty.OBSOLETE)),
    }
)
"""By name, as the site spells it."""

MS_TOKEN = "msToken"  # noqa: S105  # the cookie's name
MS_TOKEN_LIFETIME = timedelta(days=10)

CRITICAL = ("sessionid", "sid_tt", MS_TOKEN, "tt_csrf_token", "ttwid")
"""The five that an operator is told about."""
SESSION = ("sessionid", "sessionid_ss", "sid_tt")
"""Any of them means logged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalCookie:
    """How one of the critical five stands."""

    name: str
    is_present: bool
    expires_at: datetime | None
    """Unknown, absent, or it ends with the browser."""
    days_left: int | None
    """Whole days; unknown like `expires_at`."""


def is_logged_in(cookies: Iterable[Cookie], now: datetime) -> bool:
    """Tell whether the cookies say that somebody is logged in; only the site knows whether that still holds."""
    cookies = list(cookies)
    ends_at = login_expires_at(cookies)
    if ends_at is not None and ends_at <= now:
        return False
    return any(c.name in SESSION and c.value and not c.is_expired(now) for c in cookies)


def login_expires_at(cookies: Iterable[Cookie]) -> datetime | None:
    """Say when the login ends: `sid_guard` knows it; else the session cookie that lives longest does."""
    cookies = list(cookies)
    ends = [end for cookie in cookies if cookie.name == "sid_guard" and (end := _guard_end(cookie.value))]
    if ends:
        return max(ends)
    return max((c.expires_at for c in cookies if c.name in SESSION and c.expires_at), default=None)


def critical_cookies(cookies: Sequence[Cookie], now: datetime) -> list[CriticalCookie]:
    """Report on the critical five, in their order."""
    return [_critical(name, cookies, now) for name in CRITICAL]


def with_token_end(cookie: Cookie) -> Cookie:
    """Give an msToken that does not say when it ends the end it would have: a stale one must not be sent."""
    if cookie.name != MS_TOKEN or cookie.expires_at or not cookie.set_at:
        return cookie
    return replace(cookie, expires_at=cookie.set_at + MS_TOKEN_LIFETIME)


def newest(cookies: Iterable[Cookie], name: str) -> Cookie | None:
    """The one of that name which the site sent last."""
    found = [cookie for cookie in cookies if cookie.name == name]
    return max(reversed(found), key=_age_rank, default=None)


def merge_cookies(*jars: Iterable[Cookie]) -> list[Cookie]:
    """Keep one cookie per name, domain and path: the newest, of equally old ones that of the later jar."""
    kept: dict[tuple[str, str, str], Cookie] = {}
    for jar in jars:
        for cookie in jar:
            known = kept.get(cookie.key)
            if known is None or _age_rank(cookie) >= _age_rank(known):
                kept[cookie.key] = cookie
    return list(kept.values())


def _age_rank(cookie: Cookie) -> float:
    return cookie.set_at.timestamp() if cookie.set_at else 0.0


def _critical(name: str, cookies: Sequence[Cookie], now: datetime) -> CriticalCookie:
    live = [cookie for cookie in cookies if cookie.name == name and not cookie.is_expired(now)]
    ends = [cookie.expires_at for cookie in live if cookie.expires_at]
    if live and name in SESSION and (login_end := login_expires_at(cookies)):
        ends.append(login_end)
    expires_at = min(ends, default=None)
    return CriticalCookie(
        name=name,
        is_present=bool(live),
        expires_at=expires_at,
        days_left=max((expires_at - now).days, 0) if expires_at else None,
    )


def _guard_end(value: str) -> datetime | None:
    """`session|epoch of the login|seconds it lasts|date in words`, percent-encoded."""
    parts = unquote(value).split("|")
    try:
        return datetime.fromtimestamp(int(parts[1]) + int(parts[2]), UTC)
    except (IndexError, ValueError, OverflowError, OSError):
        return None
