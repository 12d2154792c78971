"""Examples for the documentation, one per answer; a test holds each against its schema."""

from __future__ import annotations

from typing import Any

CURSOR = "m1hXb3JkIG9mIG5vYm9keVsxLFsiaXMiLDEwMDAwMF1d"
NEW_JOB: dict[str, Any] = {
    "url": "https://www.tiktok.com/@khaby.lame",
    "type": "user",
    "options": {"max_videos": 100, "include_comments": True},
}
CREATED_JOB: dict[str, Any] = {
    "job_id": 123,
    "status": "pending",
    "message": "Scraping job created successfully",
}
JOB: dict[str, Any] = {
    "id": 123,
    "uuid": "0b4f8f5e-6f0c-4c0e-9a53-2f1d7c0c9e11",
    "url": "https://www.tiktok.com/@khaby.lame",
    "type": "user",
    "status": "running",
    "state": "running",
    "progress": 45,
    "created_at": "2026-01-31T10:00:00Z",
    "started_at": "2026-01-31T10:00:02Z",
    "completed_at": None,
    "error": None,
    "videos_scraped": 45,
    "total_videos": 100,
    "options": {"max_videos": 100, "include_comments": True},
}
VIDEO: dict[str, Any] = {
    "id": "7106594312292453675",
    "url": "https://www.tiktok.com/@khaby.lame/video/7106594312292453675",
    "description": "A door that opens the other way #funny",
    "created_at": "2026-01-30T15:30:00Z",
    "views": 100000,
    "likes": 5000,
    "shares": 500,
    "comments": 200,
    "comments_count": 200,
    "saves": 310,
    "duration": 21.5,
    "hashtags": ["#funny"],
    "user_id": "127905465618821121",
    "music_id": "7106594000000000001",
    "music": {"id": "7106594000000000001", "title": "original sound", "author": "Khabane lame"},
    "user": {
        "id": "127905465618821121",
        "username": "khaby.lame",
        "display_name": "Khabane lame",
        "followers": 160000000,
    },
    "scraped_at": "2026-01-31T10:00:05Z",
}
USER: dict[str, Any] = {
    "id": "127905465618821121",
    "username": "khaby.lame",
    "display_name": "Khabane lame",
    "bio": "If u wanna laugh u r in the right place",
    "avatar_url": "https://p16-sign.example/avatar.jpeg",
    "followers": 160000000,
    "following": 80,
    "total_likes": 2500000000,
    "total_videos": 1300,
    "verified": True,
    "created_at": "2016-08-10T15:12:00Z",
    "scraped_at": "2026-01-31T10:00:05Z",
}
OVERVIEW: dict[str, Any] = {
    "total_videos": 5000,
    "total_users": 50,
    "total_views": 15000000,
    "total_likes": 500000,
    "avg_engagement_rate": 3.5,
    "date_range": {"start": "2026-01-01", "end": "2026-01-31"},
    "as_of": "2026-01-31T10:00:05Z",
}
TRENDS: dict[str, Any] = {
    "period": "day",
    "metric": "views",
    "data": [{"date": "2026-01-31", "value": 65000, "videos": 120}],
}
HEALTH: dict[str, Any] = {"status": "healthy", "timestamp": "2026-01-31T10:00:00Z"}


def page_of(name: str, one: dict[str, Any]) -> dict[str, Any]:
    """A page with one thing on it, of a list that goes on."""
    return {
        name: [one],
        "total": 500,
        "limit": 1,
        "offset": 0,
        "has_more": True,
        "next_cursor": CURSOR,
    }
