"""Rows as this family shows them. What its words call differently from ours is translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row

from store.jobs.kinds import KINDS
from store.jobs.states import JobState
from store.queries.jobs import JobView
from store.queries.pages import Page
from store.queries.users import users_by_id
from store.queries.videos import sounds_by_id
from webapi.services.job_views import completed_at, percent_of, problem_of, total_videos

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
        "progress": percent_of(view),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "completed_at": completed_at(view),
        "error": problem_of(view),
        "videos_scraped": view.videos,
        "total_videos": total_videos(view),
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
