"""Table of sounds. Columns are the fields of `tiktok.items.Sound`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, SeenColumns
from store.models.types import ExactCounters, ItemId
from tiktok.items import Sound


class SoundRow(SeenColumns, Base):
    """A sound, as last seen."""

    __tablename__ = "sounds"

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    title: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    album: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    duration: Mapped[float | None] = mapped_column(Double)
    is_original: Mapped[bool | None]
    is_copyrighted: Mapped[bool | None]
    cover_url: Mapped[str | None] = mapped_column(Text)
    play_url: Mapped[str | None] = mapped_column(Text)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Sound.counters))
