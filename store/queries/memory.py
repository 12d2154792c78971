"""What a process remembers of answers that cost the database a walk over very many rows: totals and sums.

An answer is remembered for ten seconds, or fifty times as long as it took: so however often it is asked for, hardly
any time goes into it. Only what is about many rows is remembered: all else is as it is now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

Thing = TypeVar("Thing")

SHORTEST_SECONDS = 10.0
LONGEST_SECONDS = 300.0
TIMES = 50
MANY = 10_000
"""Rows. About fewer the database is asked each time."""
MOST = 1_000
"""Answers remembered per database; a reader who varies a filter for ever fills no memory."""


@dataclass(slots=True)
class _Answer:
    """One answer. Who holds the lock is about to find it anew."""

    value: Any = None
    until: float = 0.0
    is_there: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Memory:
    """Answers of one database, for the threads of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._answers: dict[Hashable, _Answer] = {}
        self._lock = threading.Lock()

    def recall(self, key: Hashable, find: Callable[[], Thing], rows: Callable[[Thing], int]) -> Thing:
        """Give what is remembered under a key, or find it, and remember it if it is about many rows.

        While one thread finds it anew, the others get what was there before.
        """
        answer = self._answers.get(key) or self._begin(key)
        if answer.until > self.clock():
            return cast("Thing", answer.value)
        if not answer.lock.acquire(blocking=not answer.is_there):
            return cast("Thing", answer.value)
        try:
            if answer.until > self.clock():
                return cast("Thing", answer.value)
            started = self.clock()
            found = find()
            seconds = self.clock() - started
            if rows(found) >= MANY:
                answer.value, answer.is_there = found, True
                lasting = min(max(SHORTEST_SECONDS, TIMES * seconds), LONGEST_SECONDS)
                answer.until = self.clock() + lasting
            else:
                self._answers.pop(key, None)
            return found
        finally:
            answer.lock.release()

    def _begin(self, key: Hashable) -> _Answer:
        with self._lock:
            if len(self._answers) >= MOST:
                self._answers.clear()
            return self._answers.setdefault(key, _Answer())


_MEMORIES: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()


def memory_of(engine: Engine) -> Memory:
    """The memory that belongs to a database."""
    return _MEMORIES.setdefault(engine, Memory())
