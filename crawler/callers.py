"""Whoever waits for what a crawl finds: a caller of the live service, who may hang up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from crawler.errands import Errand

T = TypeVar("T")

LONGEST_WAIT_SECONDS = 3.0
"""Rests before a retry that a waiting caller is asked to bear; after longer ones the next route is asked at once."""


class CallerGone(IgnoreRequest):  # says what happened
    """Nobody waits for the answer any more."""


class Caller:
    """Who waits for one lookup. Errands of crawls that nobody waits for have none."""

    def __init__(self) -> None:
        self.is_gone = False
        self.errand: Errand | None = None
        """What was asked last."""
        self.retry_after_seconds: float | None = None
        """When asking again makes sense, as far as the crawl knows."""
        self._stays: set[asyncio.Task[Any]] = set()

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
