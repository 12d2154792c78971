"""Chaos: every answer has a chance to go wrong in any way it can.

The draw depends on the seed, on what is asked for and on how often it was asked, never on who asks, when, or what
else is going on: the same seed gives every target the same troubles, whatever the concurrency.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from standin.dice import digest, draw, pick
from standin.faults.rules import KINDS, BadFaultError, Fault
from standin.wire.shop.addresses import is_shop_path

ANYWHERE = (
    "rate_limit", "captcha", "login_wall", "forbidden", "maintenance", "server_error", "empty", "drift",
    "expired_links", "delay", "drip", "cut", "reset",
)  # fmt: skip
ON_PAGES = (*ANYWHERE, "waf", "no_data")
ON_SHOP_PAGES = (*ON_PAGES, "hollow", "empty_list", "masked", "no_feed", "region_locked", "suspected")
ON_ENDPOINTS = (*ANYWHERE, "status_code", "gated", "html", "hollow")
ON_LISTS = (
    *ON_ENDPOINTS, "empty_list", "more_lies_true", "more_lies_false", "more_missing", "stuck_cursor",
    "repeated_page",
)  # fmt: skip
ON_SHOP_LISTS = (*ON_LISTS, "masked", "page_token")
ON_FILES = (
    "rate_limit", "forbidden", "server_error", "empty", "html", "delay", "drip", "cut", "reset", "truncated",
    "wrong_length",
)  # fmt: skip

NAMELESS = ("/", "/foryou", "/explore", "/login", "/passport/*", "/node/*")
"""Addresses that name no target; how often they are asked is nobody's own history, so chaos spares them."""
TARGET_PARAMS = (
    "secUid", "uniqueId", "itemId", "item_id", "aweme_id", "comment_id", "challengeID", "challengeName", "musicID",
    "collectionId", "keyword", "url", "scene", "cursor", "minCursor", "maxCursor", "offset", "q", "page",
)  # fmt: skip
"""Parameters that say what is asked for; all others say by whom and how."""
_SIGNED = re.compile(r"^/[0-9a-f]{32}/[0-9a-f]{8}/")
"""Signature and expiry where a path begins with them: they change every hour."""
_FILE = re.compile(r"/video/tos/|/tos-|" + _SIGNED.pattern[1:])
ASKED = "body of a request"
"""Under this name a request carries its body: the shop's lists are asked for what stands in it."""
CURSORS = ("cursor", "minCursor", "maxCursor")
QUICK: Mapping[str, Mapping[str, Any]] = {
    "rate_limit": {"retry_after": 1},
    "delay": {"seconds": 0.2},
    "drip": {"bytes": 60_000, "seconds": 0.02},
}
"""Options that let thousands of faults pass in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaosRules:
    """How much goes wrong, and what."""

    probability: float = 0.2
    seed: int = 0
    kinds: Sequence[str] = ()
    """Draw among these only; nothing means all."""
    spare: Sequence[str] = ()
    """Shell patterns of paths left alone, beside those that name no target."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Options of some kinds, where other than `QUICK`."""

    def __post_init__(self) -> None:
        unknown = sorted({*self.kinds, *self.options} - set(KINDS))
        if unknown:
            raise BadFaultError(f"kinds: {unknown[0]!r} is none of {', '.join(sorted(KINDS))}")
        if not 0 <= self.probability <= 1:
            raise BadFaultError(f"probability: {self.probability} is not between 0 and 1")


@dataclass(slots=True)
class Chaos:
    """Rules, and how often each target was asked for."""

    rules: ChaosRules
    asked: Counter[str] = field(default_factory=Counter)
    _memories: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def fault_for(self, request: web.BaseRequest, newest: int) -> Fault | None:
        """Return what goes wrong with this answer, if anything; `newest` is the present as a cursor."""
        rules = self.rules
        if any(fnmatchcase(request.path, path) for path in (*NAMELESS, *rules.spare)):
            return None
        target = target_of(request, newest)
        self.asked[target] += 1
        chance, choice, luck, *_ = draw(rules.seed, "chaos", target, self.asked[target])
        kinds = self._kinds_on(request.path)
        if chance >= rules.probability * 2**32 or not kinds:
            return None
        kind = pick(kinds, choice)
        return Fault(
            kind=kind,
            seed=luck,
            options=rules.options.get(kind) or QUICK.get(kind, {}),
            memory=self._memory_of(kind, request),
            origin="chaos",
        )

    def _kinds_on(self, path: str) -> list[str]:
        kinds = kinds_on(path)
        return [kind for kind in kinds if kind in self.rules.kinds] if self.rules.kinds else list(kinds)

    def _memory_of(self, kind: str, request: web.BaseRequest) -> dict[str, bytes]:
        """Return what a kind that repeats pages keeps: one memory for each list."""
        if kind != "repeated_page":
            return {}
        return self._memories.setdefault(_address(request, without=CURSORS), {})


def kinds_on(path: str) -> tuple[str, ...]:
    """Return the kinds of trouble an address can meet."""
    if _FILE.match(path):
        return ON_FILES
    if is_shop_path(path):
        return ON_SHOP_PAGES
    if not path.startswith("/api/"):
        return ON_PAGES
    if path.startswith("/api/shop/"):
        return ON_SHOP_LISTS
    return ON_LISTS if "list" in path or "search" in path else ON_ENDPOINTS


def target_of(request: web.BaseRequest, newest: int) -> str:
    """Name what is asked for, the same whoever asks: a cursor after the newest post is the start of a list.

    The walk through a history begins at the caller's own clock (facts B.2), which differs from run to run.
    """
    address = _address(request, without=CURSORS)
    cursors = [request.query.get(name, "") for name in CURSORS]
    return "|".join([address, *("newest" if _is_after(cursor, newest) else cursor for cursor in cursors)])


def _address(request: web.BaseRequest, *, without: Sequence[str]) -> str:
    query = request.query
    named = [f"{name}={query[name]}" for name in TARGET_PARAMS if name in query and name not in without]
    body = [digest(0, request[ASKED]).hex()] if ASKED in request else []
    return "|".join([_SIGNED.sub("/", request.path), *named, *body])


def _is_after(cursor: str, newest: int) -> bool:
    return cursor.isascii() and cursor.isdigit() and int(cursor) >= newest
