"""Examples for the documentation."""

from __future__ import annotations

from typing import Any

_REQUEST_ID = "fe99c57d-bd8a-4e04-b53a-f6e46654207b"
_PROFILE: dict[str, Any] = {
    "user": {
        "id": "6784819479778378757",
        "username": "khaby.lame",
        "display_name": "Khabane lame",
        "verified": True,
        "created_at": "2020-01-30 10:11:12",
        "scraped_at": "2026-01-31 12:00:00",
    },
    "stats": {
        "followers": 162345678,
        "following": 80,
        "total_likes": 2600000000,
        "total_videos": 1290,
        "likes_given": None,
        "exact": ["followers", "following", "total_likes", "total_videos"],
    },
}
_RESULT = {"username": "@khaby.lame", "status": "success", "data": _PROFILE, "_from_cache": True}
_NOT_FOUND = {
    "username": "@nobody.here",
    "status": "error",
    "code": "NOT_FOUND",
    "message": "TikTok knows no such user",
    "data": None,
    "_from_cache": False,
}
_NUMBERS: dict[str, Any] = {
    "request_id": _REQUEST_ID,
    "total_username": 2,
    "total_process": 0,
    "total_success": 0,
    "total_error": 0,
    "process_percentage": 0,
    "process_status": "pending",
    "state": "pending",
    "reason": None,
    "created_at": "2026-01-31 12:00:00",
}
_DONE = {
    **_NUMBERS,
    "total_process": 2,
    "total_success": 1,
    "total_error": 1,
    "process_percentage": 100,
    "process_status": "done",
    "state": "completed",
}

REQUESTS = {
    "instant": {
        "value": {"request": {"process": {"type": "instant"}}, "usernames": ["@khaby.lame"]},
    },
    "callback": {
        "value": {
            "request": {
                "process": {
                    "type": "callback",
                    "callback": {"url": "https://your-api.example/webhooks/tiktok"},
                }
            },
            "usernames": ["@khaby.lame", "@nobody.here"],
        },
    },
}
ANSWERS = {
    "instant": {
        "value": {"status": "success", "message": "TikTok Profiles processed", "data": [_RESULT]},
    },
    "callback": {
        "value": {"status": "success", "message": "TikTok Profiles processing queued", "data": _NUMBERS},
    },
}
STATUS = {
    "status": "success",
    "message": "TikTok Request status retrieved",
    "data": {**_DONE, "result": [_RESULT, _NOT_FOUND]},
}
