"""Sound items to begin with; a test changes the field it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tiktok.items import Comment, Hashtag, Sound, User, Video
from tiktok.outcomes import Listing, ListState, Outcome

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When sample video 0 was uploaded; each later number is an hour younger."""


def video_id(number: int) -> str:
    """An id whose upper half is the sample's upload time."""
    return str((int((NOON + timedelta(hours=number)).timestamp()) << 32) + number)


def video(number: int = 0, **fields: Any) -> Video:
    """Make a post."""
    full: dict[str, Any] = {"id": video_id(number), "created_at": NOON + timedelta(hours=number)}
    return Video(**full | {"views": 100 + number} | fields)


def user(number: int = 1, **fields: Any) -> User:
    """Make a profile."""
    full: dict[str, Any] = {"id": str(6_900_000_000_000_000_000 + number), "username": f"user{number}"}
    return User(**full | fields)


def sound(number: int = 1, **fields: Any) -> Sound:
    """Make a sound."""
    full: dict[str, Any] = {"id": str(7_000_000_000_000_000_000 + number), "title": f"No. {number}"}
    return Sound(**full | fields)


def hashtag(name: str = "garden", **fields: Any) -> Hashtag:
    """Make a hashtag."""
    return Hashtag(name=name, **fields)


def comment(number: int = 1, **fields: Any) -> Comment:
    """Make a comment."""
    full: dict[str, Any] = {"id": str(7_100_000_000_000_000_000 + number), "created_at": NOON}
    return Comment(**full | fields)


def listing(**fields: Any) -> Listing:
    """Make the state of a list under way."""
    full: dict[str, Any] = {"operation": "profile_videos", "target": "somebody", "state": ListState.RUNNING}
    return Listing(**full | {"at": NOON} | fields)


def outcome(**fields: Any) -> Outcome:
    """Make the end of a target."""
    full: dict[str, Any] = {"operation": "profile", "kind": "user", "target": "somebody", "outcome": "ok"}
    return Outcome(**full | {"reason": "all found", "at": NOON} | fields)
