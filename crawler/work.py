"""What a crawl is to do: the targets of its shard, page by page out of the ledger, or those that were handed to it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pipelines.patience import Patience
from store.errors import StoreError
from store.jobs.claims import Claim, Order, end_shard, heartbeat
from store.jobs.kinds import Kind
from store.jobs.ledger import open_targets
from store.jobs.states import ShardState
from tiktok.urls import Target

logger = logging.getLogger(__name__)

PAGE = 100
"""Rows of the ledger read at once."""
NEWS_SECONDS = 1.0
"""Orders that are no older than this are not asked for again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A target and its place in the ledger."""

    position: int
    target: Target


class Work(Protocol):
    """Where a spider's targets come from."""

    is_over: bool
    """No more targets are to be begun."""

    def pages(self) -> AsyncIterator[list[Entry]]:
        """What is left to do, in order."""
        ...

    async def look(self) -> None:
        """Find out whether it is over."""
        ...


class GivenWork:
    """Targets of a crawl that is nobody's job."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = targets
        self.is_over = False

    async def pages(self) -> AsyncIterator[list[Entry]]:
        yield [Entry(position, target) for position, target in enumerate(self.targets, start=1)]

    async def look(self) -> None:
        """Nobody could tell it anything."""


class ShardWork:
    """Open targets of a shard that this process has claimed, and the talk with its job."""

    def __init__(
        self,
        engine: Engine,
        claim: Claim,
        kind: Kind,
        patience: Patience,
        tell: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        """`tell` says how far the crawl is, as `heartbeat` takes it."""
        self.engine = engine
        self.job, self.shard = claim.job, claim.shard
        self.kind = kind
        self.patience = patience
        self.tell = tell
        self.order = Order.GO_ON
        self.is_over = False
        self._heard_at = time.monotonic()

    async def pages(self) -> AsyncIterator[list[Entry]]:
        after = self.shard.first_position - 1
        while rows := await self.patience.wait_for(
            partial(open_targets, self.engine, self.shard, after, PAGE)
        ):
            yield [Entry(row.position, self.kind.target_of(row.target)) for row in rows]
            after = rows[-1].position

    async def look(self) -> None:
        if time.monotonic() - self._heard_at >= NEWS_SECONDS:
            await self.beat()

    async def beat(self) -> None:
        """Say that we live, and hear what to do. While the database is away nobody hears us, and nobody gives us up."""
        beat = partial(
            heartbeat, self.engine, self.shard.id, self.shard.attempt, datetime.now(UTC), **self.tell()
        )
        try:
            order = await asyncio.to_thread(beat)
        except (StoreError, SQLAlchemyError) as error:
            logger.info("No heartbeat: %s", type(error).__name__)
            return
        self._heard_at = time.monotonic()
        if self.order is Order.GO_ON and order is not Order.GO_ON:
            logger.warning("Job %d says: %s", self.job.id, order)
            self.order = order
            self.is_over = True

    async def end(self, reason: str, *, is_handed_back: bool) -> ShardState:
        """Give the shard back; what is open is somebody else's, or nobody's."""
        end = partial(
            end_shard, self.engine, self.shard.id, self.shard.attempt, reason, is_handed_back=is_handed_back
        )
        return await self.patience.wait_for(lambda: end(now=datetime.now(UTC)))
