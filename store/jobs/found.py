"""Which posts a job found; written in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from store.models.jobs import JOB_VIDEOS
from store.upserts.rows import moment_text
from store.upserts.statements import insert_sql

COLUMNS = ("job_id", "video_id", "position", "found_at")


def note_videos(connection: Connection, job_id: int, videos: Mapping[str, int], now: datetime) -> None:
    """Note that a job found these posts, each under the target at its position; the first sight stays."""
    found_at = moment_text(now)
    rows = [(job_id, int(video), position, found_at) for video, position in videos.items()]
    if rows:
        sql = insert_sql(JOB_VIDEOS, COLUMNS, connection.dialect, ignore=True)
        connection.exec_driver_sql(sql, sorted(rows))


def found_videos(engine: Engine, job_id: int, after: str = "0", most: int = 500) -> Sequence[str]:
    """Read the ids of posts that a job found, the next ones behind an id."""
    wanted = (
        select(JOB_VIDEOS.c.video_id)
        .where(JOB_VIDEOS.c.job_id == job_id, JOB_VIDEOS.c.video_id > after)
        .order_by(JOB_VIDEOS.c.video_id)
        .limit(most)
    )
    with engine.connect() as connection:
        return connection.scalars(wanted).all()


def count_videos(engine: Engine, job_id: int) -> int:
    """How many posts a job found."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).where(JOB_VIDEOS.c.job_id == job_id)) or 0
