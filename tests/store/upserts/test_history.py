"""A row of history exactly when a counter's value changed; rounding is not a change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from store.models import (
    HashtagHistoryRow,
    SoundHistoryRow,
    UserHistoryRow,
    UserRow,
    VideoHistoryRow,
    VideoRow,
)
from store.upserts import Counts, write
from tests.store.factories import (
    EARLIER,
    LATER,
    NOON,
    make_comment,
    make_hashtag,
    make_sound,
    make_user,
    make_video,
    read_row,
    read_rows,
)

MUCH_LATER = LATER + timedelta(days=1)


def test_first_sight_is_recorded_with_all_counters(engine: Engine) -> None:
    write(engine, [make_video()])

    row = read_row(engine, VideoHistoryRow)
    assert (row["video_id"], row["recorded_at"]) == (make_video().id, NOON)
    assert (row["views"], row["likes"], row["reposts"]) == (105_200, 9_000, 0)
    assert row["exact_counters"] == make_video().exact_counters


def test_all_counted_things_have_history_and_comments_have_none(engine: Engine) -> None:
    write(engine, [make_user(), make_sound(), make_hashtag(), make_comment()])

    assert read_row(engine, UserHistoryRow)["followers"] == 783_427
    assert read_row(engine, SoundHistoryRow)["total_videos"] == 1_200_000
    assert read_row(engine, HashtagHistoryRow)["hashtag"] == "شاي"


def test_a_thing_without_counters_starts_no_history(engine: Engine) -> None:
    write(engine, [make_sound(total_videos=None)])

    assert read_rows(engine, SoundHistoryRow) == []


def test_each_change_adds_a_row_and_no_change_adds_none(engine: Engine) -> None:
    for hour, views in enumerate((100, 100, 150, 150, 120)):
        write(
            engine, [make_video(views=views, description=str(hour), scraped_at=NOON + timedelta(hours=hour))]
        )

    history = [(row["recorded_at"], row["views"]) for row in read_rows(engine, VideoHistoryRow)]
    assert history == [
        (NOON, 100),
        (NOON + timedelta(hours=2), 150),
        (NOON + timedelta(hours=4), 120),
    ]


def test_a_counter_that_was_not_told_stays_as_it_was(engine: Engine) -> None:
    write(engine, [make_video()])

    write(engine, [make_video(views=106_000, saves=None, exact_counters=frozenset(), scraped_at=LATER)])

    last = read_rows(engine, VideoHistoryRow)[-1]
    assert (last["views"], last["saves"]) == (106_000, 124_842)
    assert "saves" in last["exact_counters"]


@pytest.mark.parametrize(
    ("rounded", "value", "is_exact"),
    [
        (783_400, 783_427, True),  # what the list shows of it
        (783_500, 783_500, False),  # it has grown
        (783_427, 783_427, True),  # the same, by luck
    ],
)
def test_a_rounded_counter_does_not_replace_the_exact_one_it_stands_for(
    engine: Engine, rounded: int, value: int, is_exact: bool
) -> None:
    write(engine, [make_user(followers=783_427)])

    write(engine, [make_user(followers=rounded, exact_counters=frozenset(), scraped_at=LATER)])

    row = read_row(engine, UserRow)
    assert row["followers"] == value
    assert ("followers" in row["exact_counters"]) is is_exact
    assert len(read_rows(engine, UserHistoryRow)) == (1 if value == 783_427 else 2)


def test_an_exact_counter_replaces_its_rounded_self(engine: Engine) -> None:
    write(engine, [make_user(followers=783_400, exact_counters=frozenset())])

    write(engine, [make_user(followers=783_427, scraped_at=LATER)])

    history = read_rows(engine, UserHistoryRow)
    assert [row["followers"] for row in history] == [783_400, 783_427]
    assert ["followers" in row["exact_counters"] for row in history] == [False, True]


def test_learning_that_a_value_is_exact_is_a_change_but_not_growth(engine: Engine) -> None:
    write(engine, [make_user(followers=783_400, exact_counters=frozenset())])

    written = write(engine, [make_user(followers=783_400, scraped_at=LATER)])

    assert written.by_type["user"] == Counts(changed=1)
    assert "followers" in read_row(engine, UserRow)["exact_counters"]
    assert len(read_rows(engine, UserHistoryRow)) == 1


def test_an_older_sight_leaves_history_alone(engine: Engine) -> None:
    write(engine, [make_video(views=200)])

    write(engine, [make_video(views=100, scraped_at=EARLIER)])

    assert [row["views"] for row in read_rows(engine, VideoHistoryRow)] == [200]


def test_an_older_exact_value_refines_a_newer_rounded_one(engine: Engine) -> None:
    write(engine, [make_user(followers=783_400, exact_counters=frozenset(), scraped_at=LATER)])

    write(engine, [make_user(followers=783_427, scraped_at=NOON)])

    assert read_row(engine, UserRow)["followers"] == 783_427
    assert [row["followers"] for row in read_rows(engine, UserHistoryRow)] == [783_427]


def test_one_batch_makes_at_most_one_row_per_thing(engine: Engine) -> None:
    write(engine, [make_video(views=100), make_video(views=150, scraped_at=LATER)])

    assert [(row["recorded_at"], row["views"]) for row in read_rows(engine, VideoHistoryRow)] == [
        (LATER, 150)
    ]
    assert read_row(engine, VideoRow)["views"] == 150


def test_growth_goes_on_after_years(engine: Engine) -> None:
    write(engine, [make_video(views=2**31 - 1)])

    write(engine, [make_video(views=2**31 + 5, scraped_at=MUCH_LATER)])

    assert [row["views"] for row in read_rows(engine, VideoHistoryRow)] == [2**31 - 1, 2**31 + 5]
