"""The document of this family as tables: endpoints, fields with their types, parameters with their bounds, codes."""

from __future__ import annotations

import re
from typing import Any

from tests.webapi.checks import (
    Check,
    boolean,
    each,
    having,
    integer,
    moment,
    nullable,
    number,
    text,
)

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOBODYS = "00000000-0000-4000-8000-000000000000"
VIDEO_ID = "7400000000000000001"


def uuid(value: Any) -> bool:
    return isinstance(value, str) and bool(UUID.fullmatch(value))


NEW_JOB: dict[str, Check] = {
    "id": uuid, "mode": text, "value": text, "limit": integer, "no_watermark": boolean, "status": text,
    "progress": integer, "total_videos": integer, "successful_downloads": integer, "failed_downloads": integer,
    "created_at": moment,
}  # fmt: skip
JOB: dict[str, Check] = NEW_JOB | {"completed_at": nullable(moment)}
VIDEO: dict[str, Check] = {
    "id": text, "job_id": uuid, "url": text, "desc": text, "author_username": text, "author_nickname": text,
    "views": integer, "likes": integer, "comments": integer, "shares": integer, "created_at_tiktok": moment,
    "hashtags": each(text), "music_title": text, "has_watermark": boolean, "file_size": integer, "duration": number,
    "drive_file_id": text, "drive_folder_path": text, "status": text,
}  # fmt: skip
LINKS: dict[str, Check] = {
    "video_id": text, "video_link": text, "metadata_link": text, "folder_path": text,
}  # fmt: skip

SCHEDULE: dict[str, Check] = {
    "id": uuid, "name": text, "mode": text, "value": text, "limit": integer, "interval_minutes": integer,
    "enabled": boolean, "last_run_at": nullable(moment), "next_run_at": moment, "total_runs": integer,
    "successful_runs": integer, "failed_runs": integer,
}  # fmt: skip
STATS = (
    "total_jobs", "pending_jobs", "running_jobs", "completed_jobs", "failed_jobs", "total_videos", "downloaded_videos",
    "uploaded_videos", "failed_videos", "total_storage_bytes", "scheduled_jobs_count", "active_scheduled_jobs",
)  # fmt: skip

ENDPOINTS: dict[str, Check] = {
    "/api/v1/jobs": each(having(**JOB)),
    "/api/v1/jobs/{job}": having(
        job=having(**JOB), videos=each(having(**VIDEO)), drive_links=each(having(**LINKS))
    ),
    "/api/v1/videos": having(total=integer, videos=each(having(**VIDEO))),
    f"/api/v1/videos/{VIDEO_ID}": having(**VIDEO),
    "/api/v1/scheduled-jobs": each(having(**SCHEDULE)),
    "/api/v1/scheduled-jobs/{schedule}": having(**SCHEDULE),
    "/api/v1/stats": having(**dict.fromkeys(STATS, integer)),
    "/api/v1/stats/health": having(
        status=text, version=text, timestamp=moment, database=boolean, google_drive=boolean, scheduler=boolean
    ),
}
"""Path → what its answer is."""

LIST_BOUNDS: dict[str, list[Any]] = {"limit": [1, 50, 200], "offset": [0, 1, 10**12]}
BAD_BOUNDS: dict[str, list[Any]] = {
    "limit": [0, -1, 201, "x", 1.5, ""], "offset": [-1, "x", 10**30], "x": [1],
}  # fmt: skip
GOOD: dict[str, dict[str, list[Any]]] = {
    "/api/v1/jobs": LIST_BOUNDS | {"status": ["pending", "running", "completed", "failed", "cancelled"]},
    "/api/v1/videos": LIST_BOUNDS
    | {
        "mode": ["profile", "hashtag"],
        "value": ["khaby.lame", "@khaby.lame", "nobody"],
        "author_username": ["maya", "@Maya"],
        "hashtag": ["coffee", "#coffee"],
        "status": ["pending", "downloading", "downloaded", "uploading", "uploaded", "failed"],
        "job_id": [NOBODYS],
    },
}
GOOD["/api/v1/scheduled-jobs"] = {"enabled": ["true", "false"], "limit": [1, 1000], "offset": [0, 5]}
BAD: dict[str, dict[str, list[Any]]] = {
    "/api/v1/jobs": BAD_BOUNDS | {"status": ["paused", "", "PENDING"]},
    "/api/v1/videos": BAD_BOUNDS
    | {"mode": ["video", ""], "value": [""], "author_username": [""], "hashtag": [""], "status": ["running"],
       "job_id": ["1"]},
}  # fmt: skip
BAD["/api/v1/scheduled-jobs"] = {"enabled": ["maybe", ""], "limit": [0, 1001], "offset": [-1], "x": [1]}

NOT_FOUND = (
    ("GET", f"/api/v1/jobs/{NOBODYS}"), ("GET", "/api/v1/jobs/1"), ("GET", "/api/v1/jobs/x"),
    ("POST", f"/api/v1/jobs/{NOBODYS}/cancel"), ("DELETE", f"/api/v1/jobs/{NOBODYS}"),
    ("GET", "/api/v1/videos/7400000000000000999"), ("GET", "/api/v1/videos/x"), ("GET", f"/api/v1/videos/{10**30}"),
    ("GET", f"/api/v1/scheduled-jobs/{NOBODYS}"), ("GET", "/api/v1/scheduled-jobs/1"),
    ("DELETE", f"/api/v1/scheduled-jobs/{NOBODYS}"), ("POST", f"/api/v1/scheduled-jobs/{NOBODYS}/toggle"),
    ("POST", "/api/v1/videos/7400000000000000999/retry"), ("DELETE", "/api/v1/videos/7400000000000000999"),
)  # fmt: skip

GOOD_JOB: dict[str, Any] = {"mode": "profile", "value": "khaby.lame"}
BAD_JOBS: dict[str, tuple[Any, list[Any], str]] = {
    "no mode": ({"value": "x1"}, ["body", "mode"], "value_error.missing"),
    "no value": ({"mode": "profile"}, ["body", "value"], "value_error.missing"),
    "no object": ([], ["body"], "type_error"),
    "unknown mode": (GOOD_JOB | {"mode": "sound"}, ["body", "mode"], "value_error"),
    "mode is no text": (GOOD_JOB | {"mode": 1}, ["body", "mode"], "type_error"),
    "empty value": (GOOD_JOB | {"value": ""}, ["body", "value"], "value_error"),
    "value is null": (GOOD_JOB | {"value": None}, ["body", "value"], "type_error.none.not_allowed"),
    "value names nothing": (GOOD_JOB | {"value": "no name!"}, ["body", "value"], "value_error"),
    "value is elsewhere": (GOOD_JOB | {"value": "http://169.254.169.254/@x"}, ["body", "value"], "value_error"),
    "value of another mode": (
        GOOD_JOB | {"value": "https://www.tiktok.com/tag/funny"}, ["body", "value"], "value_error",
    ),
    "value is too long": (GOOD_JOB | {"value": "a" * 2000}, ["body", "value"], "value_error"),
    "limit is 0": (GOOD_JOB | {"limit": 0}, ["body", "limit"], "value_error"),
    "limit is 201": (GOOD_JOB | {"limit": 201}, ["body", "limit"], "value_error"),
    "limit is text": (GOOD_JOB | {"limit": "many"}, ["body", "limit"], "type_error"),
    "limit is a fraction": (GOOD_JOB | {"limit": 1.5}, ["body", "limit"], "type_error"),
    "no_watermark is 1": (GOOD_JOB | {"no_watermark": 1}, ["body", "no_watermark"], "type_error"),
    "no_watermark is text": (GOOD_JOB | {"no_watermark": "yes"}, ["body", "no_watermark"], "type_error"),
    "since is no date": (GOOD_JOB | {"since": "yesterday"}, ["body", "since"], "type_error"),
    "since is a number": (GOOD_JOB | {"since": 5}, ["body", "since"], "type_error"),
    "until is before since": (
        GOOD_JOB | {"since": "2025-01-01", "until": "2024-01-01"}, ["body", "until"], "value_error",
    ),
    "unknown field": (GOOD_JOB | {"client_id": "cl_other"}, ["body", "client_id"], "value_error.extra"),
    "a status of its own": (GOOD_JOB | {"status": "completed"}, ["body", "status"], "value_error.extra"),
}  # fmt: skip
"""What is wrong → the body, where the answer says it is, and of which type."""

GOOD_SCHEDULE: dict[str, Any] = {
    "name": "Daily Scrape - @khaby.lame", "mode": "profile", "value": "khaby.lame", "limit": 50, "no_watermark": True,
    "interval_minutes": 1440, "enabled": True,
}  # fmt: skip
BAD_SCHEDULES: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": None}, "name"),
    "an empty name": ({"name": ""}, "name"),
    "a long name": ({"name": "x" * 256}, "name"),
    "unknown mode": ({"mode": "sound"}, "mode"),
    "value names nothing": ({"value": "no name!"}, "value"),
    "limit is 0": ({"limit": 0}, "limit"),
    "limit is 201": ({"limit": 201}, "limit"),
    "interval is 4": ({"interval_minutes": 4}, "interval_minutes"),
    "interval is a fraction": ({"interval_minutes": 5.5}, "interval_minutes"),
    "interval is endless": ({"interval_minutes": 10**9}, "interval_minutes"),
    "enabled is text": ({"enabled": "yes"}, "enabled"),
    "enabled is 0": ({"enabled": 0}, "enabled"),
    "unknown field": ({"client_id": "cl_other"}, "client_id"),
    "runs of its own": ({"total_runs": 5}, "total_runs"),
}
"""What is wrong → what differs from a good one, and the field that the answer names."""
