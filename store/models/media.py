"""Tables of the archive: who asked for which post's media, which files there are, who is at work on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Double, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.types import ItemId, UtcDateTime

NO_JOB = 0
"""Stands for the job of a crawl that belongs to none."""
VARIANT_LENGTH = 48
FOLDER_LENGTH = 128


class MediaRequestRow(Base):
    """A job wants the media of a post, and how far that has come."""

    __tablename__ = "media_requests"
    __table_args__ = (
        Index("ix_media_requests_video_id", "video_id"),  # all jobs that a post belongs to
        Index("ix_media_requests_status", "status", "job_id"),  # what failed, what is left to do
        CLUSTERED,
    )

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(16))
    """`store.media.statuses.Status`."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it failed, or what it waits for."""
    attempts: Mapped[int] = mapped_column(Integer)
    """How often a crawl has begun with it."""
    wish: Mapped[str] = mapped_column(Text)
    """What is wanted, in the words of `MediaWish.words`."""
    mode: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)
    """What the post was found by, as in the path template: `profile`, `khaby.lame`."""
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MediaFileRow(Base):
    """One archived file of a post, whichever jobs asked for it."""

    __tablename__ = "media_files"
    __table_args__ = (
        Index("ix_media_files_sha256", "sha256"),  # the same content under another post
        CLUSTERED,
    )

    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`tiktok.media.wishes.Role`."""
    variant: Mapped[str] = mapped_column(String(VARIANT_LENGTH), primary_key=True)
    """Number of an image, language of a subtitle; else empty."""
    path: Mapped[str] = mapped_column(Text)
    """Below the root of the archive, with `/`."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    md5: Mapped[str] = mapped_column(String(32))
    mime_type: Mapped[str] = mapped_column(String(64))
    has_watermark: Mapped[bool | None]
    quality: Mapped[str | None] = mapped_column(String(64))
    """The rung that was taken, by TikTok's name."""
    codec: Mapped[str | None] = mapped_column(String(32))
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    duration: Mapped[float | None] = mapped_column(Double)
    """Seconds, as the file itself says."""
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_to: Mapped[str | None] = mapped_column(String(16))
    """Name of the store that has a copy: `drive`, `folder`."""
    uploaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(Text)
    """What that store calls the file: Drive's file id."""
    remote_link: Mapped[str | None] = mapped_column(Text)
    """Where a person opens it."""


class MediaCopyRow(Base):
    """A file that is also in the Drive folder of some job's own."""

    __tablename__ = "media_copies"
    __table_args__ = (
        Index("ix_media_copies_sha256", "sha256"),  # the same content under another post
        CLUSTERED,
    )

    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    variant: Mapped[str] = mapped_column(String(VARIANT_LENGTH), primary_key=True)
    folder_id: Mapped[str] = mapped_column(String(FOLDER_LENGTH), primary_key=True)
    """Drive's id of the topmost folder."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the content that was uploaded: the file may have been replaced since."""
    remote_id: Mapped[str | None] = mapped_column(Text)
    remote_link: Mapped[str | None] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MediaClaimRow(Base):
    """A process is at work on a post's media; others wait for it."""

    __tablename__ = "media_claims"
    __table_args__ = CLUSTERED

    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(128))
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)


REQUESTS, FILES, COPIES, CLAIMS = (
    Base.metadata.tables[model.__tablename__]
    for model in (MediaRequestRow, MediaFileRow, MediaCopyRow, MediaClaimRow)
)
