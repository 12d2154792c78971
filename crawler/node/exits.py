"""Tells the database how crawls' processes ended, so that nobody has to wait for the silence of one that is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from sqlalchemy import Engine
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.logger import Logger

from store.engine import open_engine
from store.jobs.dispatch import record_exit, settle

log = Logger()


@dataclass(frozen=True, slots=True)
class ShardNumbers:
    """Which attempt at which shard a process is."""

    shard_id: int
    attempt: int

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Self | None:
        """Find them among a spider's arguments; nothing for a crawl that is no shard."""
        try:
            return cls(int(arguments["shard"]), int(arguments["attempt"]))
        except (KeyError, ValueError):
            return None


class Exits:
    """Works in threads. What can't be told is not needed: workers find out by themselves, half a minute later."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.telling: set[Deferred[None]] = set()
        self._engine: Engine | None = None

    def tell_exit(self, shard: ShardNumbers, exit_code: int) -> None:
        """A process ended; its code is negative when a signal ended it."""
        self._tell(partial(record_exit, shard_id=shard.shard_id, attempt=shard.attempt, exit_code=exit_code))

    def tell_failed_start(self, shard: ShardNumbers, reason: str) -> None:
        """A process could not be started."""
        self._tell(
            partial(settle, shard_id=shard.shard_id, attempt=shard.attempt, reason=reason, is_failure=True)
        )

    def _tell(self, write: Callable[..., Any]) -> None:
        telling: Deferred[None] = deferToThread(self._write, write)
        self.telling.add(telling)
        telling.addErrback(lambda failure: log.warn("A shard's end is not told: {why}", why=failure.value))
        telling.addBoth(lambda _: self.telling.discard(telling))

    def _write(self, write: Callable[..., Any]) -> None:
        if self._engine is None:
            self._engine = open_engine(self.database_url)
        write(self._engine, now=datetime.now(UTC))
