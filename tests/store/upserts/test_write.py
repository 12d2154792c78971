"""What goes in comes out, the same on both databases."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine

from store.engine import open_engine
from store.errors import SchemaOutdated
from store.models import Base, CommentRow, HashtagRow, RejectRow, SoundRow, UserRow, VideoHashtagRow, VideoRow
from store.rejects import Reject
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
from tiktok.items import Hashtag, Item, Rendition, Sound, User, Video, VideoKind

FULL: list[tuple[Item, type[Base]]] = [
    (make_video(), VideoRow),
    (make_user(), UserRow),
    (make_sound(), SoundRow),
    (make_hashtag(), HashtagRow),
    (make_comment(), CommentRow),
]


@pytest.mark.parametrize(("item", "model"), FULL, ids=lambda value: getattr(value, "type", ""))
def test_every_field_comes_back_as_it_went_in(engine: Engine, item: Item, model: type[Base]) -> None:
    written = write(engine, [item])

    row = read_row(engine, model)
    assert {name: row[name] for name in asdict(item)} == asdict(item)
    assert row["first_seen_at"] == row["changed_at"] == NOON
    assert written.by_type == {item.type: Counts(new=1)}


@pytest.mark.parametrize("item_type", [Video, User, Sound])
def test_an_item_needs_only_its_key(engine: Engine, item_type: type[Any]) -> None:
    written = write(engine, [item_type(id="5")], now=NOON)

    assert written.by_type[item_type.type] == Counts(new=1)


def test_what_the_payload_did_not_say_is_null_not_zero(engine: Engine) -> None:
    write(engine, [Video(id="5")], now=NOON)

    row = read_row(engine, VideoRow)
    told = {name for name, value in row.items() if value is not None}
    assert told == {"id", "kind", "exact_counters", "scraped_at", "first_seen_at", "changed_at"}


def test_the_same_batch_makes_the_same_rows_on_both_databases(
    sqlite_engine: Engine, mysql_engine: Engine
) -> None:
    batches: list[list[Item]] = [
        [item for item, _ in FULL],
        [replace(item, scraped_at=LATER) for item, _ in FULL],
        [make_video(views=200_000, hashtags=["new"], scraped_at=LATER + timedelta(seconds=1))],
    ]

    for batch in batches:
        results = [write(engine, batch) for engine in (sqlite_engine, mysql_engine)]
        assert results[0] == results[1]

    tables = [mapper.class_ for mapper in Base.registry.mappers]
    assert [read_rows(sqlite_engine, table) for table in tables] == [
        read_rows(mysql_engine, table) for table in tables
    ]


def test_unknown_never_overwrites_known(engine: Engine) -> None:
    write(engine, [make_user(), make_video()])

    write(
        engine,
        [
            User(id=make_user().id, scraped_at=LATER),
            Video(id=make_video().id, kind=VideoKind.PHOTO, scraped_at=LATER),
        ],
    )

    user, video = read_row(engine, UserRow), read_row(engine, VideoRow)
    assert (user["bio"], user["followers"], user["exact_counters"]) == (
        make_user().bio, 783_427, make_user().exact_counters,
    )  # fmt: skip
    assert video["renditions"] == [asdict(rendition) for rendition in make_video().renditions]
    assert (video["hashtags"], video["mentions"]) == (["coffee", "شاي"], ["tom"])


@pytest.mark.parametrize("kind", [VideoKind.PHOTO, VideoKind.STORY])
def test_a_source_that_does_not_tell_the_kind_of_a_post_does_not_change_it(
    engine: Engine, kind: VideoKind
) -> None:
    write(engine, [make_video(id="1", kind=kind), make_video(id="2", kind=VideoKind.VIDEO)])

    write(engine, [Video(id="1", scraped_at=LATER), make_video(id="2", kind=kind, scraped_at=LATER)])

    assert [row["kind"] for row in read_rows(engine, VideoRow)] == [kind, kind]


def test_an_emptied_bio_is_known_to_be_empty(engine: Engine) -> None:
    write(engine, [make_user()])

    write(engine, [make_user(bio="", scraped_at=LATER)])

    assert read_row(engine, UserRow)["bio"] == ""


def test_fresh_links_are_kept_without_counting_as_a_change(engine: Engine) -> None:
    write(engine, [make_video()])
    fresh = [Rendition(urls=["https://cdn.example/v?fresh"])]

    written = write(
        engine, [make_video(renditions=fresh, cover_url="https://cdn.example/c?fresh", scraped_at=LATER)]
    )

    row = read_row(engine, VideoRow)
    assert written.by_type["video"] == Counts(unchanged=1)
    assert (row["renditions"], row["cover_url"]) == ([asdict(fresh[0])], "https://cdn.example/c?fresh")
    assert (row["scraped_at"], row["changed_at"], row["first_seen_at"]) == (LATER, NOON, NOON)


def test_a_change_is_counted_and_dated(engine: Engine) -> None:
    write(engine, [make_comment(), make_comment(id="9", likes=1)])

    written = write(
        engine, [make_comment(likes=4, scraped_at=LATER), make_comment(id="9", likes=1, scraped_at=LATER)]
    )

    changed_at = {row["id"]: row["changed_at"] for row in read_rows(engine, CommentRow)}
    assert written.by_type["comment"] == Counts(changed=1, unchanged=1)
    assert changed_at == {make_comment().id: LATER, "9": NOON}


def test_an_unchanged_row_without_links_still_tells_when_it_was_last_seen(engine: Engine) -> None:
    hashtag = make_hashtag(cover_url=None)
    write(engine, [hashtag, Hashtag(name="other", scraped_at=NOON)])

    written = write(engine, [replace(hashtag, scraped_at=LATER)])

    seen = {row["name"]: row["scraped_at"] for row in read_rows(engine, HashtagRow)}
    assert written.by_type["hashtag"] == Counts(unchanged=1)
    assert seen == {"شاي": LATER, "other": NOON}


def test_an_older_sight_fills_holes_but_overwrites_nothing(engine: Engine) -> None:
    write(engine, [make_user(bio="new", region=None, avatar_url="https://cdn.example/new")])

    late = make_user(
        bio="old", region="DE", avatar_url="https://cdn.example/old", followers=5, scraped_at=EARLIER
    )
    written = write(engine, [late])

    row = read_row(engine, UserRow)
    assert (row["bio"], row["region"], row["followers"]) == ("new", "DE", 783_427)
    assert (row["avatar_url"], row["scraped_at"]) == ("https://cdn.example/new", NOON)
    assert written.by_type["user"] == Counts(changed=1)


def test_an_older_sight_without_news_writes_nothing(engine: Engine) -> None:
    write(engine, [make_user()])
    before = read_row(engine, UserRow)

    written = write(engine, [make_user(bio="old", avatar_url="https://cdn.example/old", scraped_at=EARLIER)])

    assert written.by_type["user"] == Counts(unchanged=1)
    assert read_row(engine, UserRow) == before


def test_one_batch_may_tell_of_one_thing_many_times(engine: Engine) -> None:
    partial = [
        User(id="7", display_name=f"name {n}", scraped_at=NOON + timedelta(seconds=n)) for n in range(30)
    ]
    full = make_user(id="7", display_name="before them", scraped_at=EARLIER)

    written = write(engine, [*partial[15:], full, *partial[:15]])

    row = read_row(engine, UserRow)
    assert written.by_type["user"] == Counts(new=1)
    assert (row["display_name"], row["bio"]) == ("name 29", full.bio)


def test_hashtags_find_their_posts_and_follow_the_caption(engine: Engine) -> None:
    write(engine, [make_video(id="1", hashtags=["a", "b"]), make_video(id="2", hashtags=["b"])])

    write(engine, [make_video(id="1", hashtags=["b", "c"], scraped_at=LATER)])

    found = [(row["hashtag"], row["video_id"]) for row in read_rows(engine, VideoHashtagRow)]
    assert found == [("b", "1"), ("b", "2"), ("c", "1")]


def test_hashtags_differ_by_case_accent_and_script(engine: Engine) -> None:
    names = ["fun", "fün", "Fun", "ｆｕｎ", "fun\u0301", "ß", "ss"]

    written = write(engine, [Hashtag(name=name) for name in names])

    assert written.by_type["hashtag"] == Counts(new=len(names))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("👩‍🚀🇦🇹 𝒯", "👩‍🚀🇦🇹 𝒯"),
        ("\u0645\u0631\u062d \u200f\u05e9\u05dc", "\u0645\u0631\u062d \u200f\u05e9\u05dc"),
        ("cut \ud83d", "cut \ufffd"),
        ("\ude00 cut", "\ufffd cut"),
        ("pair \ud83d\ude00", "pair 😀"),
        ("byte \udcff", "byte \ufffd"),
        ("nul \x00 end", "nul \x00 end"),
        ("'; DROP TABLE videos; -- \\ %s {} :x ?", "'; DROP TABLE videos; -- \\ %s {} :x ?"),
    ],
)
def test_any_text_survives_or_is_mended(engine: Engine, text: str, stored: str) -> None:
    write(engine, [make_video(description=text, mentions=[text], renditions=[Rendition(urls=[text])])])

    row = read_row(engine, VideoRow)
    assert row["description"] == stored
    assert row["mentions"] == [stored]
    assert row["renditions"][0]["urls"] == [stored]


def test_a_mended_text_does_not_change_again(engine: Engine) -> None:
    write(engine, [make_video(description="cut \ud83d", mentions=["cut \ud83d"])])

    written = write(engine, [make_video(description="cut \ud83d", mentions=["cut \ud83d"], scraped_at=LATER)])

    assert written.by_type["video"] == Counts(unchanged=1)


def test_counts_beyond_32_and_up_to_63_bits_survive(engine: Engine) -> None:
    write(engine, [make_video(views=2**31, likes=2**33 + 1, saves=2**63 - 1)])

    row = read_row(engine, VideoRow)
    assert (row["views"], row["likes"], row["saves"]) == (2**31, 2**33 + 1, 2**63 - 1)


def test_moments_keep_their_microseconds_and_become_utc(engine: Engine) -> None:
    cet = datetime(2026, 3, 1, 1, 30, 0, 123_456, tzinfo=timezone(timedelta(hours=1)))

    write(engine, [make_comment(created_at=cet)])

    assert read_row(engine, CommentRow)["created_at"] == datetime(2026, 3, 1, 0, 30, 0, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("misfit", "reason"),
    [
        (make_video(id="not a number"), "id: "),
        (make_video(id=str(2**63)), "id: "),
        (make_video(sound_id="-1"), "sound_id: "),
        (make_video(views=2**63), "views: "),
        (make_video(width=2**31), "width: "),
        (make_video(duration=float("nan")), "duration: "),
        (make_video(username="x" * 65), "username: 65 characters, at most 64 fit"),
        (make_video(created_at=datetime(2026, 1, 1)), "created_at: "),  # noqa: DTZ001  # that's the point
        (Hashtag(name="x" * 256), "name: 256 characters"),
        (Hashtag(name="trailing "), "name: "),
    ],
)
def test_what_no_column_holds_is_set_aside_and_spares_its_batch(
    engine: Engine, misfit: Item, reason: str
) -> None:
    written = write(engine, [make_user(), misfit, make_sound()], now=NOON)

    reject = read_row(engine, RejectRow)
    assert (written.rejected, set(written.by_type)) == (1, {"user", "sound"})
    assert reject["reason"].startswith(reason)
    assert (reject["item_type"], reject["key"]) == (misfit.type, misfit.key)


def test_rejects_are_kept_with_their_payload(engine: Engine) -> None:
    broken = make_video(description="cut \ud83d", views=2**70, duration=float("inf"))

    written = write(
        engine, [], [], [Reject.of(broken, "views: \ud83d"), Reject.of(broken, "again")], now=LATER
    )

    first, second = read_rows(engine, RejectRow)
    assert written.rejected == 2
    assert (first["reason"], second["reason"], first["at"]) == ("views: \ufffd", "again", NOON)
    assert first["payload"]["description"] == "cut \ufffd"
    assert first["payload"]["views"] == 2**70
    assert first["payload"]["created_at"] == "2026-02-28 09:30:01+00:00"


def test_nothing_to_write_is_no_trouble(engine: Engine) -> None:
    assert write(engine, []).by_type == {}


def test_a_database_without_tables_is_said_so(tmp_path: Any) -> None:
    bare = open_engine(f"sqlite:///{tmp_path / 'bare.db'}")

    with pytest.raises(SchemaOutdated, match="alembic upgrade head"):
        write(bare, [make_video()])

    bare.dispose()


def test_thousands_of_keys_in_one_batch_are_looked_up_in_parts(engine: Engine) -> None:
    videos = [Video(id=str(number), views=number, scraped_at=NOON) for number in range(1, 2_502)]
    write(engine, videos)

    written = write(engine, [replace(video, views=video.views, scraped_at=LATER) for video in videos])

    assert written.by_type["video"] == Counts(unchanged=2_501)
    assert {row["scraped_at"] for row in read_rows(engine, VideoRow)} == {LATER}
