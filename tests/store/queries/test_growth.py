"""How a post's counters grew."""

from __future__ import annotations

from sqlalchemy import Engine

from store.queries.growth import Growth, video_growth
from store.upserts import write
from tests.store.factories import LATER, NOON, make_video
from tiktok.items import Video


def test_growth_is_told_from_the_oldest_on(engine: Engine) -> None:
    write(engine, [make_video(id="1", views=100), make_video(id="2", views=1)])
    write(engine, [make_video(id="1", views=150, scraped_at=LATER)])

    growth = video_growth(engine, "1")

    assert [(record.recorded_at, record.counters["views"]) for record in growth] == [
        (NOON, 100),
        (LATER, 150),
    ]
    assert growth[0].exact_counters == make_video().exact_counters


def test_a_counter_nobody_told_of_is_none(engine: Engine) -> None:
    write(engine, [Video(id="1", views=5, scraped_at=NOON)])

    counters = dict.fromkeys(Video.counters, None) | {"views": 5}
    assert video_growth(engine, "1") == [Growth(NOON, counters, frozenset())]


def test_an_unknown_post_has_no_growth(engine: Engine) -> None:
    assert video_growth(engine, "404") == []
