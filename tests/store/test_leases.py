"""Leases on rows of any table: exact with many holders, over by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, select

from store import leases
from store.models.deliveries import DELIVERIES
from store.transactions import in_transaction
from tests.store.factories import NOON

MINUTE = timedelta(minutes=1)
PENDING = DELIVERIES.c.state == "pending"


def add(engine: Engine, count: int, state: str = "pending") -> None:
    with engine.begin() as connection:
        start = connection.scalar(select(func.count()).select_from(DELIVERIES)) or 0
        connection.execute(
            DELIVERIES.insert(),
            [
                {
                    "uuid": str(n), "job_id": n, "round": 1, "url": "u", "state": state, "attempts": 0,
                    "due_at": NOON - n * MINUTE, "created_at": NOON,
                }
                for n in range(start, start + count)
            ],
        )  # fmt: skip


def take(engine: Engine, holder: str, now: datetime, most: int = 9, **changes: Any) -> list[Row[Any]]:
    return in_transaction(
        engine,
        lambda connection: leases.take(
            connection, DELIVERIES, holder, now, until=now + MINUTE, most=most,
            where=PENDING, order_by=(DELIVERIES.c.due_at,), **changes,
        ),
    )  # fmt: skip


def test_rows_are_taken_in_order_with_changes_and_only_those_asked_for(engine: Engine) -> None:
    add(engine, 3)
    add(engine, 2, "delivered")

    first = take(engine, "a", NOON, most=2, attempts=DELIVERIES.c.attempts + 1)
    second = take(engine, "b", NOON)

    assert [(row.uuid, row.attempts, row.leased_by) for row in first] == [("2", 1, "a"), ("1", 1, "a")]
    assert [(row.uuid, row.attempts, row.leased_by) for row in second] == [("0", 0, "b")]
    assert take(engine, "a", NOON) == []


def test_a_lease_runs_out_by_itself(engine: Engine) -> None:
    add(engine, 1)
    take(engine, "dead", NOON)

    assert take(engine, "heir", NOON + MINUTE - timedelta(seconds=1)) == []
    assert [row.leased_by for row in take(engine, "heir", NOON + MINUTE)] == ["heir"]


def test_a_renewed_lease_lasts_and_a_lost_one_is_told(engine: Engine) -> None:
    add(engine, 2)
    kept, lost = (row.id for row in take(engine, "a", NOON))
    with engine.begin() as connection:
        leases.give_back(connection, DELIVERIES, "b", [kept])
        leases.give_back(connection, DELIVERIES, "a", [lost])
    take(engine, "b", NOON)

    with engine.begin() as connection:
        still = leases.renew(connection, DELIVERIES, "a", [kept, lost], NOON + 3 * MINUTE)

    assert still == [kept]
    assert [row.id for row in take(engine, "c", NOON + MINUTE)] == [lost]


def test_rows_that_another_is_about_to_take_are_passed_over(mysql_engine: Engine) -> None:
    add(mysql_engine, 4)

    with mysql_engine.begin() as connection:
        order = (DELIVERIES.c.id,)
        mine = leases.take(
            connection, DELIVERIES, "a", NOON, until=NOON + MINUTE, most=2, where=PENDING, order_by=order
        )
        others = take(mysql_engine, "b", NOON)

    assert {row.id for row in mine}.isdisjoint(row.id for row in others)
