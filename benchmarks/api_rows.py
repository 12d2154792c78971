"""A database as big as the API has to serve: a million posts, their authors and sounds, and a client's jobs."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Engine

from store.engine import writing
from store.jobs.creation import JobRequest, create_job
from store.jobs.found import note_videos
from store.jobs.kinds import KINDS
from store.models import Base
from store.upserts.rows import moment_text
from store.upserts.statements import insert_sql
from tiktok.items import display_round

NEWEST = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 2_000
UNKNOWN = 0.02
"""Share of posts whose counters nobody told."""
VIDEO = 7_000_000_000_000_000_000
USER = 6_800_000_000_000_000_000
SOUND = 6_900_000_000_000_000_000
SEEN = moment_text(NEWEST)


def fill(engine: Engine, posts: int) -> None:
    """Fill fresh tables with what was crawled."""
    users, sounds = max(posts // 50, 1), max(posts // 400, 1)
    _insert(engine, "users", _users(users))
    _insert(engine, "sounds", _sounds(sounds))
    _insert(engine, "videos", _videos(posts, users, sounds))
    _insert(engine, "video_history", _history(posts))


def make_jobs(engine: Engine, client_id: str, count: int = 200) -> None:
    """Give a client jobs that found a hundred posts each."""
    for number in range(count):
        _make_job(engine, client_id, number)


def video_id(number: int) -> int:
    return VIDEO + number * 7_919


def _videos(count: int, users: int, sounds: int) -> Iterator[dict[str, Any]]:
    """Posts, the oldest first, as ids grow: views from a few hundred to millions, rounded as TikTok shows them."""
    dice = random.Random(7)  # noqa: S311  # a seeded population, no cryptography
    rendition = {
        "urls": ["https://v16.example/" + "x" * 180] * 3,
        "codec": "h264",
        "width": 576,
        "height": 1024,
    }
    for number in range(count):
        user, sound = dice.randrange(users), dice.randrange(sounds)
        views = display_round(int(math.exp(dice.uniform(3, 16)))) if dice.random() > UNKNOWN else None
        yield {
            "id": video_id(number),
            "kind": "video",
            "url": f"https://www.tiktok.com/@someone.{user}/video/{video_id(number)}",
            "description": "waiting for the bus again 😀 شمس " * 3 + str(number),
            "created_at": moment_text(NEWEST - timedelta(minutes=count - number)),
            "user_id": USER + user,
            "username": f"someone.{user}",
            "display_name": f"Someone {user}",
            "sound_id": SOUND + sound,
            "sound_title": "original sound",
            "hashtags": '["fyp", "bus", "sun"]',
            "views": views,
            "likes": views and views // dice.randrange(8, 20),
            "shares": views and views // 200,
            "comments_count": views and views // 90,
            "saves": views and views // 100,
            "exact_counters": 0,
            "duration": 31.0,
            "cover_url": "https://p16.example/" + "x" * 200,
            "renditions": orjson.dumps([rendition]).decode(),
            "route": "list",
            "scraped_at": SEEN,
            "first_seen_at": SEEN,
            "changed_at": SEEN,
        }


def _users(count: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(11)  # noqa: S311  # as above
    for number in range(count):
        followers = int(math.exp(dice.uniform(3, 16))) if dice.random() > UNKNOWN else None
        yield {
            "id": USER + number,
            "username": f"someone.{number}",
            "display_name": f"Someone {number}",
            "bio": "waiting for the bus",
            "avatar_url": "https://p16.example/" + "x" * 100,
            "followers": followers,
            "following": 120,
            "total_likes": followers,
            "total_videos": 50,
            "exact_counters": 0,
            "scraped_at": SEEN,
            "first_seen_at": SEEN,
            "changed_at": SEEN,
        }


def _sounds(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "id": SOUND + number,
            "title": f"original sound {number}",
            "author": "somebody",
            "exact_counters": 0,
            "scraped_at": SEEN,
            "first_seen_at": SEEN,
            "changed_at": SEEN,
        }


def _history(count: int) -> Iterator[dict[str, Any]]:
    """A reading of each post, on the days before the newest."""
    for number in range(count):
        yield {
            "video_id": video_id(number),
            "recorded_at": moment_text(NEWEST - timedelta(seconds=number * 7 % (90 * 86_400))),
            "views": number,
            "likes": number // 10,
            "exact_counters": 0,
        }


def _insert(engine: Engine, name: str, rows: Iterator[dict[str, Any]]) -> None:
    table = Base.metadata.tables[name]
    while batch := list(islice(rows, BATCH)):
        sql = insert_sql(table, tuple(batch[0]), engine.dialect)
        with writing(engine).begin() as connection:
            connection.exec_driver_sql(sql, [tuple(row.values()) for row in batch])


def _make_job(engine: Engine, client_id: str, number: int) -> None:
    kind = KINDS["profile"]
    url = f"https://www.tiktok.com/@someone.{number}"
    request = JobRequest(
        kind=kind.name,
        client_id=client_id,
        options={"url": url, "type": "user", "options": {"max_videos": 100}},
        parameters={"limit": 100},
    )
    job = create_job(engine, request, list(kind.read_targets([url], now=NEWEST)), NEWEST)
    with writing(engine).begin() as connection:
        note_videos(connection, job.id, {str(video_id(n)): 1 for n in range(number, number + 100)}, NEWEST)
