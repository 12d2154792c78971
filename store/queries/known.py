"""What is known already."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, select

from store.models import VideoRow


def known_video_ids(engine: Engine, ids: Collection[str]) -> set[str]:
    """Tell which of these posts are stored; for pages of a list, not for thousands."""
    with engine.connect() as connection:
        return set(connection.scalars(select(VideoRow.id).where(VideoRow.id.in_(ids))))
