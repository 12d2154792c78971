"""A limit, and how requests are counted against it. Pure; `take.lua` does the same inside Redis.

Two kinds. A window holds an amount: it begins with the first request, and when its time is over the whole amount is
there again. A token bucket holds a burst, and gets its amount back evenly over the time.

All times are whole microseconds since 1970.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MICROSECONDS = 1_000_000
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    amount: int
    seconds: int
    burst: int = 0
    """How many a token bucket holds; 0 makes it a window."""

    def __post_init__(self) -> None:
        if self.amount < 1 or self.seconds < 1 or self.burst < 0:
            raise ValueError(f"{self!r} would never let anything through, or everything")

    def __str__(self) -> str:
        unit = next((name for name, seconds in UNITS.items() if seconds == self.seconds), "")
        return f"{self.amount} per {unit or f'{self.seconds} seconds'}"

    @property
    def most(self) -> int:
        """How many may come at once."""
        return self.burst or self.amount

    @property
    def period(self) -> int:
        """Microseconds of a window."""
        return self.seconds * MICROSECONDS

    @property
    def interval(self) -> int:
        """Microseconds in which a bucket gets one back."""
        return math.ceil(self.period / self.amount)

    def shared_by(self, processes: int) -> Limit:
        """The part of each process when they count alone: together never more, but one each at least."""
        share = max(1, self.amount // processes)
        return Limit(share, self.seconds, max(1, self.burst // processes) if self.burst else 0)


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept between two requests."""

    used: int = 0
    """Requests in the window."""
    until: int = 0
    """When the window ends, or the bucket is full again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one limit stands after a request."""

    limit: Limit
    remaining: int
    wait_seconds: float
    """Until it lets one more through; more than 0 only when it refused this one."""
    reset_seconds: float
    """Until the whole amount is there again."""


def weigh(record: Record, limit: Limit, now: int) -> tuple[Record, int]:
    """Bring a record up to now; return it with the microseconds to wait until one more may come.

    A record that ends later than it can was written before the clock was set back, and counts as none.
    """
    if limit.burst:
        capacity = limit.burst * limit.interval
        full = record.until if now < record.until <= now + capacity else now
        return Record(0, full), max(0, full + limit.interval - capacity - now)
    if not now < record.until <= now + limit.period:
        return Record(0, now + limit.period), 0
    return record, (record.until - now if record.used >= limit.amount else 0)


def add(record: Record, limit: Limit) -> Record:
    """Count one request in a record that is up to date."""
    if limit.burst:
        return Record(0, record.until + limit.interval)
    return Record(record.used + 1, record.until)


def standing(record: Record, limit: Limit, wait: int, now: int) -> Standing:
    """Tell how a limit stands."""
    remaining = limit.amount - record.used
    if limit.burst:
        remaining = limit.burst - math.ceil((record.until - now) / limit.interval)
    return Standing(limit, max(0, remaining), wait / MICROSECONDS, max(0, record.until - now) / MICROSECONDS)
