"""The requests the site has seen: the latest ones in full, all of them as counts."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

KEPT = 2_000
"""Requests kept in full."""


@dataclass(slots=True)
class Journal:
    """What was asked, by whom, and which fault it met."""

    counts: Counter[str] = field(default_factory=Counter)
    """Requests per path; ids in paths make this long, so it is cut at `KEPT` paths."""
    _latest: deque[tuple[web.BaseRequest, str | None]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def write(self, request: web.BaseRequest, fault: str | None) -> None:
        """Note a request."""
        self._latest.append((request, fault))
        if request.path in self.counts or len(self.counts) < KEPT:
            self.counts[request.path] += 1

    def read(self) -> dict[str, Any]:
        """Return everything noted, oldest first."""
        return {
            "total": self.counts.total(),
            "counts": dict(self.counts),
            "requests": [_entry(request, fault) for request, fault in self._latest],
        }


def _entry(request: web.BaseRequest, fault: str | None) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "cookies": sorted(request.cookies),
        "identity": request.cookies.get("ttwid", ""),
        "user_agent": request.headers.get("User-Agent", ""),
        "referer": request.headers.get("Referer", ""),
        "fault": fault,
    }
