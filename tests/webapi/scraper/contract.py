"""The document of this family as tables: endpoints, fields with their types, parameters with their bounds, codes."""

from __future__ import annotations

from typing import Any

from tests.webapi.checks import (
    Check,
    boolean,
    day,
    each,
    having,
    integer,
    mapping,
    moment,
    nullable,
    number,
    text,
)

PAGE: dict[str, Check] = {
    "total": integer, "limit": integer, "offset": integer, "has_more": boolean, "next_cursor": nullable(text),
}  # fmt: skip
JOB: dict[str, Check] = {
    "id": integer, "url": text, "type": text, "status": text, "progress": integer, "created_at": moment,
    "started_at": nullable(moment), "completed_at": nullable(moment), "error": nullable(text),
    "videos_scraped": integer, "total_videos": integer, "options": mapping,
}  # fmt: skip
AUTHOR: dict[str, Check] = {"id": text, "username": text, "display_name": text}
VIDEO: dict[str, Check] = {
    "id": text, "url": text, "description": text, "created_at": moment, "views": integer, "likes": integer,
    "shares": integer, "comments_count": integer, "hashtags": each(text), "user_id": text,
    "music_id": nullable(text), "scraped_at": moment,
}  # fmt: skip
USER: dict[str, Check] = {
    "id": text, "username": text, "display_name": text, "bio": text, "avatar_url": text, "followers": integer,
    "following": integer, "total_likes": integer, "total_videos": integer, "verified": boolean, "created_at": moment,
    "scraped_at": moment,
}  # fmt: skip

ENDPOINTS: dict[str, dict[str, Check]] = {
    "/health": {"status": lambda value: value == "healthy", "timestamp": moment},
    "/api/jobs": PAGE | {"jobs": each(having(**JOB))},
    "/api/jobs/{job}": JOB,
    "/api/videos": PAGE | {"videos": each(having(**VIDEO, comments=integer, user=having(**AUTHOR)))},
    "/api/videos/7400000000000000001": VIDEO
    | {
        "music": having(id=text, title=text, author=text),
        "user": having(**AUTHOR, followers=integer),
    },
    "/api/users": PAGE | {"users": each(having(**USER))},
    "/api/users/6800000000000000009": USER,
    "/api/users/maya": USER,
    "/api/analytics/overview": {
        "total_videos": integer, "total_users": integer, "total_views": integer, "total_likes": integer,
        "avg_engagement_rate": number, "date_range": having(start=day, end=day),
    },
    "/api/analytics/trends": {
        "period": text, "metric": text, "data": each(having(date=day, value=integer, videos=integer)),
    },
}  # fmt: skip
"""Path → fields of its answer."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "/api/jobs": {"limit": 50, "offset": 0},
    "/api/videos": {"limit": 50, "offset": 0},
    "/api/users": {"limit": 50, "offset": 0},
    "/api/analytics/trends": {"period": "week", "metric": "views"},
}
GOOD: dict[str, dict[str, list[Any]]] = {
    "/api/jobs": {
        "status": ["pending", "running", "completed", "failed"], "limit": [1, 50, 100, 1000], "offset": [0, 1, 10**12],
    },
    "/api/videos": {
        "user_id": ["6800000000000000009", "nobody"], "min_views": [0, 10**18], "min_likes": [0, 1],
        "sort": ["views", "likes", "created_at"], "order": ["asc", "desc"], "limit": [1, 100], "offset": [0, 99],
    },
    "/api/users": {
        "min_followers": [0, 1], "sort": ["followers", "videos", "username"], "order": ["asc", "desc"],
        "limit": [1, 50, 1000], "offset": [0, 99],
    },
    "/api/analytics/overview": {
        "start_date": ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+02:00"],
        "end_date": ["2026-12-31", "2026-12-31T23:59:59Z"],
    },
    "/api/analytics/trends": {
        "period": ["day", "week", "month"], "metric": ["views", "likes", "shares", "comments"],
    },
}  # fmt: skip
BAD: dict[str, dict[str, list[Any]]] = {
    "/api/jobs": {"status": ["paused", ""], "limit": [0, -1, 1001, "x", 1.5], "offset": [-1, "x", 10**30], "x": [1]},
    "/api/videos": {
        "min_views": [-1, "x", 10**30], "min_likes": ["x"], "sort": ["id", "views; DROP TABLE videos"],
        "order": ["up"], "limit": [0, 101, ""], "offset": [-1], "user_id": [""], "min_view": [1],
    },
    "/api/users": {"min_followers": [-1, "x"], "sort": ["id"], "order": ["up"], "limit": [0, 1001], "offset": [-1]},
    "/api/analytics/overview": {
        "start_date": ["yesterday", "", "2026-13-01", "0001-01-01T00:00:00+23:00"],
        "end_date": ["x", "9999-12-31"],
    },
    "/api/analytics/trends": {"period": ["year"], "metric": ["saves"]},
}  # fmt: skip

NOT_FOUND = (
    "/api/jobs/999999", "/api/jobs/x", "/api/jobs/-1", f"/api/jobs/{10**30}", "/api/videos/7400000000000000999",
    "/api/videos/x", f"/api/videos/{10**30}", "/api/users/nobody.here", "/api/users/1", "/api/users/%00",
    "/api/nothing", "/api/videos/%F0%9F%98%80",
)  # fmt: skip

MAYA = "https://www.tiktok.com/@maya"
BAD_JOBS: dict[str, tuple[Any, str]] = {
    "no body": ({}, "url"),
    "no object": ([], "Invalid input"),
    "url is no text": ({"url": 1}, "url"),
    "url is null": ({"url": None}, "url"),
    "url is empty": ({"url": ""}, "url"),
    "url is too long": ({"url": "https://www.tiktok.com/@" + "a" * 3000}, "url"),
    "url is a name": ({"url": "maya", "type": "user"}, "url"),
    "url is elsewhere": ({"url": "https://example.org/@maya", "type": "user"}, "user"),
    "url is inside": ({"url": "http://169.254.169.254/latest/meta-data"}, "url"),
    "url is a file": ({"url": "file:///etc/passwd"}, "url"),
    "url is the front page": ({"url": "https://www.tiktok.com/"}, "url"),
    "url of another type": ({"url": MAYA, "type": "video"}, "video"),
    "url of a sound": ({"url": "https://www.tiktok.com/music/x-6900000000000000003"}, "type"),
    "unknown type": ({"url": MAYA, "type": "sound"}, "type"),
    "options are no object": ({"url": MAYA, "options": []}, "options"),
    "max_videos is 0": ({"url": MAYA, "options": {"max_videos": 0}}, "options.max_videos"),
    "max_videos is no whole number": ({"url": MAYA, "options": {"max_videos": 1.5}}, "options.max_videos"),
    "max_videos is text": ({"url": MAYA, "options": {"max_videos": "many"}}, "options.max_videos"),
    "max_comments is 0": ({"url": MAYA, "options": {"max_comments": 0}}, "options.max_comments"),
    "include_comments is text": (
        {"url": MAYA, "options": {"include_comments": "yes"}},
        "options.include_comments",
    ),
    "include_comments is a number": (
        {"url": MAYA, "options": {"include_comments": 1}},
        "options.include_comments",
    ),
    "unknown option": ({"url": MAYA, "options": {"LOG_FILE": "/etc/passwd"}}, "options.LOG_FILE"),
    "unknown field": ({"url": MAYA, "client_id": "cl_other"}, "client_id"),
    "a state of its own": ({"url": MAYA, "status": "completed"}, "status"),
}
"""What is wrong → the body, and the field that the answer names."""
