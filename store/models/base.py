"""What all tables share: how MySQL creates them, and the columns every item has.

There are no foreign keys: a post's author or sound is often not crawled, a key check locks the parent row of
every writer (the sound everybody uses), and neither MySQL's partitions nor Vitess have them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.models.types import UtcDateTime

TABLE_OPTIONS: dict[str, object] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (
        ("engine", "InnoDB"),
        ("charset", "utf8mb4"),
        # By code point, as SQLite compares: "fun", "Fun" and "fün" are three hashtags in both databases.
        ("collate", "utf8mb4_bin"),
    )
}
CLUSTERED: dict[str, object] = {**TABLE_OPTIONS, "sqlite_with_rowid": False}
"""For keys that are not one integer: SQLite then keeps rows in key order too, as InnoDB does."""


class Base(DeclarativeBase):
    """All tables."""

    __table_args__: tuple[object, ...] | dict[str, object] = TABLE_OPTIONS


class SeenColumns:
    """Where and when an item was seen, and when it last differed."""

    route: Mapped[str | None] = mapped_column(String(32))
    """Route that answered last."""
    scraped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last seen."""
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was first seen."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When anything but an expiring link last differed."""


class OutcomeColumns:
    """How the target last ended for good; empty while it is there. The row stays when the target is gone."""

    outcome: Mapped[str | None] = mapped_column(String(32))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
