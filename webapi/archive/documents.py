"""Rows as this family shows them. What its words call differently from ours is translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.jobs.states import JobState
from store.media.statuses import ELSEWHERE, WHOLE, ArchivedFile, Status, links_of
from store.queries.archived import FoundVideo
from store.queries.jobs import JobView
from store.queries.schedules import ScheduleView
from webapi.services.archive_schedules import wish_of
from webapi.services.job_views import completed_at, percent_of, problem_of, total_videos

STATUSES = {
    "pending": [JobState.PENDING],
    "running": [JobState.RUNNING, JobState.PAUSED],
    "completed": [JobState.COMPLETED],
    "failed": [JobState.FAILED],
    "cancelled": [JobState.CANCELLED],
}
"""This family has five words for our six states; `state` tells exactly."""
_STATUS_OF = {state: status for status, states in STATUSES.items() for state in states}
SUCCESSFUL = (*WHOLE, Status.UPLOADING)
"""All that was wanted is here; whether it is in Drive, too, is another question."""
_NEARLY = 99

Counts = Mapping[Status, int]


def job_document(view: JobView, media: Counts) -> dict[str, Any]:
    job = view.job
    return {
        "id": job.uuid,
        "number": job.id,
        "mode": job.kind,
        "value": view.target or view.given,
        "limit": job.parameters.get("limit"),
        "no_watermark": job.parameters.get("no_watermark", True),
        "since": _moment(job.parameters.get("since")),
        "until": _moment(job.parameters.get("until")),
        "status": _STATUS_OF[view.state],
        "state": view.state,
        "progress": _progress(view, media),
        "total_videos": _total(view),
        "successful_downloads": sum(media.get(status, 0) for status in SUCCESSFUL),
        "failed_downloads": media.get(Status.FAILED, 0),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "completed_at": completed_at(view),
        "error": problem_of(view),
        "drive_folder_id": job.parameters.get("drive_folder"),
    }


def video_document(found: FoundVideo) -> dict[str, Any]:
    video, links = found.video, links_of(found.files)
    main = [file for file in found.files if file.role in ("video", "image")]
    uploaded = _is_uploaded(main)
    return {
        "id": video.id,
        "job_id": video.job_uuid,
        "url": video.url,
        "desc": video.description,
        "author_username": video.username,
        "author_nickname": video.display_name,
        "views": video.views,
        "likes": video.likes,
        "comments": video.comments_count,
        "shares": video.shares,
        "saves": video.saves,
        "created_at_tiktok": video.created_at,
        "hashtags": video.hashtags or [],
        "music_title": video.sound_title,
        "has_watermark": main[0].has_watermark if main else None,
        "file_size": sum(file.bytes for file in main) if main else None,
        "duration": video.duration,
        "drive_file_id": links.remote_id,
        "drive_folder_path": links.folder_path if uploaded else None,
        "status": found.status,
        "error": video.reason,
        "attempts": video.attempts or 0,
        "found_at": video.found_at,
    }


def drive_links(found: FoundVideo) -> dict[str, Any] | None:
    """Where people open a post; nothing until it is in the store of `MEDIA_STORE`."""
    links = links_of(found.files)
    if links.video_link is None:
        return None
    return {
        "video_id": found.video.id,
        "video_link": links.video_link,
        "metadata_link": links.metadata_link,
        "folder_path": links.folder_path,
    }


def schedule_document(view: ScheduleView) -> dict[str, Any]:
    schedule = view.schedule
    return wish_of(schedule) | {
        "id": schedule.uuid,
        "last_run_at": schedule.last_run_at,
        "next_run_at": schedule.next_run_at,
        "total_runs": schedule.total_runs,
        "successful_runs": view.successful,
        "failed_runs": view.failed,
        "skipped_runs": view.skipped,
        "created_at": schedule.created_at,
    }


def _progress(view: JobView, media: Counts) -> int:
    """Of a job that archives, a post counts when its files are there, or can't be had."""
    if not media or view.state is JobState.COMPLETED:
        return percent_of(view)
    done = sum(media.get(status, 0) for status in (*SUCCESSFUL, Status.FAILED))
    return min(_NEARLY, 100 * done // max(_total(view), sum(media.values())))


def _total(view: JobView) -> int:
    """What was asked for is no total before the list is known."""
    is_known = view.videos or view.progress.declared is not None or view.job.finished_at
    return total_videos(view) if is_known else 0


def _is_uploaded(files: list[ArchivedFile]) -> bool:
    return any(file.uploaded_to not in (None, ELSEWHERE) for file in files)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
