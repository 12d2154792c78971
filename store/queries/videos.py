"""Posts with their authors and sounds: lists filtered and sorted by what has an index, and single ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, Row, Select, Table, case, func, select

from store.models.sounds import SoundRow
from store.models.videos import VideoRow
from store.queries.pages import Order, Page, Window
from store.queries.totals import FEW, total_of
from store.queries.users import USERS

VIDEOS = cast("Table", VideoRow.__table__)
SOUNDS = cast("Table", SoundRow.__table__)
SORTS = ("created_at", "views", "likes")

SHOWN = (
    "id", "url", "description", "created_at", "views", "likes", "shares", "comments_count", "saves", "duration",
    "hashtags", "user_id", "sound_id", "scraped_at",
)  # fmt: skip
"""Columns that readers get; the links to files are long, and end within hours."""


def _best(of: Table, column: str, said: str) -> ColumnElement[Any]:
    """As author or sound were last seen themselves; where they never were, what the post says of them."""
    return case((of.c.id.is_(None), VIDEOS.c[said]), else_=of.c[column])


_POSTS: Select[Any] = (
    select(
        *(VIDEOS.c[name] for name in SHOWN),
        _best(USERS, "username", "username").label("username"),
        _best(USERS, "display_name", "display_name").label("display_name"),
        USERS.c.followers.label("followers"),
        _best(SOUNDS, "title", "sound_title").label("sound_title"),
        SOUNDS.c.author.label("sound_author"),
    )
    .join(USERS, USERS.c.id == VIDEOS.c.user_id, isouter=True)
    .join(SOUNDS, SOUNDS.c.id == VIDEOS.c.sound_id, isouter=True)
)


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
    engine: Engine, wanted: VideoFilter, sort: str, window: Window, *, descending: bool
) -> Page[Row[Any]]:
    """Read a page of posts; equal ones in the order of their ids."""
    keys = select(VIDEOS.c.id).where(*wanted.conditions)
    total = total_of(engine, wanted, keys.with_only_columns(func.count(), maintain_column_froms=True))
    order = Order(VIDEOS.c.id, VIDEOS.c[sort], descending)
    with engine.connect() as connection:
        if wanted.conditions and total <= FEW:
            # Without being told, SQLite walks the whole list in its order to find even very few.
            few = select(VIDEOS.c.id).where(VIDEOS.c.id.in_(keys))
            return order.page(connection, _POSTS, window, total, few, sorts=True)
        return order.page(connection, _POSTS.where(*wanted.conditions), window, total, keys)


def find_video(engine: Engine, video_id: str) -> Row[Any] | None:
    """Read a post."""
    with engine.connect() as connection:
        return connection.execute(_POSTS.where(VIDEOS.c.id == video_id)).one_or_none()
