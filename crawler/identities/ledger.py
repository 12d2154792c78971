"""What answers cost the identities of this process and what they set, written to the shared book in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from store.errors import IdentityRefused, StoreError
from store.identities import Identity, IdentityBook, Settlement
from store.identities.health import Standing, settled

logger = logging.getLogger(__name__)

SAVE_EVERY = timedelta(seconds=5)
"""How long cookies may wait: nearly every answer brings some, and to write them takes the database's only writer."""


@dataclass(slots=True)
class Unwritten:
    """What the book does not know yet."""

    costs: list[Settlement] = field(default_factory=list)
    changed: dict[int, Identity] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    """Identities whose login the site rejected."""
    let_go: set[int] = field(default_factory=set)
    """Identities that may not ask: their leases end."""

    def __bool__(self) -> bool:
        return bool(self.costs or self.changed or self.ended or self.let_go)

    @property
    def is_pressing(self) -> bool:
        """Others should know: who rests, and who is free."""
        return bool(self.costs or self.ended or self.let_go)

    def followed_by(self, newer: Unwritten) -> Unwritten:
        """Both together."""
        return Unwritten(
            self.costs + newer.costs,
            self.changed | newer.changed,
            self.ended | newer.ended,
            self.let_go | newer.let_go,
        )


class Ledger:
    """Notes at once, writes when asked to. Belongs to one event loop."""

    def __init__(self, book: IdentityBook, holder: str, rest_factor: float) -> None:
        """`rest_factor` shortens all rests."""
        self.book = book
        self.holder = holder
        self.rest_factor = rest_factor
        self._unwritten = Unwritten()
        self._writing = asyncio.Lock()
        self._written_at = _now()

    @property
    def is_due(self) -> bool:
        """Tell whether something should not wait any longer."""
        return self._unwritten.is_pressing or _now() - self._written_at > SAVE_EVERY

    def charge(self, identity: Identity, settlement: Settlement) -> None:
        """Let an identity pay for an answer."""
        settlement = replace(settlement, rest_factor=self.rest_factor)
        standing = settled(_standing(identity), settlement)
        if standing != _standing(identity):  # most answers leave a healthy identity as it was
            self._unwritten.costs.append(settlement)
            _apply(identity, standing)

    def keep(self, identity: Identity) -> None:
        """Note that cookies or device of an identity changed."""
        self._unwritten.changed[identity.id] = identity

    def end_login(self, identity: Identity) -> None:
        """Note that the site no longer takes its login."""
        self._unwritten.ended.add(identity.id)
        self.let_go(identity.id)

    def let_go(self, identity_id: int) -> None:
        """Note that its lease may end."""
        self._unwritten.let_go.add(identity_id)

    def hold_on(self, identity_id: int) -> None:
        """Note that it was leased again meanwhile."""
        self._unwritten.let_go.discard(identity_id)

    async def write(self) -> None:
        """Write what there is; what can't be written now is written next time."""
        async with self._writing:
            unwritten, self._unwritten, self._written_at = self._unwritten, Unwritten(), _now()
            if not unwritten:
                return
            # Copies: an answer may bring cookies while these are written.
            copies = [replace(identity) for identity in unwritten.changed.values()]
            try:
                await asyncio.to_thread(self._write, unwritten, copies)
            except (StoreError, SQLAlchemyError) as error:
                # Its own words quote the statement with its values.
                logger.warning("What answers cost is not written, trying again: %s", type(error).__name__)
                self._unwritten = unwritten.followed_by(self._unwritten)

    def _write(self, unwritten: Unwritten, changed: Collection[Identity]) -> None:
        if unwritten.costs:
            self.book.settle_all(unwritten.costs)
            unwritten.costs.clear()  # paid, even if what follows fails
        if changed:
            self.book.save_all(changed, _now())
        for identity_id in unwritten.ended:
            with suppress(IdentityRefused):  # retired meanwhile
                self.book.expire_login(identity_id)
        if unwritten.let_go:
            self.book.release(self.holder, unwritten.let_go, _now())


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
