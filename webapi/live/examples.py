"""Examples for the documentation."""

from __future__ import annotations

from typing import Any

_FOUND: dict[str, Any] = {
    "source": "page",
    "fetched_at": "2026-01-31T12:00:00Z",
    "cached": True,
    "cached_at": "2026-01-31T12:00:00Z",
    "stale": False,
    "stale_reason": None,
}
_LISTED: dict[str, Any] = {
    **_FOUND,
    "source": "list",
    "outcome": "ok",
    "count": 1,
    "complete": False,
    "truncated": None,
    "declared": 1290,
    "cursor": "1769853600000",
}
_USER: dict[str, Any] = {
    "type": "user",
    "id": "6784819479778378757",
    "username": "khaby.lame",
    "display_name": "Khabane lame",
    "followers": 162345678,
    "total_videos": 1290,
    "verified": True,
}
_VIDEO: dict[str, Any] = {
    "type": "video",
    "id": "7106594312292453675",
    "kind": "video",
    "url": "https://www.tiktok.com/@khaby.lame/video/7106594312292453675",
    "description": "A door that opens the other way #funny",
    "created_at": "2022-06-07T20:15:27Z",
    "username": "khaby.lame",
    "hashtags": ["funny"],
    "views": 105200000,
    "likes": 9000000,
    "duration": 12.3,
}
_COMMENT: dict[str, Any] = {
    "type": "comment",
    "id": "7106594312292453999",
    "video_id": "7106594312292453675",
    "text": "So true",
    "username": "maya",
    "likes": 12,
    "replies_count": 2,
}

USER = {"data": _USER, **_FOUND}
VIDEO = {"data": _VIDEO, **_FOUND}
HASHTAG = {"data": {"type": "hashtag", "id": "5424", "name": "funny", "views": 1400000000000}, **_FOUND}
SOUND = {
    "data": {"type": "sound", "id": "7016547803243022337", "title": "Walzer", "author": "Maya"},
    **_FOUND,
}
USERS = {"data": [_USER], **_LISTED}
VIDEOS = {"data": [_VIDEO], **_LISTED}
COMMENTS = {"data": [_COMMENT], **_LISTED}
PARSED = {
    "video_id": "7106594312292453675",
    "original_url": "https://vm.tiktok.com/ZMabc123/",
    "data": {
        "id": "7106594312292453675",
        "url": "https://www.tiktok.com/@khaby.lame/video/7106594312292453675",
        "username": "khaby.lame",
    },
}
PROXIES: dict[str, Any] = {
    "data": {
        "enabled": True,
        "required": True,
        "algorithm": "round-robin",
        "total": 10,
        "working": 9,
        "proxies": None,
    }
}
TOKEN_COUNTS: dict[str, Any] = {
    "data": {
        "total_tokens": 4,
        "healthy_tokens": 2,
        "resting_tokens": 1,
        "expired_tokens": 0,
        "unused_tokens": 1,
        "identities": {"ready": 2, "in_use": 1, "resting": 1, "expired": 0, "logged_in": 0},
    }
}
