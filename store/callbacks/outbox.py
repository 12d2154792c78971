"""The outbox: callbacks that are due, one attempt after the other, until they are delivered.

A row comes into it in the transaction that ends the job. Whoever takes it may die: then its lease runs out, and
the next one makes the next attempt with the same id, by which the receiver knows it again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, insert, select, update

from store import leases
from store.callbacks.plan import WAITS, DeliveryState, state_after
from store.errors import DeliveryNotFound
from store.models.deliveries import DELIVERIES, DELIVERY_ATTEMPTS
from store.models.jobs import REASON_LENGTH
from store.transactions import in_transaction

LEASE = timedelta(seconds=60)
"""Longer than one attempt; a body that takes longer renews it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A callback as it was read; the columns are explained in `store.models.deliveries.DeliveryRow`."""

    id: int
    uuid: str
    job_id: int
    client_id: str | None
    url: str
    state: DeliveryState
    attempts: int
    due_at: datetime
    reason: str | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Make a delivery of its row."""
        values = {field.name: row._mapping[field.name] for field in fields(cls)}  # noqa: SLF001  # SQLAlchemy's public name
        return cls(**values | {"state": DeliveryState(row.state)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver."""

    number: int
    started_at: datetime
    milliseconds: int | None
    status: int | None
    problem: str | None


class Outbox:
    """Callbacks in the database."""

    def __init__(self, engine: Engine, holder: str) -> None:
        self._engine = engine
        self._holder = holder

    def take(self, now: datetime, most: int) -> list[Delivery]:
        """Take callbacks that are due, and book an attempt for each."""

        def work(connection: Connection) -> list[Delivery]:
            rows = leases.take(
                connection,
                DELIVERIES,
                self._holder,
                now,
                until=now + LEASE,
                most=most,
                where=(DELIVERIES.c.state == DeliveryState.PENDING) & (DELIVERIES.c.due_at <= now),
                order_by=(DELIVERIES.c.due_at, DELIVERIES.c.id),
                attempts=DELIVERIES.c.attempts + 1,
            )
            for row in rows:
                begun = {"delivery_id": row.id, "number": row.attempts, "started_at": now}
                connection.execute(insert(DELIVERY_ATTEMPTS).values(begun))
            return [Delivery.of(row) for row in rows]

        return in_transaction(self._engine, work)

    def keep(self, delivery: Delivery, now: datetime) -> None:
        """Stay the one who delivers it."""
        in_transaction(
            self._engine,
            lambda connection: leases.renew(connection, DELIVERIES, self._holder, [delivery.id], now + LEASE),
        )

    def book(
        self,
        delivery: Delivery,
        now: datetime,
        took: timedelta,
        *,
        status: int | None = None,
        problem: str | None = None,
    ) -> DeliveryState:
        """Note how an attempt ended, and what follows from it."""
        state = state_after(delivery.attempts, status)
        reason = None if state is DeliveryState.DELIVERED else problem or f"answered {status}"
        ended = {
            "milliseconds": took // timedelta(milliseconds=1),
            "status": status,
            "problem": _cut(problem),
        }
        after: dict[str, Any] = {
            "state": state,
            "reason": _cut(reason),
            "leased_by": None,
            "leased_until": None,
        }
        if state is DeliveryState.PENDING:
            after["due_at"] = now + WAITS[delivery.attempts]
        else:
            after["finished_at"] = now

        def work(connection: Connection) -> None:
            ours = (DELIVERIES.c.id == delivery.id, DELIVERIES.c.attempts == delivery.attempts)
            connection.execute(
                update(DELIVERY_ATTEMPTS)
                .where(
                    DELIVERY_ATTEMPTS.c.delivery_id == delivery.id,
                    DELIVERY_ATTEMPTS.c.number == delivery.attempts,
                )
                .values(ended)
            )
            # Delivered is delivered, whoever took it over meanwhile; a failure counts only for who still holds it.
            still = () if state is DeliveryState.DELIVERED else ours
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == delivery.id, *still).values(after))

        in_transaction(self._engine, work)
        return state

    def give_back(self, deliveries: list[Delivery]) -> None:
        """Let others take at once what this process can't finish."""
        ids = [delivery.id for delivery in deliveries]
        in_transaction(
            self._engine, lambda connection: leases.give_back(connection, DELIVERIES, self._holder, ids)
        )


def replay(engine: Engine, delivery: int | str, now: datetime) -> Delivery:
    """Send a callback again, by hand: with its id, from the start of the plan. Raises `DeliveryNotFound`."""

    def work(connection: Connection) -> Delivery:
        found = find(connection, delivery)
        again = {"state": DeliveryState.PENDING, "due_at": now, "reason": "replayed", "finished_at": None}
        connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == found.id).values(again))
        return find(connection, found.id)

    return in_transaction(engine, work)


def find(connection: Connection, delivery: int | str) -> Delivery:
    """Read a callback by its number or its `webhook-id`; raise `DeliveryNotFound`."""
    found_by = DELIVERIES.c.uuid if isinstance(delivery, str) else DELIVERIES.c.id
    row = connection.execute(select(DELIVERIES).where(found_by == delivery)).one_or_none()
    if row is None:
        raise DeliveryNotFound(delivery)
    return Delivery.of(row)


def list_deliveries(
    engine: Engine, *, job_id: int | None = None, state: DeliveryState | None = None, most: int = 50
) -> list[Delivery]:
    """List callbacks, the newest first."""
    wanted = select(DELIVERIES).order_by(DELIVERIES.c.id.desc()).limit(most)
    if job_id is not None:
        wanted = wanted.where(DELIVERIES.c.job_id == job_id)
    if state is not None:
        wanted = wanted.where(DELIVERIES.c.state == state)
    with engine.connect() as connection:
        return [Delivery.of(row) for row in connection.execute(wanted)]


def list_attempts(engine: Engine, delivery_id: int) -> list[Attempt]:
    """List a callback's attempts in order."""
    names = [field.name for field in fields(Attempt)]
    wanted = (
        select(*(DELIVERY_ATTEMPTS.c[name] for name in names))
        .where(DELIVERY_ATTEMPTS.c.delivery_id == delivery_id)
        .order_by(DELIVERY_ATTEMPTS.c.number)
    )
    with engine.connect() as connection:
        return [Attempt(**row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001  # public


def _cut(text: str | None) -> str | None:
    return text[:REASON_LENGTH] if text else None
