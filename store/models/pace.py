"""Tables of the pace, which all processes share: `store.pace`.

With MySQL they are part of the database; with SQLite they have a file of their own, so that a long write of posts
never delays a request. All times are whole microseconds of the clock in `store.pace.sql_state`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base

NAME_LENGTH = 191
LONG_TEXT = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


class PaceBucketRow(Base):
    """When one bucket's requests were and will be sent: `store.pace.calendar.Calendar`."""

    __tablename__ = "pace_buckets"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    """`Bucket.key`."""
    due: Mapped[int] = mapped_column(BigInteger)
    held_until: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    slots: Mapped[str] = mapped_column(LONG_TEXT)
    """Numbers, separated by spaces."""


class PacePeerRow(Base):
    """A governor that is at work."""

    __tablename__ = "pace_peers"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    seen_at: Mapped[int] = mapped_column(BigInteger)


class PaceRecordRow(Base):
    """Something else that all processes agree upon, as JSON: the circuits."""

    __tablename__ = "pace_records"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    content: Mapped[str] = mapped_column(LONG_TEXT)
