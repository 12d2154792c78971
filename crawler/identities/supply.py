"""Where a crawl's identities come from: leased from the shared book, else a guest is born."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from crawler.identities.wanted import ANY, Wanted
from crawler.ways_out import WaysOut
from store.exits import Exit
from store.identities import Identity, IdentityBook
from tiktok.devices import Device


class Supply:
    """Asks the database: all methods block and belong into threads."""

    def __init__(self, book: IdentityBook, ways_out: WaysOut, *, guests: int, user_agent: str) -> None:
        """`guests` may live per exit."""
        self.book = book
        self.ways_out = ways_out
        self.guests = guests
        self.user_agent = user_agent
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{random.SystemRandom().getrandbits(32):08x}"

    def gain(self, held: Collection[int], wanted: Wanted = ANY) -> Identity | None:
        """Lease one; where there is none, start a visitor nobody has seen before. Logins are never made up.

        A guest is born without cookies, the first page it visits gives it some. It is leased like any other:
        another process may be quicker, which is as well.
        """
        leased = self._lease(login=wanted.login)
        if leased or wanted.login:
            return leased
        chosen = self._exit_for_guest(held, wanted.avoid_exits)
        if chosen is None:
            return None
        device = Device.random(random.SystemRandom(), user_agent=self.user_agent)
        if chosen.country:
            device = replace(device, region=chosen.country)
        self.book.add_guest(device, chosen.id, [], _now())
        return self._lease()

    def why_none(self) -> tuple[str, datetime | None]:
        """Say why nobody may ask, and when somebody may again."""
        now = _now()
        counts, until = self.book.counts(now), self.book.next_ready_at(now)
        if not self.ways_out.book.usable():
            return "no exit can be used", until
        if counts.cooling:
            resting = [status for status in self.book.list_identities(now) if status.state == "cooling"]
            reasons = sorted({status.reason for status in resting if status.reason})
            return f"all identities are resting ({', '.join(reasons) or 'their exits rest'})", until
        return "other crawls use all identities" if counts.leased else "there is no identity", until

    def _lease(self, *, login: bool = False) -> Identity | None:
        leased = self.book.lease(self.holder, _now(), most=1, login=login or None)
        return next(iter(leased), None)

    def _exit_for_guest(self, held: Collection[int], avoid: Collection[int]) -> Exit | None:
        """Where one more guest may live: resting ones count, or each refusal would bring another."""
        exits = self.ways_out.book
        usable = {way_out.id for way_out in exits.usable()}
        living = sum(status.identities for status in exits.status() if status.id in usable)
        if living >= self.guests * len(usable) and not self._is_left_out(held):
            return None
        return exits.choose(self.ways_out.algorithm, _now(), avoid)

    def _is_left_out(self, held: Collection[int]) -> bool:
        """Other crawls hold all there are, in good health: then each crawl gets one of its own."""
        counts = self.book.counts(_now())
        return not held and not counts.cooling and 0 < counts.ready == counts.leased


def _now() -> datetime:
    return datetime.now(UTC)
