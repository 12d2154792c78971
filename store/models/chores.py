"""Table of what some worker does now and then."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import String, Table
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.types import UtcDateTime


class ChoreRow(Base):
    """A chore, and when somebody is to do it next."""

    __tablename__ = "chores"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


CHORES = cast("Table", ChoreRow.__table__)
