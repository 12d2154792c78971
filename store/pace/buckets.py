"""What limits requests: so many per second, so many at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

SPACING = 1.01
"""Requests are kept 1 % further apart than the rate says.

So ten seconds never hold one too many, even when some are sent up to 0.1 s late (see `governor.PATIENCE_SECONDS`).
"""
MICROSECONDS = 1_000_000
KEY_LENGTH = 191
"""Longest key: as long as MySQL indexes in any row format."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One limit. Whoever names the same key shares it, in whatever process and on whatever node."""

    key: str
    per_second: float
    burst: int = 1
    """Requests that may go out at once after a pause; 1 spaces them evenly, always."""

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= KEY_LENGTH:
            raise ValueError(f"{self.key!r} can't name a bucket: it needs 1 to {KEY_LENGTH} characters")
        if not 0 < self.per_second < math.inf or self.burst < 1:
            raise ValueError(f"{self!r} would never let anything through, or everything")

    @property
    def interval(self) -> int:
        """Microseconds between two requests. Whole numbers: Python, Lua and SQL then agree to the last one."""
        return math.ceil(MICROSECONDS * SPACING / self.per_second)

    @property
    def tolerance(self) -> int:
        """How much earlier than evenly spaced, in microseconds, a burst may send."""
        return (self.burst - 1) * self.interval

    def slowed(self, share: float) -> Bucket:
        """Leave a share of the rate, and no burst."""
        return Bucket(self.key, self.per_second * share)
