"""Tables of posts. Columns are the fields of `tiktok.items.Video`, where their meaning and unit stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base, OutcomeColumns, SeenColumns
from store.models.types import ExactCounters, ItemId, UtcDateTime
from tiktok.items import Video


class VideoRow(SeenColumns, OutcomeColumns, Base):
    """A post, as last seen."""

    __tablename__ = "videos"
    __table_args__ = (
        Index("ix_videos_created_at", "created_at"),  # newest first, ranges of dates
        # Most viewed first, `min_views`; with `min_likes` beside it no row is read that is only counted.
        Index("ix_videos_views_id_likes", "views", "id", "likes"),
        Index("ix_videos_likes", "likes"),  # most liked first, `min_likes`
        Index("ix_videos_user_id_created_at", "user_id", "created_at"),  # one author's posts, newest first
        Index("ix_videos_username_created_at", "username", "created_at"),  # the same, by @name
        TABLE_OPTIONS,
    )

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    url: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(ItemId)
    username: Mapped[str | None] = mapped_column(String(64))
    display_name: Mapped[str | None] = mapped_column(Text)
    sec_uid: Mapped[str | None] = mapped_column(String(255))
    sound_id: Mapped[str | None] = mapped_column(ItemId)
    sound_title: Mapped[str | None] = mapped_column(Text)
    hashtags: Mapped[list[str] | None] = mapped_column(JSON)
    """In order of appearance; `video_hashtags` finds posts by them."""
    mentions: Mapped[list[str] | None] = mapped_column(JSON)
    views: Mapped[int | None] = mapped_column(BigInteger)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    shares: Mapped[int | None] = mapped_column(BigInteger)
    comments_count: Mapped[int | None] = mapped_column(BigInteger)
    saves: Mapped[int | None] = mapped_column(BigInteger)
    reposts: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Video.counters))
    duration: Mapped[float | None] = mapped_column(Double)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    cover_url: Mapped[str | None] = mapped_column(Text)
    images: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    renditions: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    subtitles: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    language: Mapped[str | None] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str | None] = mapped_column(Text)
    playlist_id: Mapped[str | None] = mapped_column(ItemId)
    duet_of_id: Mapped[str | None] = mapped_column(ItemId)
    is_pinned: Mapped[bool | None]
    is_ad: Mapped[bool | None]
    is_ai_generated: Mapped[bool | None]
    is_private: Mapped[bool | None]
    is_taken_down: Mapped[bool | None]
    is_age_gated: Mapped[bool | None]


class VideoHashtagRow(Base):
    """Which posts carry a hashtag; in order of the key, and ids grow with the upload time."""

    __tablename__ = "video_hashtags"
    __table_args__ = CLUSTERED

    hashtag: Mapped[str] = mapped_column(String(255), primary_key=True)
    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
