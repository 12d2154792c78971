"""The exits that all processes share: which there are, which may be used, and how they fare."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, case, func, insert, or_, select, update

from store.exits.exit import DIRECT, Exit, ExitState, ExitStatus
from store.exits.overview import list_statuses
from store.exits.probation import after_failure
from store.exits.proxies import Proxy
from store.exits.rows import fresh_exit, read_exit
from store.exits.takeover import take_over
from store.models.identities import EXITS
from store.secrets import Keyring
from store.transactions import in_transaction

PROBE_SECONDS = 90.0
"""How long a prober may take until somebody else tries."""
USE_NOTED_EVERY = timedelta(seconds=60)
_ON_PROBATION = (ExitState.PROBING, ExitState.COOLING)


class ExitBook:
    """Reads and writes the table of exits. Every moment is an argument."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self.engine = engine
        self.keyring = keyring

    def ensure_direct(self, now: datetime) -> Exit:
        """Return the direct way, made when it is missing."""

        def work(connection: Connection) -> Row[Any]:
            found = connection.execute(select(EXITS).where(EXITS.c.name == DIRECT)).one_or_none()
            if found is None:
                connection.execute(insert(EXITS), fresh_exit(DIRECT, DIRECT, now))
                found = connection.execute(select(EXITS).where(EXITS.c.name == DIRECT)).one()
            return found

        return self._exit(in_transaction(self.engine, work))

    def sync(self, source: str, proxies: Sequence[Proxy], now: datetime) -> None:
        """Take over what a source names now.

        New ones are added, ones with new credentials get another chance, and those that are gone are retired
        with all identities bound to them.
        """

        in_transaction(self.engine, lambda c: take_over(c, self.keyring, source, proxies, now))

    def switch(self, source: str, *, is_on: bool) -> None:
        """Let a source's exits be used, or not for the present; nothing is lost by it."""
        before, after = (ExitState.OFF, ExitState.READY) if is_on else (None, ExitState.OFF)
        wanted = (
            EXITS.c.state == before if before else EXITS.c.state.not_in([ExitState.RETIRED, ExitState.OFF])
        )
        statement = update(EXITS).where(EXITS.c.source == source, wanted).values(state=after, reason=None)
        in_transaction(self.engine, lambda connection: connection.execute(statement))

    def choose(self, algorithm: str, now: datetime, avoid: Collection[int] = ()) -> Exit | None:
        """Choose where a new identity goes out, for its life; nothing when no exit is usable but those to avoid.

        `round-robin` takes the one that was chosen longest ago, `random` any, `first` the first of the list.
        The direct way is taken only when there is no usable proxy.
        """

        def work(connection: Connection) -> Row[Any] | None:
            rows = connection.execute(
                select(EXITS)
                .where(EXITS.c.state == ExitState.READY)
                .order_by(EXITS.c.source, EXITS.c.position, EXITS.c.id)
            ).all()
            rows = [row for row in rows if row.source != DIRECT] or rows
            rows = [row for row in rows if row.id not in avoid]
            if not rows:
                return None
            chosen = _pick(rows, algorithm)
            connection.execute(update(EXITS).where(EXITS.c.id == chosen.id).values(assigned_at=now))
            return chosen

        chosen = in_transaction(self.engine, work)
        return self._exit(chosen) if chosen else None

    def get(self, exit_id: int) -> Exit:
        """Read one exit with its address."""
        with self.engine.connect() as connection:
            return self._exit(connection.execute(select(EXITS).where(EXITS.c.id == exit_id)).one())

    def find(self, name: str) -> Exit | None:
        """Find an exit by name, or by address where that is enough."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(EXITS).where(EXITS.c.state != ExitState.RETIRED)).all()
        matching = [row for row in rows if name and name in (row.name, *_short_names(row.name))]
        return self._exit(matching[0]) if len(matching) == 1 else None

    def usable(self) -> list[Exit]:
        """Read all exits that requests may go out of now."""
        wanted = select(EXITS).where(EXITS.c.state == ExitState.READY).order_by(EXITS.c.id)
        with self.engine.connect() as connection:
            return [self._exit(row) for row in connection.execute(wanted)]

    def note_success(self, exit_id: int, now: datetime) -> None:
        """An answer came through it: whatever was held against it is forgotten."""
        wanted = (
            EXITS.c.id == exit_id,
            or_(
                EXITS.c.failures > 0,
                EXITS.c.state.in_(_ON_PROBATION),
                EXITS.c.last_used_at.is_(None),
                EXITS.c.last_used_at < now - USE_NOTED_EVERY,
            ),
        )
        with self.engine.connect() as connection:
            if connection.execute(select(EXITS.c.id).where(*wanted)).first() is None:
                return  # as after nearly every answer: no need to wait for the right to write
        is_on_probation = EXITS.c.state.in_(_ON_PROBATION)
        changes = {
            "failures": 0,
            "failing_since": None,
            "rests": 0,
            "cooldown_until": None,
            "probed_until": None,
            "last_used_at": now,
            "reason": case((EXITS.c.state == ExitState.REFUSED, EXITS.c.reason), else_=None),
        }
        state = case((is_on_probation, ExitState.READY.value), else_=EXITS.c.state)
        statement = update(EXITS).where(*wanted).values(**changes, state=state)
        in_transaction(self.engine, lambda connection: connection.execute(statement))

    def note_failure(
        self, exit_id: int, now: datetime, *, reason: str, is_refused: bool = False, is_probe: bool = False
    ) -> ExitState:
        """Nothing came through it; return the state that follows. `is_refused`: it answered 407."""

        def work(connection: Connection) -> ExitState:
            row = connection.execute(select(EXITS).where(EXITS.c.id == exit_id).with_for_update()).one()
            changes = after_failure(row, now, is_refused=is_refused, is_probe=is_probe)
            connection.execute(
                update(EXITS).where(EXITS.c.id == exit_id).values(**changes, reason=reason[:255])
            )
            return ExitState(changes["state"])

        return in_transaction(self.engine, work)

    def due_probes(self, now: datetime, *, most: int = 10) -> list[Exit]:
        """Claim exits that one request should be tried through now; nobody else gets them meanwhile."""
        due = (
            or_(
                EXITS.c.state == ExitState.PROBING,
                (EXITS.c.state == ExitState.COOLING) & (EXITS.c.cooldown_until <= now),
            ),
            or_(EXITS.c.probed_until.is_(None), EXITS.c.probed_until <= now),
        )
        until = now + timedelta(seconds=PROBE_SECONDS)

        def work(connection: Connection) -> list[Row[Any]]:
            rows = connection.execute(select(EXITS).where(*due).order_by(EXITS.c.id).limit(most)).all()
            return [
                row
                for row in rows
                if connection.execute(
                    update(EXITS).where(EXITS.c.id == row.id, *due).values(probed_until=until)
                ).rowcount
            ]

        return [self._exit(row) for row in in_transaction(self.engine, work)]

    def next_probe_at(self) -> datetime | None:
        """Say when the next exit that rests will be tried again."""
        wanted = select(func.min(func.coalesce(EXITS.c.cooldown_until, EXITS.c.created_at))).where(
            EXITS.c.state.in_(_ON_PROBATION)
        )
        with self.engine.connect() as connection:
            return connection.scalar(wanted)

    def status(self) -> list[ExitStatus]:
        """Tell of all exits that are not retired, without anything secret."""
        with self.engine.connect() as connection:
            return list_statuses(connection)

    def _exit(self, row: Row[Any]) -> Exit:
        return read_exit(row, self.keyring)


def _pick(rows: Sequence[Row[Any]], algorithm: str) -> Row[Any]:
    if algorithm == "first":
        return rows[0]
    if algorithm == "random":
        return random.choice(rows)  # noqa: S311  # no secret
    return min(rows, key=lambda row: row.assigned_at.timestamp() if row.assigned_at else 0.0)


def _short_names(name: str) -> tuple[str, str]:
    """`http://host:port~digest` may be called `host:port`, where that is enough."""
    without_digest = name.partition("~")[0]
    return without_digest, without_digest.partition("://")[2]
