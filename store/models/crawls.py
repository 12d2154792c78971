"""Tables about the crawl itself: how far lists were walked, how targets ended, what was set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.types import UtcDateTime

TARGET_LENGTH = 255
"""Longest `Target.key`: usernames and ids are short, a search's words are not."""


class ListingRow(Base):
    """How far one list was walked: `tiktok.outcomes.Listing`."""

    __tablename__ = "listings"
    __table_args__ = CLUSTERED

    operation: Mapped[str] = mapped_column(String(32), primary_key=True)
    target: Mapped[str] = mapped_column(String(TARGET_LENGTH), primary_key=True)
    scope: Mapped[str] = mapped_column(String(TARGET_LENGTH), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    cursor: Mapped[str | None] = mapped_column(Text)
    found: Mapped[int] = mapped_column(BigInteger)
    declared: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    route: Mapped[str | None] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When this walk began; a list that ended and is walked again begins anew."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutcomeRow(Base):
    """How a target last ended: `tiktok.outcomes.Outcome`."""

    __tablename__ = "outcomes"
    __table_args__ = (Index("ix_outcomes_again_at", "again_at"), CLUSTERED)

    operation: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    target: Mapped[str] = mapped_column(String(TARGET_LENGTH), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    route: Mapped[str | None] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Since when it ends like this."""
    times: Mapped[int] = mapped_column(Integer, server_default="1")
    """How often in a row it ended like this."""
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When another look is due; emptied by whoever sees to it (`store.jobs.looks_again`)."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerCountRow(Base):
    """How many answers of a route were judged so, over all crawls: `store.answers`."""

    __tablename__ = "answer_counts"
    __table_args__ = CLUSTERED

    route: Mapped[str] = mapped_column(String(32), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(32), primary_key=True)
    answers: Mapped[int] = mapped_column(BigInteger)


class RejectRow(Base):
    """An item that was set aside: `store.rejects.Reject`."""

    __tablename__ = "rejects"

    # SQLite counts up by itself only where the type reads INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    item_type: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
