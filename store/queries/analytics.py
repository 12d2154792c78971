"""Sums over all posts, and how much their counters gained per day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, case, func, select, union_all

from store.models import VideoHistoryRow
from store.queries.memory import memory_of
from store.queries.users import USERS
from store.queries.videos import VIDEOS

HISTORY = VideoHistoryRow.__table__
METRICS = {"views": "views", "likes": "likes", "shares": "shares", "comments": "comments_count"}
"""Word of the reader → column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Sums over the posts of some time."""

    videos: int
    users: int
    views: int
    likes: int
    engagement_rate: float
    """Likes, shares and comments per hundred views, of the posts whose views are known."""
    first: datetime | None
    """Upload of the oldest post."""
    last: datetime | None
    at: datetime
    """When this was summed up: sums over very many posts are remembered for a while."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a counter gained on a day."""

    day: date
    value: int
    videos: int
    """Posts that were uploaded or read on that day."""


def read_overview(engine: Engine, since: datetime | None, until: datetime | None, now: datetime) -> Overview:
    """Sum up the posts uploaded from `since` on and before `until`.

    Without either all profiles count as users, else the authors of these posts.
    """
    key = ("overview", since, until)
    return memory_of(engine).recall(
        key, lambda: _sum_up(engine, since, until, now), lambda found: found.videos
    )


def read_gains(engine: Engine, metric: str, days: int, today: date, start: datetime) -> list[Gain]:
    """What a counter gained on each of the last days, days without anything included.

    Between two readings of a post it gained their difference; a post's first reading counts on the day of its upload.
    """
    key = ("gains", metric, days, today)
    return memory_of(engine).recall(
        key,
        lambda: _find_gains(engine, metric, days, today, start),
        lambda found: sum(gain.videos for gain in found),
    )


def _sum_up(engine: Engine, since: datetime | None, until: datetime | None, now: datetime) -> Overview:
    uploaded = _between(since, until)
    counters = (VIDEOS.c.likes, VIDEOS.c.shares, VIDEOS.c.comments_count)
    likes, shares, comments = (func.coalesce(counter, 0) for counter in counters)
    sums = select(
        func.count(),
        func.count(VIDEOS.c.user_id.distinct()),
        func.sum(VIDEOS.c.views),
        func.sum(VIDEOS.c.likes),
        func.sum(case((VIDEOS.c.views > 0, likes + shares + comments))),
        func.min(VIDEOS.c.created_at),
        func.max(VIDEOS.c.created_at),
    ).where(*uploaded)
    with engine.connect() as connection:
        videos, authors, views, liked, reacted, first, last = connection.execute(sums).one()
        users = authors if uploaded else connection.scalar(select(func.count()).select_from(USERS))
    return Overview(
        videos=videos,
        users=users or 0,
        views=int(views or 0),
        likes=int(liked or 0),
        engagement_rate=round(100 * int(reacted or 0) / int(views), 2) if views else 0.0,
        first=first,
        last=last,
        at=now,
    )


def _find_gains(engine: Engine, metric: str, days: int, today: date, start: datetime) -> list[Gain]:
    counter = HISTORY.c[METRICS[metric]]
    earlier = HISTORY.alias("earlier")
    before = (
        select(earlier.c[METRICS[metric]])
        .where(earlier.c.video_id == HISTORY.c.video_id, earlier.c.recorded_at < HISTORY.c.recorded_at)
        .order_by(earlier.c.recorded_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    first = (
        select(earlier.c[METRICS[metric]])
        .where(earlier.c.video_id == VIDEOS.c.id)
        .order_by(earlier.c.recorded_at)
        .limit(1)
        .scalar_subquery()
    )
    read = select(
        func.date(HISTORY.c.recorded_at).label("day"), HISTORY.c.video_id, (counter - before).label("gain")
    ).where(HISTORY.c.recorded_at >= start)
    uploaded = select(func.date(VIDEOS.c.created_at), VIDEOS.c.id, first).where(VIDEOS.c.created_at >= start)
    gains = union_all(read, uploaded).subquery()
    per_day = (
        select(gains.c.day, func.sum(gains.c.gain), func.count(gains.c.video_id.distinct()))
        .where(gains.c.gain.is_not(None))
        .group_by(gains.c.day)
    )
    with engine.connect() as connection:
        found = {str(day): (int(value), videos) for day, value, videos in connection.execute(per_day)}
    all_days = [today - timedelta(days=back) for back in reversed(range(days))]
    return [Gain(day, *found.get(day.isoformat(), (0, 0))) for day in all_days]


def _between(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [
        *([VIDEOS.c.created_at >= since] if since else []),
        *([VIDEOS.c.created_at < until] if until else []),
    ]
