"""What an answer's `Set-Cookie` headers say, and which cookies a request may carry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tiktok.cookies import DOMAIN, Cookie

LONGEST = 8192
"""Characters of one header; browsers take 4096, and nothing longer is a cookie."""


def read_set_cookie(header: str, now: datetime) -> Cookie | None:
    """Read one header; `None` for what is no cookie. All are taken as TikTok's, whatever host they came from."""
    if len(header) > LONGEST:
        return None
    pair, *attributes = header.split(";")
    name, equals, value = pair.strip().partition("=")
    if not equals or not name:
        return None
    told = {
        key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in attributes)
    }
    return Cookie(
        name=name,
        value=value,
        domain=DOMAIN,
        path=told.get("path") or "/",
        expires_at=_end(told, now),
        is_secure="secure" in told,
        is_http_only="httponly" in told,
        set_at=now,
    )


def cookie_header(cookies: Iterable[Cookie], path: str, now: datetime) -> str:
    """The `Cookie` header for a request to this path; empty when no cookie is to be sent."""
    sent = (cookie for cookie in cookies if path.startswith(cookie.path) and not cookie.is_expired(now))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent)


def _end(told: dict[str, str], now: datetime) -> datetime | None:
    """`Max-Age` wins over `Expires`, as RFC 6265 says."""
    seconds = told.get("max-age", "")
    if seconds.removeprefix("-").isdigit() and len(seconds) <= 10:
        return now + timedelta(seconds=min(int(seconds), 400 * 86_400))
    try:
        return parsedate_to_datetime(told["expires"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None
