"""What is known already."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, func, select

from store.models import CommentRow, VideoRow


def known_video_ids(engine: Engine, ids: Collection[str]) -> set[str]:
    """Tell which of these posts are stored; for pages of a list, not for thousands."""
    with engine.connect() as connection:
        return set(connection.scalars(select(VideoRow.id).where(VideoRow.id.in_(ids))))


def pinned_video_ids(engine: Engine, user_id: str) -> set[str]:
    """Tell which posts of an author were seen pinned."""
    pinned = select(VideoRow.id).where(VideoRow.user_id == user_id, VideoRow.is_pinned.is_(True))
    with engine.connect() as connection:
        return set(connection.scalars(pinned))


def comments_lacking_replies(engine: Engine, video_id: str) -> dict[str, int]:
    """Find the comments of a post of whose replies some are not stored, with the number they should have."""
    # Counted once per post: a count per comment would read all comments for each of them.
    replies = (
        select(CommentRow.parent_id, func.count().label("stored"))
        .where(CommentRow.video_id == video_id, CommentRow.parent_id.is_not(None))
        .group_by(CommentRow.parent_id)
        .subquery()
    )
    lacking = (
        select(CommentRow.id, CommentRow.replies_count)
        .outerjoin(replies, replies.c.parent_id == CommentRow.id)
        .where(
            CommentRow.video_id == video_id,
            CommentRow.parent_id.is_(None),
            CommentRow.replies_count > func.coalesce(replies.c.stored, 0),
        )
    )
    with engine.connect() as connection:
        return {comment_id: count for comment_id, count in connection.execute(lacking) if count}
