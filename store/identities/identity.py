"""One identity: what goes with its requests, and how it fares. Nothing secret is in its `repr`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from store.models.identities import IdentityKind, IdentityState
from tiktok.cookies import (
    DOMAIN,
    MS_TOKEN,
    MS_TOKEN_LIFETIME,
    Cookie,
    CriticalCookie,
    login_expires_at,
    merge_cookies,
    newest,
    with_token_end,
)
from tiktok.devices import Device

FULL_HEALTH = 100
RENEWED_WITHIN = timedelta(days=7)
"""Before its end a login, or a guest's `ttwid`, is due for renewal."""


@dataclass(slots=True, kw_only=True)
class Identity:
    """Cookies, device and exit, bound for life; one request in flight."""

    id: int
    kind: IdentityKind
    label: str
    device: Device = field(repr=False)
    exit_id: int
    cookies: list[Cookie] = field(repr=False)
    is_logged_in: bool = False
    state: IdentityState = IdentityState.READY
    health: int = FULL_HEALTH
    """0 to 100: mended by answers, spent by refusals."""
    streak: int = 0
    """Refusals in a row."""
    rests: int = 0
    """Cooldowns in a row: each lasts twice as long as the one before."""
    cooldown_until: datetime | None = None
    last_used_at: datetime | None = None
    created_at: datetime | None = None

    @property
    def ms_token(self) -> str | None:
        """The newest the site sent; nothing when there is none, or when it was dropped."""
        cookie = newest(self.cookies, MS_TOKEN)
        return cookie.value or None if cookie else None

    @property
    def ms_token_expires_at(self) -> datetime | None:
        """When the newest msToken ends."""
        cookie = newest(self.cookies, MS_TOKEN)
        return cookie.expires_at if cookie else None

    @property
    def expires_at(self) -> datetime | None:
        """When the login ends, or a guest's `ttwid`."""
        if self.is_logged_in:
            return login_expires_at(self.cookies)
        ttwid = newest(self.cookies, "ttwid")
        return ttwid.expires_at if ttwid else None

    def learn_cookies(self, cookies: Iterable[Cookie]) -> None:
        """Take over what an answer set."""
        self.cookies = merge_cookies(self.cookies, map(with_token_end, cookies))

    def learn_token(self, value: str, now: datetime) -> None:
        """Take over an msToken that came otherwise than as a cookie: in a header or a page."""
        if value and value != self.ms_token:
            cookie = self._token_cookie()
            self.learn_cookies([replace(cookie, value=value, expires_at=now + MS_TOKEN_LIFETIME, set_at=now)])

    def drop_token(self, now: datetime) -> None:
        """Send no msToken until the site gives a new one: a stale one is worse than none (facts C.2)."""
        known = [cookie for cookie in self.cookies if cookie.name == MS_TOKEN]
        self.learn_cookies([replace(cookie, value="", expires_at=now, set_at=now) for cookie in known])

    def _token_cookie(self) -> Cookie:
        known = newest(self.cookies, MS_TOKEN)
        if known:
            return known
        # Where the site put its other cookies: against a stand-in that is no domain of TikTok's.
        neighbour = newest(self.cookies, "ttwid")
        return Cookie(name=MS_TOKEN, value="", domain=neighbour.domain if neighbour else DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityStatus:
    """One line of the identities' table; nothing in it is secret."""

    id: int
    label: str
    kind: IdentityKind
    state: IdentityState
    health: int
    streak: int
    exit_name: str
    is_logged_in: bool
    is_leased: bool
    is_readable: bool
    """Whether its key is here."""
    critical: list[CriticalCookie]
    """Empty when it is not readable."""
    expires_at: datetime | None
    cooldown_until: datetime | None
    last_used_at: datetime | None
    reason: str | None
    """What last went wrong."""

    def is_due(self, now: datetime) -> bool:
        """Tell whether it ends soon, or has ended."""
        return self.expires_at is not None and self.expires_at - now <= RENEWED_WITHIN
