"""Rows as this family shows them. What its words call differently from ours is translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row

from store.jobs.kinds import KINDS
from store.jobs.states import SUCCEEDED, JobState
from store.queries.jobs import JobView
from store.queries.pages import Page
from store.queries.users import users_by_id
from store.queries.videos import sounds_by_id

STATUSES = {
    "pending": [JobState.PENDING],
    "running": [JobState.RUNNING, JobState.PAUSED],
    "completed": [JobState.COMPLETED],
    "failed": [JobState.FAILED, JobState.CANCELLED],
}
"""This family has four words for our six states; `state` tells exactly."""
_STATUS_OF = {state: status for status, states in STATUSES.items() for state in states}
TYPES = {"profile": "user", "comments": "video"}


def page_document(name: str, rows: Sequence[Any], page: Page[Any]) -> dict[str, Any]:
    """A list and where it stands."""
    return {
        name: rows,
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "has_more": page.has_more,
    }


def job_document(view: JobView) -> dict[str, Any]:
    job = view.job
    made = job.options if "url" in job.options else {}
    return {
        "id": job.id,
        "uuid": job.uuid,
        "url": made.get("url") or _url(view),
        "type": made.get("type") or TYPES.get(job.kind, job.kind),
        "status": _STATUS_OF[view.state],
        "state": view.state,
        "progress": _progress(view),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "completed_at": _completed_at(view),
        "error": _error(view),
        "videos_scraped": view.videos,
        "total_videos": _total_videos(view),
        "options": made.get("options", job.parameters),
    }


def video_documents(engine: Engine, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Posts with their authors and sounds, looked up for all of them at once."""
    users = users_by_id(engine, {row.user_id for row in rows if row.user_id})
    sounds = sounds_by_id(engine, {row.sound_id for row in rows if row.sound_id})
    return [_video(row, users.get(row.user_id), sounds.get(row.sound_id)) for row in rows]


def user_document(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name


def _video(row: Row[Any], user: Row[Any] | None, sound: Row[Any] | None) -> dict[str, Any]:
    return user_document(row) | {
        "comments": row.comments_count,
        "hashtags": [f"#{name}" for name in row.hashtags or ()],
        "music_id": row.sound_id,
        "music": row.sound_id
        and {
            "id": row.sound_id,
            "title": sound.title if sound else row.sound_title,
            "author": sound.author if sound else None,
        },
        "user": {
            "id": row.user_id,
            "username": user.username if user else row.username,
            "display_name": user.display_name if user else row.display_name,
            "followers": user.followers if user else None,
        },
    }


def _url(view: JobView) -> str:
    if not view.target:
        return view.given
    return KINDS[view.job.kind].target_of(view.target).url


def _progress(view: JobView) -> int:
    """Comments that are to follow are the second half of the work."""
    if view.state is JobState.COMPLETED:
        return 100
    own = 100 if view.job.state is JobState.COMPLETED else _listed(view)
    if view.sequel is None and not view.job.sequel:
        return own
    return (own + (view.sequel.percent if view.sequel else 0)) // 2


def _listed(view: JobView) -> int:
    total = _total_videos(view)
    listed = min(99, 100 * view.videos // total) if total and view.progress.total == 1 else 0
    return max(view.progress.percent, listed)


def _total_videos(view: JobView) -> int:
    """As many as its list is said to have, but no more than were asked for."""
    if view.job.kind in ("video", "comments"):
        return max(view.progress.total, view.videos)
    if view.job.state is JobState.COMPLETED:
        return view.videos
    known = [n for n in (view.progress.declared, view.job.parameters.get("limit")) if n is not None]
    return max(min(known, default=0), view.videos)


def _completed_at(view: JobView) -> Any:
    if view.state not in (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED):
        return None
    return view.sequel.job.finished_at if view.sequel else view.job.finished_at


def _error(view: JobView) -> str | None:
    if view.state is JobState.CANCELLED:
        return "cancelled"
    if view.state is JobState.FAILED:
        own = view.reason or view.outcome if view.outcome not in SUCCEEDED else None
        job = view.sequel.job if view.sequel else view.job
        return own or job.reason or "failed"
    return view.job.reason if view.state is JobState.PAUSED else None
