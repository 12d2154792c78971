"""Table of comments and replies. Columns are the fields of `tiktok.items.Comment`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import TABLE_OPTIONS, Base, SeenColumns
from store.models.types import ItemId, UtcDateTime


class CommentRow(SeenColumns, Base):
    """A comment, as last seen."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_video_id_created_at", "video_id", "created_at"),  # a post's comments in order
        TABLE_OPTIONS,
    )

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    video_id: Mapped[str | None] = mapped_column(ItemId)
    parent_id: Mapped[str | None] = mapped_column(ItemId)
    text: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_id: Mapped[str | None] = mapped_column(ItemId)
    username: Mapped[str | None] = mapped_column(String(64))
    display_name: Mapped[str | None] = mapped_column(Text)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    replies_count: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str | None] = mapped_column(String(32))
    is_pinned: Mapped[bool | None]
    is_liked_by_author: Mapped[bool | None]
    image_urls: Mapped[list[str] | None] = mapped_column(JSON)
