"""Waiting for a database that is away: a crawl goes on where it was when the server is back, or its disk has room."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from store.errors import DatabaseBusy, DatabaseRefused, DatabaseUnreachable, StoreError
from store.transactions import explain

logger = logging.getLogger(__name__)

T = TypeVar("T")

PASSING = (DatabaseUnreachable, DatabaseBusy, DatabaseRefused)
"""Troubles that end by themselves, or when somebody mends them."""
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0
"""Between two tries; it doubles from the first to the longest."""


class Patience:
    """Runs work that needs the database, for all parts of one crawl: they wait together, and say so once."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self.engine = engine
        self.seconds = seconds
        """How long the database may be away."""
        self.away_since: float | None = None

    async def wait_for(self, work: Callable[[], T]) -> T:
        """Run it in a thread, again and again while the database is away; then raise what it says, a `StoreError`."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                done = await asyncio.to_thread(work)
            except (StoreError, DBAPIError) as error:
                trouble = error if isinstance(error, StoreError) else explain(self.engine, error)
                if trouble is None:
                    raise
                if not isinstance(trouble, PASSING):
                    raise trouble from error
                self._bear(trouble)
            else:
                self._find_it_back()
                return done
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _bear(self, trouble: StoreError) -> None:
        """Take note of a failed try; raise the trouble when it has lasted too long."""
        now = time.monotonic()
        if self.away_since is None:
            self.away_since = now
            if self.seconds:
                logger.warning("%s. Waiting up to %.0f s, nothing is lost", trouble, self.seconds)
        if now - self.away_since >= self.seconds:
            raise trouble

    def _find_it_back(self) -> None:
        if self.away_since is not None:
            logger.warning("The database is back after %.0f s", time.monotonic() - self.away_since)
        self.away_since = None
