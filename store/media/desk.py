"""One desk per crawl: what many downloads want booked at about the same time goes into one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from store.errors import StoreError
from store.media.book import Claim, Order, Settlement, claim, settle
from store.media.holders import RENEW_AFTER, new_holder, renew_claims
from store.media.statuses import ArchivedFile
from store.transactions import in_transaction

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 600.0
"""How long a database may be away before work is given up."""
LOOK_SECONDS = 2.0
GATHER_SECONDS = 0.03
"""How long the first of a batch waits for others: a transaction costs as much as a small file."""

Twins = dict[tuple[str, str, str], ArchivedFile]


@dataclass(slots=True, eq=False)
class _Wish:
    claim: Order | None
    settlement: Settlement | None
    done: asyncio.Future[Any] = field(repr=False)


class Desk:
    """Books claims and settlements. All methods belong to one event loop; the database is asked in threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = engine
        self.holder = new_holder()
        self.now = now
        self._waiting: list[_Wish] = []
        self._clerk: asyncio.Task[None] | None = None
        self._renewed_at = now()

    async def claim(self, order: Order) -> Claim:
        """Begin with a post."""
        answer: Claim = await self._ask(order, None)
        return answer

    async def settle(self, settlement: Settlement) -> Twins:
        """End with a post; tell which of its files another post has already."""
        answer: Twins = await self._ask(None, settlement)
        return answer

    async def renew(self) -> None:
        """Keep the claims, when it is time; to be called every few seconds."""
        now = self.now()
        if now - self._renewed_at < RENEW_AFTER:
            return
        self._renewed_at = now

        def work(connection: Connection) -> None:
            renew_claims(connection, self.holder, now)

        try:
            await asyncio.to_thread(in_transaction, self.engine, work)
        except StoreError as error:
            logger.warning("Claims on media are not renewed: %s", error)

    def _ask(self, order: Order | None, settlement: Settlement | None) -> asyncio.Future[Any]:
        wish = _Wish(order, settlement, asyncio.get_running_loop().create_future())
        self._waiting.append(wish)
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.get_running_loop().create_task(self._serve())
        return wish.done

    async def _serve(self) -> None:
        """Take all that has come meanwhile, again and again until nothing has."""
        while self._waiting:
            await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            try:
                answers = await self._write_patiently(batch)
            except Exception as error:  # noqa: BLE001  # whatever it was, those who asked must hear of it
                _refuse(batch, error)
                continue
            for wish, answer in zip(batch, answers, strict=True):
                if not wish.done.done():
                    wish.done.set_result(answer)

    async def _write_patiently(self, batch: list[_Wish]) -> list[Any]:
        """Wait for a database that is away; what is downloaded meanwhile lies on the disk."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                return await asyncio.to_thread(self._write, batch)
            except StoreError as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                logger.warning("Media are waiting for the database: %s", error)
                await asyncio.sleep(LOOK_SECONDS)

    def _write(self, batch: list[_Wish]) -> list[Any]:
        settlements = [wish.settlement for wish in batch if wish.settlement]
        orders = [wish.claim for wish in batch if wish.claim]

        def work(connection: Connection) -> tuple[Twins, dict[str, Claim]]:
            now = self.now()
            twins = settle(connection, self.holder, settlements, now) if settlements else {}
            claims = claim(connection, self.holder, orders, now) if orders else {}
            return twins, claims

        twins, claims = in_transaction(self.engine, work)
        return [claims[wish.claim.video_id] if wish.claim else _own(wish, twins) for wish in batch]


def _own(wish: _Wish, twins: Twins) -> Twins:
    assert wish.settlement
    return {file.key: twins[file.key] for file in wish.settlement.files if file.key in twins}


def _refuse(batch: list[_Wish], error: Exception) -> None:
    for wish in batch:
        if not wish.done.done():
            wish.done.set_exception(error)
