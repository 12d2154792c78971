"""The pace of one process alone, while the shared state is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from store.pace.buckets import MICROSECONDS, Bucket
from store.pace.calendar import Calendar, book
from store.pace.state import Booking, Change


def process_clock() -> int:
    """Microseconds that only go forward."""
    return time.monotonic_ns() // 1000


class MemoryState:
    """Calendars in this process's memory."""

    def __init__(self, clock: Callable[[], int] = process_clock) -> None:
        self._clock = clock
        self._calendars: dict[str, Calendar] = {}
        self._records: dict[str, str] = {}
        self._emptied_at: int | None = None

    def empty(self) -> None:
        """Begin without any saved-up requests: the first of each bucket waits a whole interval from now."""
        self._emptied_at = self._clock()

    async def book(self, buckets: Sequence[Bucket]) -> Booking:
        """See `State`."""
        calendars = [self._calendars.setdefault(bucket.key, Calendar()) for bucket in buckets]
        if self._emptied_at is not None:
            for calendar, bucket in zip(calendars, buckets, strict=True):
                calendar.held_until = max(calendar.held_until, self._emptied_at + bucket.interval)
        now = self._clock()
        slot = book(calendars, buckets, now)
        keys = tuple(bucket.key for bucket in buckets)
        return Booking(self, keys, slot, max(0, slot - now) / MICROSECONDS)

    async def stands(self, booking: Booking, patience_seconds: float) -> bool:
        """See `State`."""
        now, patience = self._clock(), int(patience_seconds * MICROSECONDS)
        return all(self._calendars[key].stands(booking.slot, now, patience) for key in booking.keys)

    async def give_back(self, booking: Booking) -> None:
        """See `State`."""
        for key in booking.keys:
            self._calendars[key].give_back(booking.slot)

    async def hold(self, key: str, seconds: float) -> None:
        """See `State`."""
        now = self._clock()
        self._calendars.setdefault(key, Calendar()).hold(now, now + int(seconds * MICROSECONDS))

    async def meet(self, name: str) -> int:  # noqa: ARG002  # we are alone, whatever our name
        """See `State`."""
        return 1

    async def amend(self, name: str, change: Change) -> str:
        """See `State`."""
        self._records[name] = change(self._records.get(name))
        return self._records[name]

    async def records(self) -> Mapping[str, str]:
        """See `State`."""
        return dict(self._records)

    async def close(self) -> None:
        """See `State`."""
