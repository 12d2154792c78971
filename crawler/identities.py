"""The identities of this process: taken from the shared book, handed out one request at a time, paid for at once.

A process leases what it uses, makes guests where there are too few, and writes back what answers cost in the
background. When none may ask, whoever wants one waits: the crawl pauses and goes on by itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scrapy.exceptions import CloseSpider
from sqlalchemy.exc import SQLAlchemyError

from crawler.ways_out import WaysOut
from store.errors import StoreError
from store.exits import Exit
from store.identities import Identity, IdentityBook, Settlement
from store.identities.health import Standing, settled
from tiktok.devices import Device

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
"""How long a cost may wait to be written; what a killed process forgets."""
SAVE_SECONDS = 5.0
"""How long cookies may wait: nearly every answer brings some, and to write them takes the database's only writer."""
RENEW_SECONDS = 20.0
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


@dataclass(slots=True, eq=False)
class _Waiter:
    avoid: Collection[int]
    turn: asyncio.Future[Identity]


class IdentityPool:
    """Hands out identities. All methods belong to one event loop; the database is asked in threads."""

    def __init__(
        self,
        book: IdentityBook,
        ways_out: WaysOut,
        *,
        most: int,
        guests: int,
        user_agent: str,
        rest_factor: float = 1.0,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`most` are held at once, `guests` may live per exit; `rest_factor` shortens all rests."""
        self.book = book
        self.ways_out = ways_out
        self.most = most
        self.guests = guests
        self.user_agent = user_agent
        self.rest_factor = rest_factor
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{random.SystemRandom().getrandbits(32):08x}"
        self.pause: Pause | None = None
        self._is_stopping = is_stopping
        self._idle: list[Identity] = []
        self._busy: dict[int, Identity] = {}
        self._lost: set[int] = set()
        """Busy ones whose lease is over: not ours to use again."""
        self._waiting: list[_Waiter] = []
        self._unpaid: list[Settlement] = []
        self._changed: dict[int, Identity] = {}
        self._let_go: set[int] = set()
        self._fetching = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._barren_until = 0.0
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
        await self._flush()
        await asyncio.to_thread(self.book.release, self.holder, self._held(), _now())

    async def take(self, avoid: Collection[int] = ()) -> Identity:
        """Wait for an identity that may ask now; one of `avoid` only when there is no other."""
        while True:
            if self._is_stopping():
                raise Stopped("shutdown")
            identity = self._pick(avoid) or await self._fetch(avoid) or self._pick_any(avoid)
            identity = identity or await self._wait(avoid)
            if identity is not None:
                self._end_pause()
                return identity

    async def has_other(self, avoid: Collection[int]) -> bool:
        """Tell whether an identity may ask, now or when its answer is in, that is none of these."""
        held = (*self._idle, *self._busy.values())
        if any(identity.id not in avoid and self._may_ask(identity) for identity in held):
            return True
        fetched = await self._fetch(avoid)
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
            self._changed[identity.id] = identity
        if settlement is not None:
            settlement = replace(settlement, rest_factor=self.rest_factor)
            standing = settled(_standing(identity), settlement)
            if standing != _standing(identity):  # most answers leave a healthy identity as it was
                self._unpaid.append(settlement)
                _apply(identity, standing)
        if identity.id in self._lost:
            self._lost.discard(identity.id)
        elif self._may_ask(identity):
            self._offer(identity)
        else:
            self._let_go.add(identity.id)

    def _offer(self, identity: Identity) -> None:
        """Give it to whoever waits longest and wants it."""
        self._idle.append(identity)
        for waiter in list(self._waiting):
            chosen = None if waiter.turn.done() else self._pick(waiter.avoid) or self._pick_any(waiter.avoid)
            if chosen is not None:
                waiter.turn.set_result(chosen)

    def _pick(self, avoid: Collection[int]) -> Identity | None:
        """The idle one that has rested longest."""
        for place, identity in enumerate(self._idle):
            if identity.id in avoid:
                continue
            del self._idle[place]
            self._busy[identity.id] = identity
            return identity
        return None

    def _pick_any(self, avoid: Collection[int]) -> Identity | None:
        """One to avoid, unless another is worth waiting for."""
        if any(identity_id not in avoid for identity_id in self._busy):
            return None
        return self._pick(())

    async def _fetch(self, avoid: Collection[int]) -> Identity | None:
        """Lease what nobody uses, else make a guest. What brought nothing is not tried again for a while."""
        async with self._fetching:
            found = self._pick(avoid)
            while found is None and len(self._held()) < self.most and time.monotonic() >= self._barren_until:
                await self._flush()  # the book must know who rests before it is asked for more
                gained = await asyncio.to_thread(self._gain)
                if gained is None:
                    self._barren_until = time.monotonic() + LOOK_SECONDS
                    return None
                self.ways_out.shut.discard(gained.exit_id)  # whoever tried it found it in order
                self._let_go.discard(gained.id)
                self._idle.append(gained)
                found = self._pick(avoid)
            return found

    def _gain(self) -> Identity | None:
        """Lease one; where there is none, start a visitor nobody has seen before.

        A guest is born without cookies, the first page it visits gives it some. It is leased like any other:
        another process may be quicker, which is as well.
        """
        leased = self.book.lease(self.holder, _now(), most=1)
        if leased:
            return leased[0]
        chosen = self._exit_for_guest()
        if chosen is None:
            return None
        device = Device.random(random.SystemRandom(), user_agent=self.user_agent)
        if chosen.country:
            device = replace(device, region=chosen.country)
        self.book.add_guest(device, chosen.id, [], _now())
        return next(iter(self.book.lease(self.holder, _now(), most=1)), None)

    def _exit_for_guest(self) -> Exit | None:
        """Where one more guest may live: resting ones count, or each refusal would bring another."""
        exits = self.ways_out.book
        usable = {way_out.id for way_out in exits.usable()}
        living = sum(status.identities for status in exits.status() if status.id in usable)
        if living >= self.guests * len(usable) and not self._is_left_out():
            return None
        return exits.choose(self.ways_out.algorithm, _now())

    def _is_left_out(self) -> bool:
        """Other crawls hold all there are, in good health: then each crawl gets one of its own."""
        counts = self.book.counts(_now())
        return not self._held() and not counts.cooling and 0 < counts.ready == counts.leased

    async def _wait(self, avoid: Collection[int]) -> Identity | None:
        """Wait until an identity of ours is free, or look again; say so when none of ours is under way."""
        waiter = _Waiter(avoid, asyncio.get_running_loop().create_future())
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
        await self._flush()
        reason, until = await asyncio.to_thread(self._why)
        if self._busy or self.pause is not None:
            return  # somebody found one, or said so, meanwhile
        self.pause = Pause(reason, _now(), until)
        when = f"until {until:%H:%M:%S} UTC" if until else "until one is added (scrapy identity import)"
        logger.warning("Paused: %s, %s", reason, when)

    def _why(self) -> tuple[str, datetime | None]:
        now = _now()
        counts, until = self.book.counts(now), self.book.next_ready_at(now)
        if not self.ways_out.book.usable():
            return "no exit can be used", until
        if counts.cooling:
            resting = [status for status in self.book.list_identities(now) if status.state == "cooling"]
            reasons = sorted({status.reason for status in resting if status.reason})
            return f"all identities are resting ({', '.join(reasons) or 'their exits rest'})", until
        return "other crawls use all identities" if counts.leased else "there is no identity", until

    def _end_pause(self) -> None:
        if self.pause is not None:
            logger.warning("Going on after a pause of %.0f s", (_now() - self.pause.since).total_seconds())
        self.pause = None

    async def _keep(self) -> None:
        renewed = saved = _now()
        while not self._closing.is_set():
            try:
                await asyncio.wait_for(self._closing.wait(), FLUSH_SECONDS)
            except TimeoutError:
                if self._unpaid or self._let_go or _now() - saved > timedelta(seconds=SAVE_SECONDS):
                    await self._flush()
                    saved = _now()
            if _now() - renewed > timedelta(seconds=RENEW_SECONDS):
                renewed = _now()
                await self._renew()

    async def _renew(self) -> None:
        """Keep the leases. What is no longer ours was retired, or this process slept too long."""
        held = self._held()
        try:
            kept = set(await asyncio.to_thread(self.book.renew_leases, self.holder, held, _now()))
        except (StoreError, SQLAlchemyError) as error:
            logger.warning("Leases are not renewed, trying again: %s", type(error).__name__)
            return
        gone = held - kept
        self._idle = [identity for identity in self._idle if identity.id not in gone]
        self._lost |= gone & set(self._busy)

    async def _flush(self) -> None:
        """Write what answers cost and set; then let go of those that may not ask."""
        async with self._writing:
            await self._flush_now()

    async def _flush_now(self) -> None:
        self._idle, shut = (
            [identity for identity in self._idle if self._may_ask(identity)],
            {identity.id for identity in self._idle if not self._may_ask(identity)},
        )
        unpaid, self._unpaid = self._unpaid, []
        changed, self._changed = self._changed, {}
        let_go, self._let_go = self._let_go | shut, set()
        # Copies: an answer may bring cookies while these are written.
        copies = [replace(identity) for identity in changed.values()]
        if not (unpaid or copies or let_go):
            return
        try:
            await asyncio.to_thread(self._write, unpaid, copies, let_go)
        except (StoreError, SQLAlchemyError) as error:
            # Its own words quote the statement with its values.
            logger.warning("What answers cost is not written, trying again: %s", type(error).__name__)
            self._unpaid = unpaid + self._unpaid
            self._changed = changed | self._changed
            self._let_go |= let_go

    def _write(self, unpaid: list[Settlement], changed: list[Identity], let_go: Collection[int]) -> None:
        if unpaid:
            self.book.settle_all(unpaid)
            unpaid.clear()  # paid, even if what follows fails
        if changed:
            self.book.save_all(changed, _now())
        if let_go:
            self.book.release(self.holder, let_go, _now())

    def _held(self) -> set[int]:
        return {identity.id for identity in self._idle} | set(self._busy)

    def _may_ask(self, identity: Identity) -> bool:
        is_resting = identity.cooldown_until is not None and identity.cooldown_until > _now()
        return not is_resting and identity.exit_id not in self.ways_out.shut


def _now() -> datetime:
    return datetime.now(UTC)


def _standing(identity: Identity) -> Standing:
    return Standing(
        health=identity.health,
        streak=identity.streak,
        rests=identity.rests,
        cooldown_until=identity.cooldown_until,
        reason=None,
    )


def _apply(identity: Identity, standing: Standing) -> None:
    identity.health = standing.health
    identity.streak = standing.streak
    identity.rests = standing.rests
    identity.cooldown_until = standing.cooldown_until
