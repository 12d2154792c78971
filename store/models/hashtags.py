"""Table of hashtags. Columns are the fields of `tiktok.items.Hashtag`; the name is the key."""

from __future__ import annotations

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base, SeenColumns
from store.models.types import ExactCounters, ItemId
from tiktok.items import Hashtag


class HashtagRow(SeenColumns, Base):
    """A hashtag, as last seen."""

    __tablename__ = "hashtags"
    __table_args__ = CLUSTERED

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    id: Mapped[str | None] = mapped_column(ItemId)
    url: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    cover_url: Mapped[str | None] = mapped_column(Text)
    is_commerce: Mapped[bool | None]
    views: Mapped[int | None] = mapped_column(BigInteger)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Hashtag.counters))
