"""Where answers are kept, as `Cache` sees it. SQLite and Redis both look like this."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from store.cache.answers import CacheStats

MICROSECONDS = 1_000_000
LEASE_SECONDS = 5.0
"""Whoever fills a key says every second that it lives; after so long without a word another one may fill it."""
SKEW_SECONDS = 60.0
"""What was stored by more than this in the future shows that the clock was set back: it counts as old."""
SWEPT_AT_ONCE = 500
"""So many rows are removed in one step: a few milliseconds, in which nobody else can write."""
LARGEST_SHARE = 8
"""What takes more than an eighth of the cache is not kept: it would push out everything else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored answer; times are microseconds since 1970."""

    body: bytes
    stored_at: int
    fresh_until: int
    ttl_left_seconds: int


@dataclass(frozen=True, slots=True)
class Ours:
    """Nothing fresh is there, and we are the one to fill the key."""

    lease: str
    old: Entry | None


@dataclass(frozen=True, slots=True)
class Theirs:
    """Nothing fresh is there, and somebody else fills the key."""

    lease: str
    old: Entry | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Whoever filled the key was refused."""

    refusal: bytes
    old: Entry | None


Sight = Entry | Ours | Theirs | Refused


@dataclass(frozen=True, slots=True)
class Filled:
    """What is to be stored."""

    key: str
    body: bytes
    tags: Collection[str]
    ttl_seconds: float
    """So long it is fresh."""
    stale_seconds: float
    """So long it is kept afterwards."""


class State(Protocol):
    """Entries, leases and counters shared by processes and threads.

    Everything raises `CacheLost` when it can't be reached.
    """

    def look(self, key: str, awaited: str) -> Sight:
        """Look for an answer, or take the lease to find it. `awaited` is a lease that we waited for, or "".

        Counts a hit for an entry, a miss when it is ours or refused, nothing when we have to wait.
        """
        ...

    def store(self, filled: Filled, lease: str) -> None:
        """Keep an answer and end the lease. Nothing is kept when the lease is no longer ours; "" is always."""
        ...

    def refuse(self, key: str, lease: str, refusal: bytes, hold_seconds: float) -> None:
        """End the lease; tell those who waited for it, and who asks within so long, that it was refused."""
        ...

    def release(self, key: str, lease: str) -> None:
        """End the lease without a word; the next one fills the key."""
        ...

    def renew(self, leases: Sequence[tuple[str, str]]) -> None:
        """Say of these keys and leases that whoever fills them lives."""
        ...

    def count_miss(self) -> None:
        """Count a call that waited in vain."""
        ...

    def remove(self, pattern: str) -> int:
        """Remove the keys that a glob pattern matches; what is being filled now won't be kept either."""
        ...

    def remove_tagged(self, tag: str) -> int:
        """The same for what carries a tag."""
        ...

    def expire_tagged(self, tag: str) -> int:
        """Let what carries a tag be old from now on: found anew, but still there when that is refused."""
        ...

    def sweep(self) -> int:
        """Remove some of what nobody may have any more; return how many."""
        ...

    def count(self, pattern: str) -> int:
        """Count the keys that a glob pattern matches."""
        ...

    def stats(self) -> CacheStats:
        """Return the figures of this moment."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
