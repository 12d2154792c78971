"""Posts: lists filtered and sorted by what has an index, and single ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, Row, Table, func, select

from store.models.sounds import SoundRow
from store.models.videos import VideoRow
from store.queries.pages import Page

VIDEOS = cast("Table", VideoRow.__table__)
SOUNDS = cast("Table", SoundRow.__table__)
SORTS = ("created_at", "views", "likes")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFilter:
    """Which posts; what is not given does not matter."""

    user_id: str | None = None
    min_views: int | None = None
    min_likes: int | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        return [
            *([VIDEOS.c.user_id == self.user_id] if self.user_id is not None else []),
            *([VIDEOS.c.views >= self.min_views] if self.min_views is not None else []),
            *([VIDEOS.c.likes >= self.min_likes] if self.min_likes is not None else []),
        ]


def list_videos(
    engine: Engine, wanted: VideoFilter, sort: str, *, descending: bool, limit: int, offset: int
) -> Page[Row[Any]]:
    """Read a page of posts; equal ones in the order of their ids."""
    keys = (VIDEOS.c[sort], VIDEOS.c.id)
    rows = select(VIDEOS).where(*wanted.conditions).limit(limit).offset(offset)
    count = select(func.count()).select_from(VIDEOS).where(*wanted.conditions)
    with engine.connect() as connection:
        total = connection.scalar(count) or 0
        found = connection.execute(rows.order_by(*(key.desc() if descending else key for key in keys))).all()
    return Page(list(found), total, limit, offset)


def find_video(engine: Engine, video_id: str) -> Row[Any] | None:
    """Read a post."""
    with engine.connect() as connection:
        return connection.execute(select(VIDEOS).where(VIDEOS.c.id == video_id)).one_or_none()


def sounds_by_id(engine: Engine, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Read sounds; those that are not stored are not in the answer."""
    if not ids:
        return {}
    with engine.connect() as connection:
        return {row.id: row for row in connection.execute(select(SOUNDS).where(SOUNDS.c.id.in_(ids)))}
