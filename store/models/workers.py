"""Table of the workers that are there."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.jobs import HOLDER_LENGTH
from store.models.types import UtcDateTime


class WorkerRow(Base):
    """A worker: written when it begins, gone when it ends; one that died stays for a day."""

    __tablename__ = "workers"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(HOLDER_LENGTH), primary_key=True)
    """What its leases are signed with."""
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


WORKERS = cast("Table", WorkerRow.__table__)
