"""Column types that mean the same on SQLite and MySQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, SmallInteger
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator

MAX_ID = 2**63 - 1
"""Largest id that both databases hold: SQLite's INTEGER is signed."""


MAX_MONEY = 10**11
"""Amounts are smaller than this."""


class ItemId(TypeDecorator[str]):
    """TikTok's numeric id: digits outside, an integer of eight bytes inside."""

    impl = (
        BigInteger()
        .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
        # INTEGER PRIMARY KEY is SQLite's own row id: the table then is its primary index.
        .with_variant(Integer(), "sqlite")
    )
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002  # as declared
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # as declared
        return None if value is None else str(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware outside, UTC without zone inside, to the microsecond."""

    impl = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as declared
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as declared
        return None if value is None else value.replace(tzinfo=UTC)


class Money(TypeDecorator[Decimal]):
    """An amount: up to eleven digits before the point and four behind.

    Fifteen digits are what SQLite's REAL holds exactly, so both databases give back what went in.
    """

    impl = Numeric(15, 4).with_variant(Numeric(15, 4, asdecimal=False), "sqlite")
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002  # as declared
        return None if value is None else Decimal(money_text(value))


def money_text(value: Decimal | float | str) -> str:
    """Write an amount as both databases read it, without zeros at its end; raise `ValueError` when it is too large.

    >>> money_text(Decimal("24.1700")), money_text(69000.0)
    ('24.17', '69000')
    """
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    if not amount.is_finite() or abs(amount) >= MAX_MONEY:
        raise ValueError(f"{amount} is out of range")
    return f"{amount.normalize():f}"


class ExactCounters(TypeDecorator[frozenset[str]]):
    """Names of counters as a bit mask: bit n stands for the n-th of the item's `counters`.

    So `counters` in `tiktok.items` may only grow at its end.
    """

    impl = SmallInteger
    cache_ok = True

    def __init__(self, counters: tuple[str, ...]) -> None:
        super().__init__()
        self.counters = counters

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> int:  # noqa: ARG002  # as declared
        return pack_counters(frozenset(value or ()), self.counters)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[str]:  # noqa: ARG002  # as declared
        return frozenset(name for bit, name in enumerate(self.counters) if (value or 0) >> bit & 1)


@lru_cache(maxsize=1024)
def pack_counters(names: frozenset[str], counters: tuple[str, ...]) -> int:
    """Turn names into the bit mask that `ExactCounters` stores."""
    return sum(1 << bit for bit, name in enumerate(counters) if name in names)
