"""When a callback is tried again, and when no more."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""Before each attempt, counted from the end of the last: three days and a bit in all."""
GONE = 410


class DeliveryState(StrEnum):
    """Where a callback is."""

    PENDING = "pending"
    """To be tried, for the first time or again."""
    DELIVERED = "delivered"
    GONE = "gone"
    """The receiver said that it wants no more (410)."""
    FAILED = "failed"
    """All attempts were used up."""


def state_after(attempts: int, status: int | None) -> DeliveryState:
    """What becomes of a callback after so many attempts, the last of which was answered so, or not at all."""
    if status is not None and 200 <= status < 300:
        return DeliveryState.DELIVERED
    if status == GONE:
        return DeliveryState.GONE
    return DeliveryState.PENDING if attempts < len(WAITS) else DeliveryState.FAILED
