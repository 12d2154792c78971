"""What goes into the cache and what comes out of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a fill has found."""

    body: bytes
    tags: Collection[str] = ()
    """Beside those of the call: what is only known now, for example `product:ID` of each product in a search."""


class FillRefused(Exception):  # noqa: N818  # says what happened
    """Raised by a fill that got no answer: an old answer may then do.

    `body` says why, in any form that the callers agree upon. Those who wait for the same key get it, too, in
    whatever process; so do those who ask within `hold_seconds`, and nobody asks the site meanwhile.
    """

    def __init__(self, body: bytes, *, hold_seconds: float = 0.0) -> None:
        super().__init__(body)
        self.body = body
        self.hold_seconds = hold_seconds


class FillTooSlow(FillRefused):
    """Another caller's fill took longer than we may wait. It may still end well."""

    def __init__(self) -> None:
        super().__init__(b"")


@dataclass(frozen=True, slots=True)
class Cached:
    """An answer, and where it comes from."""

    body: bytes
    cached: bool
    """False when it was found for this very call."""
    stored_at: datetime
    """When it was found, UTC."""
    ttl_left_seconds: int | None
    """How long it stays fresh; 0 when it is stale, `None` when it was found just now."""
    stale: bool = False
    """True when it should have been found anew, and that was refused."""
    refusal: bytes | None = None
    """Why it is stale: the `body` of the `FillRefused`."""


@dataclass(frozen=True, slots=True)
class CacheStats:
    """The cache's figures at one moment, over all processes."""

    keys: int
    hits: int
    """Calls that were answered by what was there, or by what another call found while they waited."""
    misses: int
    """All others, but for those that wanted a fresh answer: they asked the site, not the cache."""
    memory_bytes: int
    """Keys and bodies, without what the database needs around them."""

    @property
    def hit_rate(self) -> float:
        """Share of hits, 0 to 1; 0 before the first call."""
        calls = self.hits + self.misses
        return self.hits / calls if calls else 0.0
