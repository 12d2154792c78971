"""The identities that all processes share. Every moment is an argument; every method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from store.errors import IdentityRefused
from store.identities import leases, renewals
from store.identities.births import find_account, newborn, renew_account, store_newborn
from store.identities.health import Settlement, Standing
from store.identities.identity import Identity, IdentityStatus
from store.identities.overview import list_statuses
from store.identities.renewals import DueAccount
from store.identities.rows import read_identity, save_identity
from store.identities.seeds import bind_seed, count_unbound
from store.identities.settlements import settle_all
from store.identities.statistics import IdentityCounts, count_identities
from store.models.identities import IDENTITIES, LABEL_LENGTH, IdentityKind, IdentityState
from store.secrets import Keyring
from store.transactions import in_transaction
from tiktok.aftermath import Cost
from tiktok.cookies import Cookie
from tiktok.devices import Device
from tiktok.verdicts import Verdict

LEASE_SECONDS = 60.0


class IdentityBook:
    """Reads and writes the table of identities."""

    def __init__(self, engine: Engine, keyring: Keyring, ms_tokens: Sequence[str] = ()) -> None:
        """`ms_tokens`: the operator's own, given one by one to guests that have none."""
        self.engine = engine
        self.keyring = keyring
        self.ms_tokens = ms_tokens

    def add_guest(
        self, device: Device, exit_id: int, cookies: Iterable[Cookie], now: datetime, *, label: str = "guest"
    ) -> Identity:
        """Keep a guest that a page visit has made; one of `MS_TOKENS` goes to it, if one is left."""

        def work(connection: Connection) -> Identity:
            guest = newborn(
                IdentityKind.GUEST, label=label, device=device, exit_id=exit_id, cookies=cookies, now=now
            )
            store_newborn(connection, guest, self.keyring)
            self._seed(connection, guest, now)
            return guest

        return in_transaction(self.engine, work)

    def import_account(
        self, label: str, cookies: Iterable[Cookie], now: datetime, *, device: Device, exit_id: int
    ) -> Identity:
        """Keep the operator's own cookies. A label that is known gets them in place of its old ones.

        It then keeps its exit and device, but for the User-Agent, which goes with the cookies.
        """
        if not 0 < len(label) <= LABEL_LENGTH or not label.isprintable():
            raise IdentityRefused(f"A label has 1 to {LABEL_LENGTH} printable characters; choose another one")
        cookies = list(cookies)

        def work(connection: Connection) -> Identity:
            known = find_account(connection, label)
            account = newborn(
                IdentityKind.ACCOUNT, label=label, device=device, exit_id=exit_id, cookies=cookies, now=now
            )
            if known is None:
                store_newborn(connection, account, self.keyring)
            else:
                renew_account(connection, known.id, account, self.keyring, now)
            return account

        return in_transaction(self.engine, work)

    def lease(
        self,
        holder: str,
        now: datetime,
        *,
        most: int,
        login: bool | None = None,
        seconds: float = LEASE_SECONDS,
    ) -> list[Identity]:
        """Take up to `most` identities that may ask and that nobody holds, for this long.

        The healthiest and longest rested come first. `login` asks for those with a login, or without.
        """
        until = leases.lease_end(now, seconds)

        def work(connection: Connection) -> list[Identity]:
            rows = leases.take(
                connection, holder, now, most=most, login=login, until=until, key_ids=self.keyring.ids
            )
            leased = [read_identity(row, self.keyring, now) for row in rows]
            for identity in leased:
                if identity.kind is IdentityKind.GUEST and identity.ms_token is None:
                    self._seed(connection, identity, now)
            return leased

        return in_transaction(self.engine, work)

    def lease_one(
        self, identity_id: int, holder: str, now: datetime, *, seconds: float = LEASE_SECONDS
    ) -> Identity | None:
        """Take this very identity; nothing when somebody holds it."""
        until = leases.lease_end(now, seconds)

        def work(connection: Connection) -> Identity | None:
            if not leases.claim(connection, identity_id, holder, now, until):
                return None
            row = connection.execute(select(IDENTITIES).where(IDENTITIES.c.id == identity_id)).one()
            return read_identity(row, self.keyring, now)

        return in_transaction(self.engine, work)

    def renew_leases(
        self, holder: str, ids: Collection[int], now: datetime, *, seconds: float = LEASE_SECONDS
    ) -> list[int]:
        """Keep leases for longer; return the ids that are still held. The others are gone or retired."""
        until = leases.lease_end(now, seconds)
        return in_transaction(self.engine, lambda c: leases.renew(c, holder, ids, until))

    def release(self, holder: str, ids: Collection[int], now: datetime) -> None:  # noqa: ARG002  # as its siblings
        """Give identities back."""
        in_transaction(self.engine, lambda connection: leases.give_back(connection, holder, ids))

    def settle(
        self,
        identity_id: int,
        cost: Cost,
        now: datetime,
        *,
        verdict: Verdict,
        rule: str | None = None,
        retry_after: float | None = None,
    ) -> Standing:
        """Record what an answer cost; return how the identity fares."""
        (standing,) = self.settle_all(
            [
                Settlement(
                    identity_id=identity_id,
                    cost=cost,
                    at=now,
                    verdict=verdict,
                    rule=rule,
                    retry_after_seconds=retry_after,
                )
            ]
        )
        return standing

    def settle_all(self, settlements: Sequence[Settlement]) -> list[Standing]:
        """Record many at once, in order; return how each left its identity."""
        return in_transaction(self.engine, lambda connection: settle_all(connection, settlements))

    def save(self, identity: Identity, now: datetime) -> None:
        """Write cookies, msToken and device; of each cookie the newest stays, whoever got it."""
        self.save_all([identity], now)

    def save_all(self, identities: Iterable[Identity], now: datetime) -> None:
        """Write many at once."""
        ordered = sorted(identities, key=lambda identity: identity.id)

        def work(connection: Connection) -> None:
            for identity in ordered:
                save_identity(connection, identity, self.keyring, now)

        in_transaction(self.engine, work)

    def get(self, identity_id: int, now: datetime) -> Identity:
        """Read one identity without leasing it."""
        with self.engine.connect() as connection:
            row = connection.execute(select(IDENTITIES).where(IDENTITIES.c.id == identity_id)).one_or_none()
        if row is None or row.state == IdentityState.RETIRED:
            raise _unknown(identity_id)
        return read_identity(row, self.keyring, now)

    def next_ready_at(self, now: datetime, *, login: bool | None = None) -> datetime | None:
        """Say when the next identity can be leased; nothing when none ever will by itself."""
        with self.engine.connect() as connection:
            return leases.next_ready_at(connection, now, login)

    def counts(self, now: datetime) -> IdentityCounts:
        """Count identities and msTokens by state."""
        with self.engine.connect() as connection:
            return count_identities(connection, now, count_unbound(connection, self.ms_tokens))

    def list_identities(self, now: datetime, kind: IdentityKind | None = None) -> list[IdentityStatus]:
        """Tell of all identities, or those of a kind, without anything secret."""
        with self.engine.connect() as connection:
            return list_statuses(connection, self.keyring, now, kind)

    def due_accounts(self, now: datetime, *, everyone: bool = False) -> list[DueAccount]:
        """List the operator's accounts that a visit from here may renew: those that end soon, or all."""
        return renewals.due_accounts(self.engine, now, everyone=everyone, key_ids=self.keyring.ids)

    def note_renewal(self, identity_id: int, trouble: str | None) -> None:
        """Keep why a renewal failed, for whoever looks at the identity; nothing when it did not."""
        renewals.note_renewal(self.engine, identity_id, trouble)

    def expire_login(self, identity_id: int, reason: str = "login_required") -> None:
        """The site no longer takes the login: the identity rests until its cookies are imported anew."""
        self._end(identity_id, IdentityState.EXPIRED, reason, is_logged_in=False)

    def retire(self, identity_id: int, reason: str = "by hand") -> None:
        """Never ask with it again; its cookies are forgotten."""
        self._end(identity_id, IdentityState.RETIRED, reason, is_logged_in=False, sealed=b"", key_id="")

    def _end(self, identity_id: int, state: IdentityState, reason: str, **more: Any) -> None:
        statement = (
            update(IDENTITIES)
            .where(IDENTITIES.c.id == identity_id, IDENTITIES.c.state != IdentityState.RETIRED)
            .values(state=state.value, reason=reason, **more)
        )
        if not in_transaction(self.engine, lambda connection: connection.execute(statement).rowcount):
            raise _unknown(identity_id)

    def _seed(self, connection: Connection, identity: Identity, now: datetime) -> None:
        token = bind_seed(connection, self.ms_tokens, identity.id, now)
        if token:
            identity.learn_token(token, now)
            save_identity(connection, identity, self.keyring, now)


def _unknown(identity_id: int) -> IdentityRefused:
    return IdentityRefused(f"There is no identity {identity_id}; scrapy identity list shows all")
