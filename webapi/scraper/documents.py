"""Rows as this family shows them. What its words call differently from ours is translated here and nowhere else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from store.jobs.kinds import KINDS
from store.jobs.states import JobState
from store.queries.jobs import JobView
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


def video_document(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": row.url,
        "description": row.description,
        "created_at": row.created_at,
        "views": row.views,
        "likes": row.likes,
        "shares": row.shares,
        "comments": row.comments_count,
        "comments_count": row.comments_count,
        "saves": row.saves,
        "duration": row.duration,
        "hashtags": [f"#{name}" for name in row.hashtags or ()],
        "user_id": row.user_id,
        "music_id": row.sound_id,
        "music": row.sound_id and {"id": row.sound_id, "title": row.sound_title, "author": row.sound_author},
        "user": {
            "id": row.user_id,
            "username": row.username,
            "display_name": row.display_name,
            "followers": row.followers,
        },
        "scraped_at": row.scraped_at,
    }


def user_document(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "username": row.username,
        "display_name": row.display_name,
        "bio": row.bio,
        "avatar_url": row.avatar_url,
        "followers": row.followers,
        "following": row.following,
        "total_likes": row.total_likes,
        "total_videos": row.total_videos,
        "verified": row.verified,
        "created_at": row.created_at,
        "scraped_at": row.scraped_at,
    }


def _url(view: JobView) -> str:
    if not view.target:
        return view.given
    return KINDS[view.job.kind].target_of(view.target).url
