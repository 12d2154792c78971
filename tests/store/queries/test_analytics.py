"""What counters gained per day, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from store.queries.analytics import Gain, read_gains
from store.upserts import write
from tests.store.factories import make_video

TODAY = datetime(2026, 3, 3, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def gains(engine: Engine, metric: str = "views", days: int = 3) -> list[tuple[int, int]]:
    start = TODAY - timedelta(days=days - 1)
    found = read_gains(engine, metric, days, TODAY.date(), start)
    assert [gain.day for gain in found] == [(start + timedelta(days=n)).date() for n in range(days)]
    return [(gain.value, gain.videos) for gain in found]


def see(engine: Engine, video: str, views: int | None, seen: datetime, created: datetime = LONG_AGO) -> None:
    post = make_video(id=video, views=views, likes=1, created_at=created, scraped_at=seen)
    write(engine, [post])


def test_between_two_readings_a_post_gained_their_difference(engine: Engine) -> None:
    see(engine, "1", 100, at(1))
    see(engine, "1", 130, at(2))
    see(engine, "1", 170, at(2, 20))
    see(engine, "1", 175, at(3))

    assert gains(engine) == [(0, 0), (70, 1), (5, 1)]


def test_the_last_reading_before_the_time_is_where_growth_begins(engine: Engine) -> None:
    see(engine, "1", 100, datetime(2026, 2, 1, tzinfo=UTC))
    see(engine, "1", 160, at(3))

    assert gains(engine) == [(0, 0), (0, 0), (60, 1)]


def test_a_first_reading_counts_on_the_day_of_the_upload(engine: Engine) -> None:
    see(engine, "1", 50, at(3), created=at(2))
    see(engine, "2", 1000, at(3))

    assert gains(engine) == [(0, 0), (50, 1), (0, 0)]


def test_posts_add_up_and_each_counts_once_a_day(engine: Engine) -> None:
    for video in ("1", "2"):
        see(engine, video, 100, at(3, 1), created=at(3, 0))
        see(engine, video, 110, at(3, 2), created=at(3, 0))

    assert gains(engine) == [(0, 0), (0, 0), (220, 2)]


def test_what_nobody_told_is_no_growth(engine: Engine) -> None:
    see(engine, "1", None, at(2), created=at(2))
    see(engine, "1", 40, at(3), created=at(2))

    assert gains(engine) == [(0, 0), (0, 0), (0, 0)]
    assert gains(engine, "likes") == [(0, 0), (1, 1), (0, 1)]


def test_a_day_is_a_gain(engine: Engine) -> None:
    assert read_gains(engine, "shares", 1, TODAY.date(), TODAY) == [Gain(TODAY.date(), 0, 0)]
