"""The requests the site has seen: the latest ones in full, all of them as counts."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from aiohttp import web

from standin.callers import exit_of
from standin.faults.rules import Fault
from standin.logins import session_in

KEPT = 2_000
"""Requests kept in full."""


class Entry(NamedTuple):
    """One request in plain strings: keeping request objects would keep their whole connection state alive."""

    method: str
    target: str
    cookies: str
    user_agent: str
    referer: str
    exit: str
    at: float
    fault: str | None
    origin: str | None


@dataclass(slots=True)
class Journal:
    """What was asked, by whom, and which fault it met."""

    counts: Counter[str] = field(default_factory=Counter)
    """Requests per path; ids in paths make this long, so it is cut at `KEPT` paths."""
    _latest: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))

    def write(self, request: web.BaseRequest, fault: Fault | None) -> None:
        """Note a request."""
        headers = request.headers
        self._latest.append(
            Entry(
                request.method,
                request.raw_path,
                headers.get("Cookie", ""),
                headers.get("User-Agent", ""),
                headers.get("Referer", ""),
                exit_of(request),
                time.time(),
                fault.kind if fault else None,
                fault.origin if fault else None,
            )
        )
        if request.path in self.counts or len(self.counts) < KEPT:
            self.counts[request.path] += 1

    def read(self) -> dict[str, Any]:
        """Return everything noted, oldest first."""
        return {
            "total": self.counts.total(),
            "counts": dict(self.counts),
            "requests": [_readable(entry) for entry in self._latest],
        }


def _readable(entry: Entry) -> dict[str, Any]:
    target = urlsplit(entry.target)
    values = {name: cookie.value for name, cookie in SimpleCookie(entry.cookies).items()}
    query = dict(parse_qsl(target.query, keep_blank_values=True))
    return {
        "method": entry.method,
        "path": unquote(target.path),
        "query": query,
        "cookies": sorted(values),
        "identity": values.get("ttwid", ""),
        "user_agent": entry.user_agent,
        "session": session_in(values),
        "ms_token": query.get("msToken") or values.get("msToken", ""),
        "referer": entry.referer,
        "exit": entry.exit,
        "at": entry.at,
        "fault": entry.fault,
        "origin": entry.origin,
    }
