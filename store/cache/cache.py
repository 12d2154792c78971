"""The cache as its users see it: who answers from it, who fills it, who waits, and what happens without it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from store.cache.answers import Cached, CacheStats, FillRefused, FillTooSlow, Fresh
from store.cache.keeper import Keeper
from store.cache.state import MICROSECONDS, Entry, Filled, Ours, Refused, Sight, State, Theirs
from store.errors import CacheLost

logger = logging.getLogger(__name__)

T = TypeVar("T")
Fill = Callable[[], Fresh]

STALE_SECONDS = 24 * 3600.0
"""How long an old answer is kept for the day when no new one is to be had."""
PATIENCE_SECONDS = 30.0
"""How long one caller waits for another one's fill; a live lookup takes at most 20 s."""
FIRST_PAUSE_SECONDS = 0.005
LAST_PAUSE_SECONDS = 0.05
"""Who waits looks again after the first, then after half as long again each time, up to the second."""
RETRY_SECONDS = 2.0
"""A lost cache is tried again so often, by one caller; all others go without it meanwhile."""


class Cache:
    """Answers kept for a while. For any number of threads, and for processes that were forked."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._keeper = Keeper(state)
        self._is_lost = False
        self._away_until = 0.0

    def read_through(
        self,
        key: str,
        ttl_seconds: float,
        fill: Fill,
        *,
        tags: Collection[str] = (),
        stale_seconds: float = STALE_SECONDS,
        fresh: bool = False,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Cached:
        """Return what is there, or what `fill` finds; of all who ask at once, one fills and the others wait.

        A fill that raises `FillRefused` is covered by an old answer, if there is one; else all who waited get the
        refusal. Any other exception goes to the one whose fill raised it, and the next one tries. With `fresh`
        nothing is read: it fills at once, and leaves the answer to others. A cache that can't be reached is no
        error: the answer is found without it.
        """

        def keep(found: Fresh, lease: str) -> Cached:
            filled = Filled(key, found.body, {*tags, *found.tags}, ttl_seconds, stale_seconds)
            self._try(lambda: self._state.store(filled, lease))
            return Cached(found.body, cached=False, stored_at=datetime.now(UTC), ttl_left_seconds=None)

        if fresh:
            return keep(fill(), "")
        match self._wait_for(key, patience_seconds):
            case None:
                return keep(fill(), "")
            case Entry() as entry:
                return _cached(entry)
            case Ours(lease, old):
                try:
                    return keep(self._fill(key, lease, fill), lease)
                except FillRefused as refusal:
                    return _make_do(old, refusal)
            case Refused(refusal_body, old):
                return _make_do(old, FillRefused(refusal_body))
            case Theirs(_, old):
                self._try(self._state.count_miss)
                return _make_do(old, FillTooSlow())

    def clear(self, pattern: str) -> int:
        """Remove keys by a glob pattern (`*`, `?`, `[abc]`); return how many. Raises `CacheLost`."""
        return self._state.remove(pattern)

    def clear_all(self) -> int:
        """Remove all keys; return how many. Counters go on. Raises `CacheLost`."""
        return self._state.remove("*")

    def invalidate(self, tag: str) -> int:
        """Remove what carries a tag; return how many keys. Raises `CacheLost`."""
        return self._state.remove_tagged(tag)

    def expire(self, tag: str) -> int:
        """Have what carries a tag found anew; return how many keys. Raises `CacheLost`.

        Unlike with `invalidate`, the old answers still serve while new ones are refused.
        """
        return self._state.expire_tagged(tag)

    def count(self, pattern: str) -> int:
        """Count keys by a glob pattern. Raises `CacheLost`."""
        return self._state.count(pattern)

    def stats(self) -> CacheStats:
        """Return the figures of this moment, over all processes. Raises `CacheLost`."""
        return self._state.stats()

    def close(self) -> None:
        """Let go of threads, files and connections."""
        self._keeper.close()
        self._state.close()

    def _wait_for(self, key: str, patience_seconds: float) -> Sight | None:
        """Look until it isn't another one's turn, at most so long; `None` without a cache."""
        end = time.monotonic() + patience_seconds
        pause, awaited = FIRST_PAUSE_SECONDS, ""
        while True:
            sight = self._try(partial(self._state.look, key, awaited))
            if not isinstance(sight, Theirs) or time.monotonic() >= end:
                return sight
            awaited = sight.lease
            time.sleep(pause)
            pause = min(pause * 1.5, LAST_PAUSE_SECONDS)

    def _fill(self, key: str, lease: str, fill: Fill) -> Fresh:
        """Find the answer, and end the lease if that fails."""
        with self._keeper.watching(key, lease):
            try:
                return fill()
            except FillRefused as refusal:
                body, hold = refusal.body, refusal.hold_seconds
                self._try(lambda: self._state.refuse(key, lease, body, hold))
                raise
            except BaseException:
                self._try(lambda: self._state.release(key, lease))
                raise

    def _try(self, work: Callable[[], T]) -> T | None:
        """Do it, or go without the cache; say so once."""
        now = time.monotonic()
        if self._is_lost:
            if now < self._away_until:
                return None
            self._away_until = now + RETRY_SECONDS
        try:
            result = work()
        except CacheLost as error:
            if not self._is_lost:
                logger.warning("The cache is lost, answers are found without it: %s", error)
            self._is_lost, self._away_until = True, time.monotonic() + RETRY_SECONDS
            return None
        if self._is_lost:
            logger.warning("The cache is back")
            self._is_lost = False
        return result


def _cached(entry: Entry, refusal: FillRefused | None = None) -> Cached:
    return Cached(
        entry.body,
        cached=True,
        stored_at=datetime.fromtimestamp(entry.stored_at / MICROSECONDS, UTC),
        ttl_left_seconds=entry.ttl_left_seconds,
        stale=refusal is not None,
        refusal=None if refusal is None else refusal.body,
    )


def _make_do(old: Entry | None, refusal: FillRefused) -> Cached:
    """Answer with what is old, or not at all."""
    if old is None:
        raise refusal
    return _cached(old, refusal)
