"""Whoever waits for what a crawl finds: a caller of the live service, who may hang up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from crawler.errands import Errand

T = TypeVar("T")

LONGEST_WAIT_SECONDS = 3.0
"""Rests before a retry that a waiting caller is asked to bear; after longer ones the next route is asked at once."""


class BrokenOff(IgnoreRequest):  # says what happened
    """The request has no answer, and that is nobody's fault: whoever asked is free, and nothing is held against it."""


class CallerGone(BrokenOff):
    """Nobody waits for the answer any more."""


class NoTurn(BrokenOff):
    """The pace lets nobody ask by this exit while the caller waits."""

    def __init__(self, exit_id: int, wait_seconds: float) -> None:
        super().__init__(f"the pace lets nobody ask for another {wait_seconds:.0f} s")
        self.exit_id = exit_id
        self.wait_seconds = wait_seconds


class Caller:
    """Who waits for one lookup. Errands of crawls that nobody waits for have none."""

    def __init__(self) -> None:
        self.is_gone = False
        self.until = 0.0
        """The deadline, by the clock of `time.monotonic`."""
        self.errand: Errand | None = None
        """What was asked last."""
        self.retry_after_seconds: float | None = None
        """When asking again makes sense, as far as the crawl knows."""
        self._stays: set[asyncio.Task[Any]] = set()

    @property
    def seconds_left(self) -> float:
        """How long he still waits."""
        return max(self.until - time.monotonic(), 0.0)

    async def stay_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work and break it off when the caller goes; raise `CallerGone` then."""
        if self.is_gone:
            work.close()
            raise CallerGone
        task = asyncio.get_running_loop().create_task(work)
        self._stays.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.is_gone:
                raise CallerGone from None
            task.cancel()
            raise
        finally:
            self._stays.discard(task)

    def leave(self) -> None:
        """Hang up."""
        self.is_gone = True
        for task in self._stays:
            task.cancel()
