"""Tables of callbacks: what is to be told to whom (written with what it tells), and every attempt to do so."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Index, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base
from store.models.jobs import CLIENT_LENGTH, COUNTED, HOLDER_LENGTH, REASON_LENGTH
from store.models.types import UtcDateTime


class DeliveryRow(Base):
    """One callback: a job's round ended."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ux_deliveries_uuid", "uuid", unique=True),
        # A round of a job ends once, whoever notices it.
        Index("ux_deliveries_job_id_round", "job_id", "round", unique=True),
        Index("ix_deliveries_state_due_at", "state", "due_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    """The `webhook-id`, the same at each attempt."""
    job_id: Mapped[int] = mapped_column(COUNTED)
    round: Mapped[int] = mapped_column(Integer)
    """`JobRow.round` that ended."""
    client_id: Mapped[str | None] = mapped_column(String(CLIENT_LENGTH))
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next attempt may be made."""
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    """What the last attempt met."""
    leased_by: Mapped[str | None] = mapped_column(String(HOLDER_LENGTH))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryAttemptRow(Base):
    """One attempt to deliver a callback."""

    __tablename__ = "delivery_attempts"
    __table_args__ = CLUSTERED

    delivery_id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    milliseconds: Mapped[int | None] = mapped_column(Integer)
    """How long it took; empty while it is under way, or when its worker died."""
    status: Mapped[int | None] = mapped_column(Integer)
    """HTTP status of the answer."""
    problem: Mapped[str | None] = mapped_column(String(REASON_LENGTH))


DELIVERIES = cast("Table", DeliveryRow.__table__)
DELIVERY_ATTEMPTS = cast("Table", DeliveryAttemptRow.__table__)
