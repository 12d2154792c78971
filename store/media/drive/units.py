"""The pace: requests cost units, of which Google grants so many a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import IntEnum


class Cost(IntEnum):
    """What a request costs, by Google's list of 2026-05."""

    READ = 5
    OTHER = 5
    WRITE = 50
    LIST = 100


BURST_SECONDS = 6.0
"""What a quiet time saves up."""


class Units:
    """Makes threads wait until their request may be sent."""

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.per_second = per_minute / 60
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._paid_until = clock() - BURST_SECONDS

    def take(self, cost: Cost) -> None:
        """Wait for a request's turn."""
        with self._lock:
            now = self._clock()
            turn = max(self._paid_until, now - BURST_SECONDS)
            self._paid_until = turn + cost / self.per_second
        if turn > now:
            self._sleep(turn - now)
