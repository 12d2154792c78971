"""Watches jobs for all streams of a process: one look at the database for all of them, about three times a second.

Whoever watches gets the newest state, not each: one who reads slowly skips what is past.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2s
from typing import Any

import orjson
from sqlalchemy import Engine

from store.clients.errors import CredentialsRefused

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.3
"""Between two looks. With what a look takes, a change is told within a second."""
AT_ONCE = 500
"""Jobs in one statement."""
RECHECK_SECONDS = 3.0
"""How often credentials are looked at again: who may not ask any more may not listen either."""


class End(StrEnum):
    """Why a stream ends."""

    FINISHED = "finished"
    """The job has ended, and that was told."""
    DELETED = "deleted"
    REVOKED = "revoked"
    """The credentials are worth nothing any more."""
    CLOSING = "closing"
    """This process ends; whoever still wants to know connects again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A job at one moment, as clients see it."""

    client_id: str | None
    document: dict[str, Any]
    is_final: bool

    @property
    def text(self) -> str:
        return orjson.dumps(self.document).decode()

    @property
    def digest(self) -> str:
        """The same for the same state, whichever process tells it."""
        return blake2s(orjson.dumps(self.document), digest_size=12).hexdigest()


@dataclass(slots=True, eq=False)
class Subscription:
    """One who watches a job."""

    job_id: int
    client_id: str
    first: Snapshot
    credentials: str
    """Name of what was shown: the same for all who showed the same."""
    recheck: Callable[[], object]
    """Raises `CredentialsRefused` when that is worth nothing any more."""
    known: str = ""
    """Digest of the state that the client knows already."""
    end: End | None = None
    _newest: Snapshot | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def states(self, silence_seconds: float) -> AsyncIterator[Snapshot | None]:
        """Give each state that differs from the one before, the last one when the job has ended.

        `None` when there was nothing to tell for so long. Afterwards `end` says why there is no more.
        """
        self._newest = self._newest or self.first
        while self.end is None:
            state = self._newest
            if state.digest != self.known:
                self.known = state.digest
                yield state
            if state.is_final:
                self.stop(End.FINISHED)
                return
            try:
                async with asyncio.timeout(silence_seconds):
                    await self._changed.wait()
            except TimeoutError:
                yield None
            self._changed.clear()

    def tell(self, state: Snapshot | None) -> None:
        """Take the newest state; none, or somebody else's, means that the job was deleted."""
        if state is None or state.client_id != self.client_id:
            self.stop(End.DELETED)
            return
        self._newest = state
        self._changed.set()

    def stop(self, end: End) -> None:
        """Tell nothing more."""
        self.end = self.end or end
        self._changed.set()


Read = Callable[[Engine, Sequence[int]], Mapping[int, Snapshot]]


class Hub:
    """Belongs to one event loop; the database is asked in threads."""

    def __init__(self, engine: Engine, read: Read) -> None:
        self.engine = engine
        self.read = read
        self._watched: dict[int, set[Subscription]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._rechecked_at = 0.0
        self._is_closing = False

    def add(self, subscription: Subscription) -> None:
        """Watch a job."""
        if self._is_closing:
            subscription.stop(End.CLOSING)
        self._watched.setdefault(subscription.job_id, set()).add(subscription)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    def remove(self, subscription: Subscription) -> None:
        """Watch it no more, unless others do."""
        watchers = self._watched.get(subscription.job_id, set())
        watchers.discard(subscription)
        if not watchers:
            self._watched.pop(subscription.job_id, None)

    def close(self) -> None:
        """End all."""
        self._is_closing = True
        for subscription in self._subscriptions():
            subscription.stop(End.CLOSING)

    async def _watch(self) -> None:
        while self._watched:
            try:
                await self._look()
                await self._recheck()
            except Exception as error:  # noqa: BLE001  # a database that is away comes back; streams wait for it
                logger.warning("Watched jobs can't be read: %s", str(error).partition("\n")[0])
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        job_ids = list(self._watched)
        for first in range(0, len(job_ids), AT_ONCE):
            some = job_ids[first : first + AT_ONCE]
            states = await asyncio.to_thread(self.read, self.engine, some)
            for job_id in some:
                for subscription in self._watched.get(job_id, set()):
                    subscription.tell(states.get(job_id))

    async def _recheck(self) -> None:
        if time.monotonic() - self._rechecked_at < RECHECK_SECONDS:
            return
        self._rechecked_at = time.monotonic()
        by_credentials: dict[str, list[Subscription]] = {}
        for subscription in self._subscriptions():
            by_credentials.setdefault(subscription.credentials, []).append(subscription)
        for some in by_credentials.values():
            try:
                await asyncio.to_thread(some[0].recheck)
            except CredentialsRefused:
                for subscription in some:
                    subscription.stop(End.REVOKED)

    def _subscriptions(self) -> list[Subscription]:
        return [each for watchers in self._watched.values() for each in watchers]
