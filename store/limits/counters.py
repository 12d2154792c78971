"""Counters as the API sees them, and what happens while the shared ones are away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from store.limits.limit import Limit, Record, Standing, add, standing, weigh

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long shared counters that were lost are left alone: each try may cost a request its time-out."""
MOST_ALONE = 100_000
"""Counters of a process alone; beyond, those that are full again are forgotten, then all."""

Clock = Callable[[], int]


class CountersLost(Exception):  # noqa: N818  # says what happened
    """The shared counters can't be reached at the moment."""


@dataclass(frozen=True, slots=True)
class Use:
    """A request of somebody, counted against one limit."""

    key: str
    """Whose, and of what. Limits with different keys don't know of each other."""
    limit: Limit


class Counters(Protocol):
    """Counts requests. Raises `CountersLost` when that can't be done."""

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        """Count a request in all limits, or, when one of them has no room, in none; tell how each stands."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def wall_clock() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


def count(
    records: Sequence[Record], uses: Sequence[Use], now: int
) -> tuple[list[Record] | None, list[Standing]]:
    """Count a request in records; return the new ones, or none where it is refused, and how each limit stands."""
    weighed = [weigh(record, use.limit, now) for record, use in zip(records, uses, strict=True)]
    is_refused = any(wait for _, wait in weighed)
    after = [
        record if is_refused else add(record, use.limit)
        for (record, _), use in zip(weighed, uses, strict=True)
    ]
    standings = [
        standing(record, use.limit, wait, now)
        for record, (_, wait), use in zip(after, weighed, uses, strict=True)
    ]
    return (None if is_refused else after), standings


class MemoryCounters:
    """Counters of one process alone."""

    def __init__(self, clock: Clock = wall_clock) -> None:
        self._clock = clock
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        """See `Counters`."""
        with self._lock:
            now = self._clock()
            if len(self._records) >= MOST_ALONE:
                self._forget(now)
            old = [self._records.get(use.key, Record()) for use in uses]
            new, standings = count(old, uses, now)
            if new is not None:
                self._records.update(zip((use.key for use in uses), new, strict=True))
            return standings

    def close(self) -> None:
        """See `Counters`."""

    def _forget(self, now: int) -> None:
        self._records = {key: record for key, record in self._records.items() if record.until > now}
        if len(self._records) >= MOST_ALONE:
            self._records.clear()


class SafeCounters:
    """Shared counters; while they are lost, this process counts alone, with its share of each limit.

    So a lost Redis neither opens the door nor shuts it: all processes together let through no more than before.
    """

    def __init__(self, shared: Counters, processes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._shared = shared
        self._processes = processes
        self._clock = clock
        self._alone = MemoryCounters()
        self._lost_until = 0.0
        self._is_lost = False

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        """See `Counters`; never raises `CountersLost`."""
        if self._clock() >= self._lost_until:
            try:
                standings = self._shared.take(uses)
            except CountersLost as error:
                self._lose(error)
            else:
                self._find()
                return standings
        return self._alone.take([replace(use, limit=use.limit.shared_by(self._processes)) for use in uses])

    def close(self) -> None:
        """See `Counters`."""
        self._shared.close()

    def _lose(self, error: CountersLost) -> None:
        self._lost_until = self._clock() + RETRY_SECONDS
        if not self._is_lost:
            self._is_lost = True
            logger.warning("The limits' counters are lost (%s): each process counts alone, its share", error)

    def _find(self) -> None:
        if self._is_lost:
            self._is_lost = False
            logger.warning("The limits' counters are back")
