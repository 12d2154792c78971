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
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from store.exits import Exit, ExitBook
from store.identities import Identity, IdentityBook, Settlement
from store.identities.health import Standing, settled
from tiktok.devices import Device
from tiktok.verdicts import Judgement

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
"""How long a cost may wait to be written; what a killed process forgets."""
RENEW_SECONDS = 20.0
"""A third of a lease."""
LOOK_SECONDS = 2.0
"""How often a paused crawl looks for an identity that was added or freed elsewhere."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why nothing is asked."""

    reason: str
    since: datetime
    until: datetime | None
    """When the next identity has rested; unknown when none will come back by itself."""


class IdentityPool:
    """Hands out identities. All methods belong to one event loop; the database is asked in threads."""

    def __init__(
        self,
        book: IdentityBook,
        exits: ExitBook,
        *,
        most: int,
        guests: int,
        user_agent: str,
        algorithm: str = "round-robin",
    ) -> None:
        self.book = book
        self.exits = exits
        self.most = most
        self.guests = guests
        self.user_agent = user_agent
        self.algorithm = algorithm
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{random.SystemRandom().getrandbits(32):08x}"
        self.pause: Pause | None = None
        self._idle: list[Identity] = []
        self._busy: dict[int, Identity] = {}
        self._routes_out: dict[int, Exit] = {}
        self._unpaid: list[Settlement] = []
        self._changed: dict[int, Identity] = {}
        self._resting: set[int] = set()
        self._freed = asyncio.Condition()
        self._keeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start to keep leases and books."""
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def close(self) -> None:
        """Write what is unwritten and give all leases back."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self._flush()
        held = [identity.id for identity in (*self._idle, *self._busy.values())]
        await asyncio.to_thread(self.book.release, self.holder, held, _now())

    async def take(self, avoid: Collection[int] = ()) -> Identity:
        """Wait for an identity that may ask now; one of `avoid` only when there is no other."""
        while True:
            identity = self._pick(avoid) or await self._fetch(avoid) or self._pick(())
            if identity is not None:
                self._end_pause()
                self._busy[identity.id] = identity
                return identity
            await self._wait()

    async def exit_of(self, identity: Identity) -> Exit:
        """The way out it is bound to."""
        if identity.exit_id not in self._routes_out:
            self._routes_out[identity.exit_id] = await asyncio.to_thread(self.exits.get, identity.exit_id)
        return self._routes_out[identity.exit_id]

    async def give_back(
        self, identity: Identity, settlement: Settlement | None = None, *, changed: bool = False
    ) -> None:
        """Take an identity back after its answer and book what that cost."""
        self._busy.pop(identity.id, None)
        identity.last_used_at = _now()
        if changed:
            self._changed[identity.id] = identity
        if settlement is not None:
            self._unpaid.append(settlement)
            _apply(identity, settled(_standing(identity), settlement))
        if _is_resting(identity):
            self._resting.add(identity.id)
        else:
            self._idle.append(identity)
        async with self._freed:
            self._freed.notify()

    def _pick(self, avoid: Collection[int]) -> Identity | None:
        """The idle one that has rested longest."""
        for place, identity in enumerate(self._idle):
            if identity.id not in avoid:
                return self._idle.pop(place)
        return None

    def note_exit_failure(self, way_out: Exit, judgement: Judgement, now: datetime) -> None:
        """Nothing came through the exit; its identities rest with it when that goes on."""
        refused = judgement.rule == "proxy_refused"
        self.exits.note_failure(way_out.id, now, reason=judgement.rule, is_refused=refused)

    async def _fetch(self, avoid: Collection[int]) -> Identity | None:
        """Lease one that nobody uses, else make a guest."""
        if len(self._idle) + len(self._busy) >= self.most:
            return None
        leased = await asyncio.to_thread(self.book.lease, self.holder, _now(), most=1)
        for identity in leased:
            if identity.id not in avoid:
                return identity
            self._idle.append(identity)
        return await self._make_guest()

    async def _make_guest(self) -> Identity | None:
        """Start a visitor nobody has seen before, unless there are enough of them, resting ones included.

        It is born without cookies: the first page it visits gives it some.
        """
        chosen = await asyncio.to_thread(self._exit_for_guest)
        if chosen is None:
            return None
        device = Device.random(random.SystemRandom(), user_agent=self.user_agent)
        if chosen.country:
            device = replace(device, region=chosen.country)
        return await asyncio.to_thread(self._lease_guest, device, chosen.id)

    def _exit_for_guest(self) -> Exit | None:
        usable = self.exits.usable()
        living = sum(
            status.identities for status in self.exits.status() if status.id in {e.id for e in usable}
        )
        if living >= self.guests * len(usable):
            return None
        return self.exits.choose(self.algorithm, _now())

    def _lease_guest(self, device: Device, exit_id: int) -> Identity | None:
        """Enter the guest and lease it like any other: another process may be quicker, which is as well."""
        self.book.add_guest(device, exit_id, [], _now())
        leased = self.book.lease(self.holder, _now(), most=1)
        return leased[0] if leased else None

    async def _wait(self) -> None:
        """Wait until an identity of ours is free, or look again; say so when none of ours is under way."""
        if not self._busy and self.pause is None:
            await self._begin_pause()
        async with self._freed:
            try:
                await asyncio.wait_for(self._freed.wait(), LOOK_SECONDS)
            except TimeoutError:
                return

    async def _begin_pause(self) -> None:
        until = await asyncio.to_thread(self.book.next_ready_at, _now())
        worst = max(self._resting, default=None)
        reason = "no identity may ask now" if worst is None else "all identities are resting after refusals"
        self.pause = Pause(reason, _now(), until)
        when = f"until {until:%H:%M:%S} UTC" if until else "until one is added (scrapy identity import)"
        logger.warning("Paused: %s, %s", reason, when)

    def _end_pause(self) -> None:
        if self.pause is not None:
            logger.warning("Going on after a pause of %.0f s", (_now() - self.pause.since).total_seconds())
        self.pause = None

    async def _keep(self) -> None:
        renewed = _now()
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._flush()
            if _now() - renewed > timedelta(seconds=RENEW_SECONDS):
                renewed = _now()
                held = {identity.id for identity in (*self._idle, *self._busy.values())}
                kept = await asyncio.to_thread(self.book.renew_leases, self.holder, held, renewed)
                self._idle = [identity for identity in self._idle if identity.id in kept]

    async def _flush(self) -> None:
        """Write what answers cost and set; then let go of those that rest."""
        unpaid, self._unpaid = self._unpaid, []
        changed, self._changed = list(self._changed.values()), {}
        resting, self._resting = self._resting, set()
        if not (unpaid or changed or resting):
            return
        await asyncio.to_thread(self._write, unpaid, changed, resting)

    def _write(self, unpaid: list[Settlement], changed: list[Identity], resting: Collection[int]) -> None:
        if unpaid:
            self.book.settle_all(unpaid)
        if changed:
            self.book.save_all(changed, _now())
        if resting:
            self.book.release(self.holder, resting, _now())


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


def _is_resting(identity: Identity) -> bool:
    return identity.cooldown_until is not None and identity.cooldown_until > _now()
