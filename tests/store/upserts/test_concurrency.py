"""Several writers on one database: nobody fails, nothing is torn, nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text

from store.engine import open_engine
from store.errors import DatabaseBusy, DatabaseRefused, DatabaseUnreachable, SchemaOutdated
from store.listings import find_listing
from store.models import HashtagRow, UserRow, VideoHashtagRow, VideoHistoryRow, VideoRow
from store.transactions import in_transaction
from store.upserts import Counts, write
from tests.store.factories import LATER, NOON, make_hashtag, make_user, make_video, read_row, read_rows
from tiktok.items import Item, User
from tiktok.routes import Operation

ROOT = Path(__file__).parents[3]
WRITERS = 4

CRAWL = """
import sys
from datetime import UTC, datetime, timedelta
from store.engine import open_engine
from store.upserts import write
from tiktok.items import Rendition, Video
from tiktok.outcomes import Listing, ListState

engine = open_engine(sys.argv[1])
start = datetime(2026, 3, 1, tzinfo=UTC)
for page in range(1, 10_000):
    at = start + timedelta(seconds=page)
    videos = [
        Video(id=str(page * 100 + n), views=page, hashtags=[f"tag{n}"], scraped_at=at,
              renditions=[Rendition(urls=["https://cdn.example/" + "x" * 2_000])])
        for n in range(100)
    ]
    found = page * 100
    write(engine, videos, [Listing(operation="profile_videos", target="maya", state=ListState.RUNNING,
                                   cursor=str(page), found=found, at=at)])
    print(page, flush=True)
"""


def overlapping_batch(dice: random.Random, number: int) -> list[Item]:
    """Posts of a shared pool in any order, with the author and hashtag that everybody writes."""
    at = NOON + timedelta(seconds=number)
    videos = [
        make_video(id=str(n), views=number, hashtags=[f"t{n % 7}"], scraped_at=at)
        for n in dice.sample(range(1, 300), 150)
    ]
    users = [make_user(id=str(n), followers=number, scraped_at=at) for n in dice.sample(range(1, 60), 40)]
    return [*videos, *users, make_hashtag(name="fyp", views=number, scraped_at=at)]


def test_writers_with_overlapping_batches_do_not_fail_each_other(engine: Engine) -> None:
    def crawl(writer: int) -> None:
        dice = random.Random(writer)  # noqa: S311  # a shuffle, no cryptography
        for batch in range(10):
            write(engine, overlapping_batch(dice, batch * WRITERS + writer))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(crawl, range(WRITERS)))

    newest = {row["id"]: row["views"] for row in read_rows(engine, VideoRow)}
    recorded: dict[str, int] = {}
    for row in read_rows(engine, VideoHistoryRow):
        recorded[row["video_id"]] = row["views"]  # in order of time
    assert len(newest) > 200
    assert recorded == newest
    assert read_row(engine, HashtagRow)["views"] == 10 * WRITERS - 1


def test_the_newest_sight_wins_whoever_comes_last(engine: Engine) -> None:
    def crawl(number: int) -> None:
        write(
            engine,
            [make_user(bio=str(number), followers=number, scraped_at=NOON + timedelta(seconds=number))],
        )

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(crawl, random.Random(5).sample(range(40), 40)))  # noqa: S311  # as above

    row = read_row(engine, UserRow)
    assert (row["bio"], row["followers"]) == ("39", 39)


def test_two_first_sights_at_once_are_one_thing_that_both_told_of(engine: Engine) -> None:
    def crawl(number: int) -> Counts:
        user = User(id=str(number // 2), scraped_at=NOON)
        if number % 2:
            user.bio = "hello"
        else:
            user.region = "AT"
        return write(engine, [user]).by_type["user"]

    with ThreadPoolExecutor(WRITERS) as pool:
        counts = list(pool.map(crawl, range(2, 82)))

    assert {(row["bio"], row["region"]) for row in read_rows(engine, UserRow)} == {("hello", "AT")}
    assert (sum(c.new for c in counts), sum(c.changed for c in counts)) == (40, 40)


def test_a_killed_writer_leaves_whole_pages_and_their_checkpoint(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", CRAWL, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    pages_told = 0
    for line in process.stdout:
        pages_told = int(line)
        if pages_told == 12:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    process.wait(timeout=10)

    listing = find_listing(engine, Operation.PROFILE_VIDEOS, "maya")
    with engine.connect() as connection:
        rows = [
            connection.scalar(select(func.count()).select_from(model))
            for model in (VideoRow, VideoHistoryRow, VideoHashtagRow)
        ]
    assert listing
    assert listing.found >= 100 * pages_told, "what was told to be stored is stored"
    assert rows == [listing.found] * 3, "a page is there with all its rows, or not at all"


def test_a_writer_that_cant_get_the_lock_says_so(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.transactions.FIRST_PAUSE_SECONDS", 0)
    with open_engine(f"sqlite:///{tmp_path / 'test.db'}").connect() as other:
        other.exec_driver_sql("COMMIT")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        impatient = open_engine(sqlite_engine.url)
        with impatient.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 1")

        with pytest.raises(DatabaseBusy, match="run fewer crawls at once"):
            write(impatient, [make_video()])

        impatient.dispose()
        other.engine.dispose()


def test_a_connection_that_broke_on_the_way_is_replaced(mysql_engine: Engine) -> None:
    broken: list[int] = []

    def write_once_broken(connection: Connection) -> int:
        number = connection.scalar(text("SELECT CONNECTION_ID()"))
        if not broken:
            broken.append(number)
            with mysql_engine.connect() as killer:
                killer.execute(text(f"KILL {number}"))
        return int(connection.scalar(text("SELECT CONNECTION_ID()")))

    number = in_transaction(mysql_engine, write_once_broken)

    assert number != broken[0]


@pytest.mark.parametrize(
    ("pragma", "problem"),
    [("query_only = 1", "readonly database"), ("max_page_count = 1", "disk is full")],
)
def test_a_database_that_takes_no_writes_is_one_clear_line(
    sqlite_engine: Engine, pragma: str, problem: str
) -> None:
    with sqlite_engine.connect() as connection:  # the pool gives the same connection again
        connection.exec_driver_sql(f"PRAGMA {pragma}")

    with pytest.raises(DatabaseRefused, match=f"{problem}; check its disk space"):
        write(sqlite_engine, [make_video(id=str(number)) for number in range(1, 500)])


def test_a_batch_that_fails_leaves_nothing(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE hashtags")
        connection.commit()

    with pytest.raises(SchemaOutdated):
        write(sqlite_engine, [make_video(), make_user(), make_hashtag()])

    assert read_rows(sqlite_engine, VideoRow) == read_rows(sqlite_engine, UserRow) == []


def test_a_server_that_is_gone_is_one_clear_line(
    mysql_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = open_engine(mysql_engine.url)
    lost.dispose()
    monkeypatch.setattr("store.transactions.FIRST_PAUSE_SECONDS", 0)

    @event.listens_for(lost, "do_connect")
    def find_nobody(_dialect: object, _record: object, _args: object, parameters: dict[str, object]) -> None:
        parameters["port"] = 1

    with pytest.raises(DatabaseUnreachable, match="check host and port"):
        write(lost, [make_video(scraped_at=LATER)])
