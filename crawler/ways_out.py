"""The exits of this process's identities: looked up, blamed for what did not come through, tried again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from pipelines.patience import Patience
from store.errors import StoreError
from store.exits import Exit, ExitBook
from store.exits.blame import TURNED_AWAY
from store.exits.exit import ExitState
from store.identities import Identity
from tiktok.verdicts import Judgement, Verdict

logger = logging.getLogger(__name__)

REFRESH_EVERY = timedelta(minutes=10)
"""How often the proxy list and the provider are asked anew."""

Probe = Callable[[Exit], Awaitable[str | None]]
"""Sends one request through an exit; says what went wrong."""


class WaysOut:
    """Exits as one crawl sees them. All methods belong to its event loop; the database is asked in threads."""

    def __init__(
        self,
        book: ExitBook,
        patience: Patience,
        *,
        probe: Probe,
        refresh: Callable[[], None],
        algorithm: str = "round-robin",
        look_seconds: float = 5.0,
    ) -> None:
        """`refresh` brings the book up to date with its sources; `look_seconds` lie between two looks for probes."""
        self.book = book
        self.patience = patience
        self.algorithm = algorithm
        self.shut: set[int] = set()
        """Exits that failed and whose identities must not ask."""
        self._probe = probe
        self._refresh = refresh
        self._look_seconds = look_seconds
        self._known: dict[int, Exit] = {}
        self._keeper: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Start to probe and to refresh."""
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def close(self) -> None:
        """Stop it."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def of(self, identity: Identity) -> Exit:
        """The way out an identity is bound to; waits for a database that is away."""
        if identity.exit_id not in self._known:
            look = partial(self.book.get, identity.exit_id)
            self._known[identity.exit_id] = await self.patience.wait_for(look)
        return self._known[identity.exit_id]

    async def note(self, way_out: Exit, judgement: Judgement, now: datetime) -> bool:
        """Book what an answer says of a proxy; return whether it was held against it.

        A site that fails says nothing of the way to it, and this machine's own way out is never shut: there is
        nothing to try instead.
        """
        if way_out.url is None:
            return False
        if judgement.rule in TURNED_AWAY:
            return False  # whether it or its identity is to blame shows when all of them are (`store.exits.blame`)
        if judgement.verdict is not Verdict.NETWORK:
            # A success that is not booked does no harm: the next one will be.
            with suppress(StoreError, SQLAlchemyError):
                await asyncio.to_thread(self.book.note_success, way_out.id, now)
            return False
        if judgement.rule not in ("no_answer", "proxy_refused", "gateway_failed"):
            return False
        await self._note_failure(way_out, now, judgement.rule, is_refused=judgement.rule == "proxy_refused")
        return True

    async def tend(self) -> None:
        """Try the exits that are due to be tried."""
        if await asyncio.to_thread(self.book.next_probe_at) is None:
            return
        due = await asyncio.to_thread(self.book.due_probes, _now())
        await asyncio.gather(*(self._try(way_out) for way_out in due))

    async def _try(self, way_out: Exit) -> None:
        trouble = await self._probe(way_out)
        if trouble is None:
            await asyncio.to_thread(self.book.note_success, way_out.id, _now())
            self.shut.discard(way_out.id)
            logger.info("The exit %s works", way_out.name)
        else:
            await self._note_failure(
                way_out, _now(), trouble, is_refused=trouble == "proxy_refused", is_probe=True
            )

    async def _note_failure(
        self, way_out: Exit, now: datetime, reason: str, *, is_refused: bool, is_probe: bool = False
    ) -> None:
        note = partial(
            self.book.note_failure, way_out.id, now, reason=reason, is_refused=is_refused, is_probe=is_probe
        )
        state = await self.patience.wait_for(note)
        if state is ExitState.READY:
            return
        if way_out.id not in self.shut:
            logger.warning("The exit %s is %s: %s", way_out.name, state, reason)
        self.shut.add(way_out.id)

    async def _keep(self) -> None:
        refreshed = _now()
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await self.tend()
                if _now() - refreshed >= REFRESH_EVERY:
                    refreshed = _now()
                    await asyncio.to_thread(self._refresh)
                    self._known.clear()
            except (StoreError, SQLAlchemyError) as error:
                # What a database says may quote a row.
                words = error if isinstance(error, StoreError) else type(error).__name__
                logger.warning("The exits stay as they are known: %s", words)


def _now() -> datetime:
    return datetime.now(UTC)
