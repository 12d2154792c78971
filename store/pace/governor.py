"""The governor of a process: asks the shared state for slots, waits for them, and goes on slower without it.

While the state is lost, each process takes a share of the rate that is so small that all of them together stay
below it; see docs/pace.md.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from store.pace.buckets import Bucket
from store.pace.memory_state import MemoryState
from store.pace.state import Booking, State, StateLost

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.1
"""A slot that was missed by more is lost, or late requests would pile up; doubles at each miss, so that a slow
machine or a far Redis gets its turn, too."""
MEET_SECONDS = 10.0
"""How often we say that we are there; a sixth of the time after which we would count as gone."""
FIRST_TRY_SECONDS = 0.5
LAST_TRY_SECONDS = 5.0
"""A lost state is tried again after the first, then after twice as long each time, up to the second."""
CANCEL_SECONDS = 0.1
"""A watcher that has not ended so long after it was cancelled did not hear of it."""
PEERS_ASSUMED = 8
"""As many processes count as lost with us at least, even if we met fewer: some may start in the meantime."""


class TurnTooLate(Exception):  # noqa: N818  # says what happened
    """The next turn comes later than whoever asked can wait."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(f"the next turn comes in {wait_seconds:.1f} s")
        self.wait_seconds = wait_seconds


class Governor:
    """Lets requests through at the pace that all processes and nodes agree upon."""

    def __init__(self, state: State, *, last_try_seconds: float = LAST_TRY_SECONDS) -> None:
        self._shared = state
        self._alone = MemoryState()
        self._name = secrets.token_hex(8)
        self._last_try_seconds = last_try_seconds
        self._is_lost = False
        self._loss = asyncio.Event()
        self._peers = 1
        self._missed_holds: dict[str, float] = {}
        self._sent_alone: dict[str, Bucket] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()

    async def turn(self, buckets: Sequence[Bucket], *, most_seconds: float = math.inf) -> float:
        """Wait until one more request of all these buckets may be sent; return how long that took, in seconds.

        A cancelled caller's slot goes to whoever asks next. Raises `TurnTooLate` at once where it would take longer
        than `most_seconds`.
        """
        started = time.monotonic()
        patience = PATIENCE_SECONDS
        while buckets:
            booking = await self._book(buckets)
            if time.monotonic() - started + booking.wait_seconds > most_seconds:
                await self._give_back(booking)
                raise TurnTooLate(booking.wait_seconds)
            if booking.wait_seconds == 0 or await self._sit_out(booking, patience):
                break
            patience *= 2
        return time.monotonic() - started

    async def reserve(self, buckets: Sequence[Bucket]) -> float:
        """Reserve one request in all buckets; return the seconds to sleep before it is sent.

        The half of `turn` for callers that wait by themselves: they can't notice a hold that comes in between.
        """
        return (await self._book(buckets)).wait_seconds if buckets else 0.0

    async def hold(self, key: str, seconds: float) -> None:
        """Let nobody send anything for this bucket for so long (Retry-After); those who wait for it wait anew."""
        await self._alone.hold(key, seconds)
        if not self._is_lost:
            try:
                await self._shared.hold(key, seconds)
            except StateLost as error:
                self._lose(error)
        if self._is_lost:
            self._missed_holds[key] = time.monotonic() + seconds

    @property
    def is_lost(self) -> bool:
        """True while we are on our own, and slower."""
        return self._is_lost

    async def close(self) -> None:
        """Give back what is left, and let go of the state."""
        while self._watcher and not self._watcher.done():
            # Not once and for all: before Python 3.12, redis-py swallows a cancellation that meets an answer.
            self._watcher.cancel()
            await asyncio.wait([self._watcher], timeout=CANCEL_SECONDS)
        await asyncio.gather(*self._errands)
        await self._shared.close()

    async def _book(self, buckets: Sequence[Bucket]) -> Booking:
        self._watcher = self._watcher or asyncio.create_task(self._watch())
        if not self._is_lost:
            try:
                return await self._shared.book(buckets)
            except StateLost as error:
                self._lose(error)
        self._sent_alone.update((bucket.key, bucket) for bucket in buckets)
        return await self._alone.book([bucket.slowed(self._share) for bucket in buckets])

    async def _sit_out(self, booking: Booking, patience_seconds: float) -> bool:
        """Sleep until the slot; tell whether it still stands then."""
        try:
            await asyncio.sleep(booking.wait_seconds)
            if await self._stands(booking, patience_seconds):
                return True
        except asyncio.CancelledError:
            self._run(self._give_back(booking))
            raise
        await self._give_back(booking)
        return False

    async def _stands(self, booking: Booking, patience_seconds: float) -> bool:
        if booking.state is not (self._alone if self._is_lost else self._shared):
            return False
        try:
            return await booking.state.stands(booking, patience_seconds)
        except StateLost as error:
            self._lose(error)
            return False

    async def _give_back(self, booking: Booking) -> None:
        if booking.state is self._shared and self._is_lost:
            return
        try:
            await booking.state.give_back(booking)
        except StateLost as error:
            self._lose(error)

    @property
    def _share(self) -> float:
        """Half the rate for all who are lost: as many again may have started without our knowing."""
        return 0.5 / max(self._peers, PEERS_ASSUMED)

    def _lose(self, error: StateLost) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._loss.set()
            self._alone.empty()
            self._sent_alone.clear()
            logger.warning(
                "The shared pace is lost (%s): going on at %.1f %% of it until it is back",
                error, 100 * self._share,
            )  # fmt: skip

    async def _watch(self) -> None:
        """Say that we are there, notice a lost state, come back to it."""
        pause = FIRST_TRY_SECONDS
        while True:
            try:
                self._peers = await self._shared.meet(self._name)
                if self._is_lost:
                    await self._come_back()
            except StateLost as error:
                self._lose(error)
            if self._is_lost:
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._last_try_seconds)
            else:
                pause = FIRST_TRY_SECONDS
                await self._rest()

    async def _rest(self) -> None:
        """Until it is time to say again that we are there, or the state is lost."""
        self._loss.clear()
        with suppress(TimeoutError):
            # Not `wait_for`: before Python 3.12 it may swallow a cancellation.
            async with asyncio.timeout(MEET_SECONDS):
                await self._loss.wait()

    async def _come_back(self) -> None:
        """Tell the state what it missed: holds, and one request for each bucket that we used without it."""
        for key, until in list(self._missed_holds.items()):
            if until > time.monotonic():
                await self._shared.hold(key, until - time.monotonic())
            self._missed_holds.pop(key, None)
        for key, bucket in list(self._sent_alone.items()):
            await self._shared.book([bucket])
            self._sent_alone.pop(key, None)
        self._is_lost = False
        logger.warning("The shared pace is back")

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
