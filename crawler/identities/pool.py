"""Hands out the identities of this process, one request at a time each.

A process leases what it uses, has guests born where there are too few, and writes back what answers cost in the
background. When none may ask, whoever wants one waits: the crawl pauses and goes on by itself.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scrapy.exceptions import CloseSpider
from sqlalchemy.exc import SQLAlchemyError

from crawler.identities.ledger import Ledger
from crawler.identities.supply import Supply
from crawler.identities.wanted import ANY, Wanted
from crawler.ways_out import WaysOut
from store.errors import StoreError
from store.identities import Identity, IdentityBook, Settlement
from tiktok.verdicts import Judgement, Verdict

logger = logging.getLogger(__name__)

WRITE_SECONDS = 1.0
"""How long a cost may wait to be written; what a killed process forgets."""
RENEW_EVERY = timedelta(seconds=20)
"""A third of a lease."""
LOOK_SECONDS = 2.0
"""How often a paused crawl looks for an identity that was added or freed elsewhere."""


class Stopped(CloseSpider):
    """The crawl is being ended: nobody gets an identity any more. A callback may let it pass."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why nothing is asked."""

    reason: str
    since: datetime
    until: datetime | None
    """When the next identity has rested; unknown when none will come back by itself."""


class NobodyMayAsk(Exception):  # noqa: N818  # says what happened
    """None of our identities is under way or may ask now: who waits would wait for a rest to end."""

    def __init__(self, pause: Pause) -> None:
        super().__init__(pause.reason)
        self.pause = pause

    @property
    def judgement(self) -> Judgement:
        """What becomes of an errand that somebody waits for."""
        until = self.pause.until
        seconds = max((until - _now()).total_seconds(), 0.0) if until else None
        return Judgement(Verdict.BLOCKED, "nobody_may_ask", self.pause.reason, seconds)


@dataclass(slots=True, eq=False)
class _Waiter:
    wanted: Wanted
    turn: asyncio.Future[Identity]


class IdentityPool:
    """All methods belong to one event loop; the database is asked in threads."""

    def __init__(
        self,
        book: IdentityBook,
        ways_out: WaysOut,
        *,
        most: int,
        guests: int,
        user_agent: str,
        rest_factor: float = 1.0,
        idle_seconds: float = math.inf,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`most` are held at once, `guests` may live per exit; `rest_factor` shortens all rests.

        Those that nobody has wanted for `idle_seconds` go back to the book, for others to use.
        """
        self.book = book
        self.ways_out = ways_out
        self.most = most
        self.pause: Pause | None = None
        self.supply = Supply(book, ways_out, guests=guests, user_agent=user_agent)
        self._ledger = Ledger(book, self.supply.holder, rest_factor)
        self._is_stopping = is_stopping
        self._idle_seconds = idle_seconds
        self._idle: list[Identity] = []
        self._idle_since: dict[int, float] = {}
        self._busy: dict[int, Identity] = {}
        self._lost: set[int] = set()
        """Busy ones whose lease is over: not ours to use again."""
        self._waiting: list[_Waiter] = []
        self._fetching = asyncio.Lock()
        self._barren_until = {True: 0.0, False: 0.0}
        """From when on looking for one, special or not, may bring something again."""
        self._closing = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start to keep leases and books."""
        self._keeper = asyncio.get_running_loop().create_task(self._keep())
        self.ways_out.open()

    async def close(self) -> None:
        """Write what is unwritten and give all leases back."""
        self._closing.set()
        await self.ways_out.close()
        if self._keeper:
            await self._keeper
        await self._write()
        try:
            await asyncio.to_thread(self.book.release, self.supply.holder, self._held(), _now())
        except (StoreError, SQLAlchemyError) as error:
            logger.warning("Leases are not given back, they end by themselves: %s", type(error).__name__)

    async def take(self, wanted: Wanted = ANY, *, has_time: bool = True) -> Identity:
        """Wait for an identity that may ask now; one that is not wanted only when there is no other.

        Without time, only for one that is under way: raises `NobodyMayAsk` where all of them rest.
        """
        while True:
            self.check_stopped()
            identity = self._pick(wanted) or await self._fetch(wanted) or self._pick_any(wanted)
            if identity is None and wanted.is_special and not self._is_worth_waiting(wanted):
                identity = await self._fetch(ANY)
            if identity is None and not has_time and not self._busy:
                raise NobodyMayAsk(await self._paused())
            identity = identity or await self._wait(wanted)
            if identity is not None:
                self._end_pause()
                return identity

    def check_stopped(self) -> None:
        """Let go of whoever waits when the crawl is being ended."""
        if self._is_stopping():
            raise Stopped("shutdown")

    async def has(self, wanted: Wanted) -> bool:
        """Tell whether an identity of this kind may ask, now or when its answer is in."""
        held = (*self._idle, *self._busy.values())
        if any(wanted.fits(identity) and self._may_ask(identity) for identity in held):
            return True
        fetched = await self._fetch(wanted)
        if fetched is not None:
            self._busy.pop(fetched.id)
            self._offer(fetched)
        return fetched is not None

    async def give_back(
        self, identity: Identity, settlement: Settlement | None = None, *, changed: bool = False
    ) -> None:
        """Take an identity back after its answer and book what that cost."""
        self._busy.pop(identity.id, None)
        identity.last_used_at = _now()
        if changed:
            self._ledger.keep(identity)
        if settlement is not None:
            self._ledger.charge(identity, settlement)
        if identity.id in self._lost:
            self._lost.discard(identity.id)
        elif self._may_ask(identity):
            self._offer(identity)
        else:
            self._ledger.let_go(identity.id)

    def charge(self, settlement: Settlement) -> None:
        """Book what showed to be wrong with an answer after its identity was given back."""
        for identity in (*self._idle, *self._busy.values()):
            if identity.id == settlement.identity_id:
                self._ledger.charge(identity, settlement)

    def end_login(self, identity: Identity) -> None:
        """Ask with it no more: the site rejects its login."""
        self._busy.pop(identity.id, None)
        self._lost.discard(identity.id)
        self._ledger.end_login(identity)
        logger.warning(
            "The site no longer takes the login of identity %d (%s): import its cookies anew "
            "(scrapy identity import)", identity.id, identity.label,
        )  # fmt: skip

    def _offer(self, identity: Identity) -> None:
        """Give it to whoever waits longest and wants it."""
        self._lay_by(identity)
        for waiter in list(self._waiting):
            chosen = (
                None if waiter.turn.done() else self._pick(waiter.wanted) or self._pick_any(waiter.wanted)
            )
            if chosen is not None:
                waiter.turn.set_result(chosen)

    def _lay_by(self, identity: Identity) -> None:
        self._idle.append(identity)
        self._idle_since[identity.id] = time.monotonic()

    def _pick(self, wanted: Wanted) -> Identity | None:
        """The idle one that has rested longest."""
        for place, identity in enumerate(self._idle):
            if wanted.fits(identity):
                del self._idle[place]
                self._busy[identity.id] = identity
                return identity
        return None

    def _pick_any(self, wanted: Wanted) -> Identity | None:
        """One that is not wanted, unless another is worth waiting for."""
        return None if self._is_worth_waiting(wanted) else self._pick(ANY)

    def _is_worth_waiting(self, wanted: Wanted) -> bool:
        return any(wanted.fits(identity) for identity in self._busy.values())

    async def _fetch(self, wanted: Wanted) -> Identity | None:
        """Lease what nobody uses, else have a guest born. What brought nothing is not tried again for a while."""
        async with self._fetching:
            found = self._pick(wanted)
            while found is None and self._may_fetch(wanted):
                await self._write()  # the book must know who rests before it is asked for more
                gained = await self._gain(wanted)
                if gained is None:
                    self._barren_until[wanted.is_special] = time.monotonic() + LOOK_SECONDS
                    return None
                self.ways_out.shut.discard(gained.exit_id)  # whoever tried it found it in order
                self._ledger.hold_on(gained.id)
                self._lay_by(gained)
                found = self._pick(wanted)
            return found

    async def _gain(self, wanted: Wanted) -> Identity | None:
        """While the database is away nothing can be gained: whoever asks waits, as when all identities rest."""
        try:
            return await asyncio.to_thread(self.supply.gain, self._held(), wanted)
        except (StoreError, SQLAlchemyError) as error:
            logger.info("No identity can be had at the moment: %s", type(error).__name__)
            return None

    def _may_fetch(self, wanted: Wanted) -> bool:
        """A login is worth one more than we should hold."""
        has_room = len(self._held()) < self.most + wanted.login
        return has_room and time.monotonic() >= self._barren_until[wanted.is_special]

    async def _wait(self, wanted: Wanted) -> Identity | None:
        """Wait until an identity of ours is free, or look again; say so when none of ours is under way."""
        waiter = _Waiter(wanted, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            if not self._busy and self.pause is None:
                await self._begin_pause()
            return await asyncio.wait_for(waiter.turn, LOOK_SECONDS)
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(waiter)

    async def _begin_pause(self) -> None:
        await self._write()
        try:
            reason, until = await asyncio.to_thread(self.supply.why_none)
        except (StoreError, SQLAlchemyError):
            return  # it is away, and says nothing of why there is none
        if self._busy or self.pause is not None:
            return  # somebody found one, or said so, meanwhile
        self.pause = Pause(reason, _now(), until)
        when = f"until {until:%H:%M:%S} UTC" if until else "until one is added (scrapy identity import)"
        logger.warning("Paused: %s, %s", reason, when)

    async def _paused(self) -> Pause:
        if self.pause is None:
            await self._begin_pause()
        return self.pause or Pause("no identity can be had at the moment", _now(), None)

    def _end_pause(self) -> None:
        if self.pause is not None:
            logger.warning("Going on after a pause of %.0f s", (_now() - self.pause.since).total_seconds())
        self.pause = None

    async def _keep(self) -> None:
        renewed_at = _now()
        while not self._closing.is_set():
            try:
                await asyncio.wait_for(self._closing.wait(), WRITE_SECONDS)
            except TimeoutError:
                if self._ledger.is_due or any(map(self._is_unwanted, self._idle)):
                    await self._write()
            if _now() - renewed_at > RENEW_EVERY:
                renewed_at = _now()
                await self._renew()

    async def _renew(self) -> None:
        """Keep the leases. What is no longer ours was retired, or this process slept too long."""
        held = self._held()
        try:
            kept = set(await asyncio.to_thread(self.book.renew_leases, self.supply.holder, held, _now()))
        except (StoreError, SQLAlchemyError) as error:
            logger.warning("Leases are not renewed, trying again: %s", type(error).__name__)
            return
        gone = held - kept
        self._idle = [identity for identity in self._idle if identity.id not in gone]
        self._lost |= gone & set(self._busy)

    async def _write(self) -> None:
        """Let go of those that may not ask, or need not, and bring the book up to date."""
        shut = [one for one in self._idle if not self._may_ask(one) or self._is_unwanted(one)]
        self._idle = [identity for identity in self._idle if identity not in shut]
        for identity in shut:
            self._ledger.let_go(identity.id)
        await self._ledger.write()

    def _is_unwanted(self, identity: Identity) -> bool:
        return time.monotonic() - self._idle_since[identity.id] > self._idle_seconds

    def _held(self) -> set[int]:
        return {identity.id for identity in self._idle} | set(self._busy)

    def _may_ask(self, identity: Identity) -> bool:
        is_resting = identity.cooldown_until is not None and identity.cooldown_until > _now()
        return not is_resting and identity.exit_id not in self.ways_out.shut


def _now() -> datetime:
    return datetime.now(UTC)
