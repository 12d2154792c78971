"""Table of profiles. Columns are the fields of `tiktok.items.User`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import TABLE_OPTIONS, Base, OutcomeColumns, SeenColumns
from store.models.types import ExactCounters, ItemId, UtcDateTime
from tiktok.items import User


class UserRow(SeenColumns, OutcomeColumns, Base):
    """A profile, as last seen."""

    __tablename__ = "users"
    __table_args__ = (
        # Lookup and sort by @name. Not unique: a name that was given up is taken by somebody else.
        Index("ix_users_username", "username"),
        Index("ix_users_followers", "followers"),  # most followed first, `min_followers`
        Index("ix_users_total_videos", "total_videos"),  # sorted by number of posts
        TABLE_OPTIONS,
    )

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    username: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str | None] = mapped_column(Text)
    sec_uid: Mapped[str | None] = mapped_column(String(255))
    display_name: Mapped[str | None] = mapped_column(Text)
    bio: Mapped[str | None] = mapped_column(Text)
    bio_link: Mapped[str | None] = mapped_column(Text)
    avatar_url: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified: Mapped[bool | None]
    is_private: Mapped[bool | None]
    is_seller: Mapped[bool | None]
    is_organization: Mapped[bool | None]
    category: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(32))
    live_room_id: Mapped[str | None] = mapped_column(String(32))
    followers: Mapped[int | None] = mapped_column(BigInteger)
    following: Mapped[int | None] = mapped_column(BigInteger)
    total_likes: Mapped[int | None] = mapped_column(BigInteger)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    likes_given: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(User.counters))
