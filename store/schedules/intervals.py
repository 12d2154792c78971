"""Every so many minutes, counted from a fixed moment, so that late runs don't shift the later ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.errors import ScheduleRefused

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 366 * 24 * 60


@dataclass(frozen=True)
class Interval:
    """When an interval is due: `anchor` plus a whole number of them."""

    minutes: int
    anchor: datetime

    def __post_init__(self) -> None:
        """Refuse what is too short or too long."""
        if not SHORTEST_MINUTES <= self.minutes <= LONGEST_MINUTES:
            raise ScheduleRefused(
                f"interval_minutes: {self.minutes} is not from {SHORTEST_MINUTES} to {LONGEST_MINUTES}"
            )

    def next_after(self, moment: datetime) -> datetime:
        """The first due time after a moment; none lies before the anchor and one interval."""
        interval = timedelta(minutes=self.minutes)
        passed = max(0, (moment - self.anchor) // interval)
        return self.anchor + (passed + 1) * interval
