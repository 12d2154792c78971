"""Cookies as people paste them, in four formats: which are taken, which refused, and why.

A cookie comes from a browser's export and is foreign text: nothing of its value is ever quoted in a reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from tiktok.cookie_jars import is_sound, matches_domain, moment
from tiktok.cookies import DOMAIN, KNOWN, MS_TOKEN, SESSION, Cookie, Duty, login_expires_at, merge_cookies
from tiktok.errors import UnreadableCookies

MAX_BYTES = 1024 * 1024
"""A browser keeps 180 cookies of 4 KB per site; more is no export of one."""
MILLISECONDS = 1e11
"""Larger expiries are meant in milliseconds: in seconds, this is the year 5138."""
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)


class PasteFormat(StrEnum):
    """How the cookies were written."""

    COOKIE_EDITOR = "Cookie-Editor JSON"
    NETSCAPE = "Netscape file"
    HEADER = "Cookie header"
    STORAGE_STATE = "Playwright storage state"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cookie that was not taken."""

    name: str
    """Its name, or its place where it has no proper name."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """What a paste holds."""

    format: PasteFormat
    cookies: list[Cookie]
    refusals: list[Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One cookie as it stands in the paste, not judged yet."""

    place: int
    name: Any
    value: Any
    domain: Any = DOMAIN
    path: Any = "/"
    expires: Any = None
    is_secure: bool = True
    is_http_only: bool = False


def read_cookies(paste: str | bytes, now: datetime, *, site: str = DOMAIN) -> Paste:
    """Read pasted cookies of TikTok, or of `site`; raise `UnreadableCookies` when it is none of the formats."""
    text = _text(paste)
    kind, entries = _recognise(text, site)
    taken: list[Cookie] = []
    refusals: list[Refusal] = []
    for entry in entries:
        judged = _judge(entry, now, site)
        if isinstance(judged, Cookie):
            taken.append(judged)
        else:
            refusals.append(judged)
    cookies, ended = _without_ended_login(merge_cookies(taken), now)
    return Paste(format=kind, cookies=cookies, refusals=refusals + ended)


def _text(paste: str | bytes) -> str:
    if len(paste) > MAX_BYTES:
        raise UnreadableCookies("it is larger than 1 MB", "export the cookies of tiktok.com only")
    if isinstance(paste, bytes):
        # Windows' Notepad writes either mark.
        encoding = "utf-16" if paste[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            paste = paste.decode(encoding)
        except UnicodeDecodeError:
            raise UnreadableCookies("it is not text", "save it as UTF-8") from None
    text = paste.removeprefix("\ufeff").strip("\ufeff \t\r\n")
    if not text:
        raise UnreadableCookies("it is empty", "export the cookies again")
    return text


def _recognise(text: str, site: str) -> tuple[PasteFormat, Iterator[_Entry]]:
    if text[0] in "[{":
        return _recognise_json(text)
    if any(line.count("\t") >= 5 for line in text.splitlines()) or "Netscape HTTP Cookie File" in text[:200]:
        return PasteFormat.NETSCAPE, _netscape(text)
    lines = text.splitlines()
    if len(lines) == 1 and "=" in text and "<" not in text[:1]:
        return PasteFormat.HEADER, _header(text, site)
    raise UnreadableCookies(
        "it is none of the four formats",
        "use Cookie-Editor's JSON, a Netscape cookies.txt, a Cookie header or Playwright's storage state",
    )


def _recognise_json(text: str) -> tuple[PasteFormat, Iterator[_Entry]]:
    try:
        content = orjson.loads(text.encode(errors="surrogatepass"))
    except orjson.JSONDecodeError:
        # The error would quote the document.
        raise UnreadableCookies("it is broken JSON", "copy the whole export, to its last bracket") from None
    if isinstance(content, list):
        return PasteFormat.COOKIE_EDITOR, _json_rows(content)
    if isinstance(content, dict) and isinstance(content.get("cookies"), list):
        return PasteFormat.STORAGE_STATE, _json_rows(content["cookies"])
    raise UnreadableCookies("its JSON holds no list of cookies", "export the cookies again")


def _json_rows(rows: list[Any]) -> Iterator[_Entry]:
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield _Entry(place=place, name=None, value=None)
            continue
        is_session = row.get("session") is True
        yield _Entry(
            place=place,
            name=row.get("name"),
            value=row.get("value"),
            domain=row.get("domain", DOMAIN),
            path=row.get("path") or "/",
            expires=None if is_session else row.get("expirationDate", row.get("expires")),
            is_secure=row.get("secure") is True,
            is_http_only=row.get("httpOnly") is True,
        )


def _netscape(text: str) -> Iterator[_Entry]:
    """Seven fields between tabs: domain, whether hosts below get it, path, secure, expiry, name, value."""
    for place, line in enumerate(text.splitlines(), 1):
        is_http_only = line.startswith("#HttpOnly_")
        stripped = line.removeprefix("#HttpOnly_")
        if not stripped.strip() or stripped.startswith("#"):
            continue
        fields = stripped.split("\t")
        if len(fields) != 7:
            yield _Entry(place=place, name=None, value=None)
            continue
        domain, below, path, secure, expires, name, value = fields
        bare = domain.strip().lstrip(".")
        yield _Entry(
            place=place,
            name=name.strip(),
            value=value.strip(),
            domain=f".{bare}" if below.strip().upper() == "TRUE" else bare,
            path=path,
            expires=None if expires.strip() in ("0", "") else expires.strip(),
            is_secure=secure.strip().upper() == "TRUE",
            is_http_only=is_http_only,
        )


def _header(text: str, site: str) -> Iterator[_Entry]:
    prefix, _, rest = text.partition(":")
    pairs = rest if prefix.strip().lower() == "cookie" else text
    for place, pair in enumerate(pairs.split(";"), 1):
        if not pair.strip():
            continue
        name, equals, value = (part.strip() for part in pair.partition("="))
        # A lone value that ends in "=", as base64 does, is no name: it must not be shown as one.
        is_pair = bool(equals and value.strip("="))
        yield _Entry(place=place, name=name if is_pair else None, value=value, domain=site)


def _judge(entry: _Entry, now: datetime, site: str) -> Cookie | Refusal:
    name, value = entry.name, entry.value
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return Refusal(f"entry {entry.place}", "has no proper name")
    if not isinstance(value, str) or not value or not is_sound(name, value):
        return Refusal(name, "has no value that fits into a header")
    domain = str(entry.domain).strip().lower() if isinstance(entry.domain, str) else ""
    if not _is_of(domain, DOMAIN) and not _is_of(domain, site):
        return Refusal(name, "belongs to another site")
    if reason := _unwanted(name):
        return Refusal(name, reason)
    path = entry.path if isinstance(entry.path, str) and is_sound("path", entry.path) else "/"
    expires_at = _expiry(entry.expires)
    if expires_at is not None and expires_at <= now:
        return Refusal(name, f"expired on {expires_at:%Y-%m-%d}")
    return Cookie(
        name=name,
        value=value,
        # Those of a site that stands in for TikTok take TikTok's place: so they are sent, and replaced, like any.
        domain=domain if _is_of(domain, DOMAIN) else DOMAIN,
        path=path if path.startswith("/") else "/",
        expires_at=expires_at,
        is_secure=entry.is_secure,
        is_http_only=entry.is_http_only,
        set_at=now,
    )


def _unwanted(name: str) -> str | None:
    known = KNOWN.get(name)
    if known is None:
        return "is not a cookie that TikTok's site needs"
    if known.duty is Duty.PUZZLE:
        return "works only in the browser that solved the puzzle"
    return "is not used any more" if known.duty is Duty.OBSOLETE else None


def _is_of(domain: str, site: str) -> bool:
    bare = site.lstrip(".").lower()
    return matches_domain(domain.removeprefix("."), f".{bare}") if bare else False


def _expiry(value: Any) -> datetime | None:
    """Epoch seconds, as number or digits; what is none, or not positive, ends with the browser."""
    try:
        seconds = float(value) if not isinstance(value, bool) else 0.0
    except (TypeError, ValueError):
        return None
    if not math.isfinite(seconds) or seconds <= 0:
        return None
    return moment(seconds / 1000 if seconds > MILLISECONDS else seconds)


def _without_ended_login(cookies: list[Cookie], now: datetime) -> tuple[list[Cookie], list[Refusal]]:
    """Refuse the cookies of a login that is over, whatever they say of themselves: `sid_guard` knows better."""
    ends_at = login_expires_at(cookies)
    if ends_at is None or ends_at > now:
        return cookies, []
    ended = [cookie for cookie in cookies if KNOWN[cookie.name].duty is Duty.LOGIN]
    refusals = [Refusal(cookie.name, f"the login ended on {ends_at:%Y-%m-%d}") for cookie in ended]
    return [cookie for cookie in cookies if cookie not in ended], refusals


def warnings_about(cookies: list[Cookie]) -> list[str]:
    """Say what is missing for an identity to get on well."""
    names = {cookie.name for cookie in cookies}
    warnings = []
    if not names & set(SESSION):
        warnings.append("no login cookie (sessionid, sid_tt): the identity is a guest's")
    elif "sid_guard" not in names:
        warnings.append("no sid_guard: when the login ends is only known from the cookies' own dates")
    if "ttwid" not in names:
        warnings.append("no ttwid: a session without it is refused sooner")
    if MS_TOKEN not in names:
        warnings.append("no msToken: the site gives one with its first answer")
    if "tt_csrf_token" not in names:
        warnings.append("no tt_csrf_token: only requests that change something need it")
    return warnings
