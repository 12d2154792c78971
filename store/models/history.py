"""Tables of how counters grew: a row whenever one changed, the first sight included.

The key holds entity and time, so one entity's history lies together and in order.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.types import ExactCounters, ItemId, UtcDateTime
from tiktok.items import Hashtag, Sound, User, Video


class VideoHistoryRow(Base):
    """A post's counters from `recorded_at` on."""

    __tablename__ = "video_history"
    # What was read in the last days, whatever the post: trends.
    __table_args__ = (Index("ix_video_history_recorded_at", "recorded_at"), CLUSTERED)

    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    views: Mapped[int | None] = mapped_column(BigInteger)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    shares: Mapped[int | None] = mapped_column(BigInteger)
    comments_count: Mapped[int | None] = mapped_column(BigInteger)
    saves: Mapped[int | None] = mapped_column(BigInteger)
    reposts: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Video.counters))


class UserHistoryRow(Base):
    """A profile's counters from `recorded_at` on."""

    __tablename__ = "user_history"
    __table_args__ = CLUSTERED

    user_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    followers: Mapped[int | None] = mapped_column(BigInteger)
    following: Mapped[int | None] = mapped_column(BigInteger)
    total_likes: Mapped[int | None] = mapped_column(BigInteger)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    likes_given: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(User.counters))


class SoundHistoryRow(Base):
    """A sound's counters from `recorded_at` on."""

    __tablename__ = "sound_history"
    __table_args__ = CLUSTERED

    sound_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Sound.counters))


class HashtagHistoryRow(Base):
    """A hashtag's counters from `recorded_at` on."""

    __tablename__ = "hashtag_history"
    __table_args__ = CLUSTERED

    hashtag: Mapped[str] = mapped_column(String(255), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    views: Mapped[int | None] = mapped_column(BigInteger)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Hashtag.counters))
