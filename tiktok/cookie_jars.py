"""Which cookies go with a request, and what an answer's `Set-Cookie` means (RFC 6265)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tiktok.cookies import Cookie

MAX_BYTES = 4096
"""Longest name and value together that browsers keep."""
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def cookies_for(cookies: Iterable[Cookie], url: str, now: datetime) -> list[Cookie]:
    """Choose what to send to an address: not expired, of its host and path, longest path first."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path or "/"
    # Browsers hold a loopback address to be as safe as https.
    is_safe = parts.scheme in ("https", "wss") or host in ("127.0.0.1", "::1", "localhost")
    chosen = [
        cookie
        for cookie in cookies
        if not cookie.is_expired(now)
        and matches_domain(host, cookie.domain)
        and _matches_path(path, cookie.path)
        and (is_safe or not cookie.is_secure)
    ]
    return sorted(chosen, key=lambda cookie: -len(cookie.path))


def cookie_header(cookies: Iterable[Cookie], url: str, now: datetime) -> str:
    """Write the `Cookie` header of a request; empty when there is nothing to send."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies_for(cookies, url, now))


def read_set_cookie(header: str, url: str, now: datetime) -> Cookie | None:
    """Read one `Set-Cookie` header of an answer from `url`; nothing when a browser would not keep it.

    A cookie that is taken back comes as an expired one, so that it replaces the one that is known.
    """
    pair, *attributes = header.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    host, path = (urlsplit(url).hostname or "").lower(), urlsplit(url).path
    if not equals or not is_sound(name, value) or not host:
        return None
    given = dict(_attribute(attribute) for attribute in attributes)
    domain = _domain(given.get("domain", ""), host)
    if domain is None:
        return None
    return Cookie(
        name=name,
        value=value,
        domain=domain,
        path=given["path"] if given.get("path", "").startswith("/") else _default_path(path),
        expires_at=_expiry(given, now),
        is_secure="secure" in given,
        is_http_only="httponly" in given,
        set_at=now,
    )


def is_sound(name: str, value: str) -> bool:
    """Tell whether they fit into a header: nothing that ends it or starts another cookie."""
    return (
        bool(name)
        and name.isascii()
        and name.isprintable()
        and not set(name) & set(' \t"(),/:;<=>?@[\\]{}')
        and value.isascii()
        and (not value or value.isprintable())
        and ";" not in value
        and len(name) + len(value) <= MAX_BYTES
    )


def matches_domain(host: str, domain: str) -> bool:
    """Tell whether a cookie of this domain goes to the host."""
    if domain.startswith("."):
        return host == domain[1:] or host.endswith(domain)
    return host == domain


def moment(epoch_seconds: float) -> datetime:
    """Turn epoch seconds into a moment, however far they reach."""
    return datetime.fromtimestamp(min(max(epoch_seconds, 0), LATEST.timestamp()), UTC)


def _attribute(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def _domain(given: str, host: str) -> str | None:
    bare = given.lower().strip(".")
    if not bare or bare == host == given.lower():
        return host if not bare or not _is_name(host) else f".{host}"
    # A domain without a dot inside is a whole country's or trade's.
    if "." not in bare or not _is_name(host) or not matches_domain(host, f".{bare}"):
        return None
    return f".{bare}"


def _is_name(host: str) -> bool:
    return ":" not in host and not host.replace(".", "").isdigit()


def _default_path(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _matches_path(path: str, of_cookie: str) -> bool:
    return path == of_cookie or path.startswith(of_cookie if of_cookie.endswith("/") else of_cookie + "/")


def _expiry(given: dict[str, str], now: datetime) -> datetime | None:
    try:
        seconds = int(given["max-age"])
    except (KeyError, ValueError):
        return _date(given.get("expires", ""))
    return now + timedelta(seconds=seconds) if 0 < seconds < 10**9 else now if seconds <= 0 else LATEST


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
