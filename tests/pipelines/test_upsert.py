from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from pipelines import upsert as station_300
from pipelines.companions import Companions
from pipelines.upsert import UpsertPipeline
from store.listings import find_listing
from store.models import Base, HashtagRow, OutcomeRow, RejectRow, UserRow, VideoRow
from store.rejects import Reject
from tests.pipelines.closing import ClosingEngine
from tests.pipelines.samples import hashtag, listing, outcome, user, video


@asynccontextmanager
async def opened(crawler: Crawler) -> AsyncIterator[UpsertPipeline]:
    """Open station 300 and close it as the end of a crawl does."""
    crawler._engine = ClosingEngine()  # type: ignore[assignment]  # stands in for Scrapy's
    station = UpsertPipeline.from_crawler(crawler)
    await station.open_spider()
    try:
        yield station
    finally:
        await station.close_spider()


def close_reasons(crawler: Crawler) -> list[str]:
    engine: Any = crawler.engine
    reasons: list[str] = engine.reasons
    return reasons


def count(engine: Engine, table: type[Base]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


async def written(station: UpsertPipeline) -> None:
    assert station.batch
    await station.batch


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in a database
            await asyncio.sleep(0.01)


async def test_a_fresh_database_gets_its_tables_when_the_crawl_opens(crawler: Crawler, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    crawler.settings.set("DATABASE_URL", url)

    async with opened(crawler) as station:
        await station.process_item(video(1))

    engine = create_engine(url)
    assert count(engine, VideoRow) == 1
    engine.dispose()


async def test_rows_wait_for_a_full_batch(
    crawler: Crawler, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_300, "BATCH_ROWS", 5)

    async with opened(crawler) as station:
        for number in range(4):
            await station.process_item(video(number))
        before = count(sqlite_engine, VideoRow)
        await station.process_item(video(4))
        await written(station)
        after = count(sqlite_engine, VideoRow)

    assert (before, after) == (0, 5)


async def test_a_second_batch_comes_together_while_the_first_is_written_and_no_third(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a crawl that is faster than its database keeps page after page in memory."""
    monkeypatch.setattr(station_300, "BATCH_ROWS", 2)

    async with opened(crawler) as station:
        async with station.writing:  # the database takes its time over the first
            await station.process_item(video(0))
            full = asyncio.create_task(station.process_item(video(1)))
            await asyncio.sleep(0.05)
            was_waiting = not full.done()
        await full

    assert was_waiting


async def test_many_that_wait_for_a_batch_begin_one_together(
    crawler: Crawler, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_300, "BATCH_ROWS", 50)
    begun = 0

    async with opened(crawler) as station:
        flush = station.flush

        async def count_flushes() -> None:
            nonlocal begun
            begun += 1
            await flush()

        monkeypatch.setattr(station, "flush", count_flushes)
        await asyncio.gather(*(station.process_item(video(number)) for number in range(400)))
        await written(station)

    assert begun < 10
    assert count(sqlite_engine, VideoRow) == 400


async def test_companions_count_towards_the_batch_and_are_stored(
    crawler: Crawler, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_300, "BATCH_ROWS", 3)

    async with opened(crawler) as station:
        await station.process_item(Companions([user(1), user(2), hashtag("a")]))
        await written(station)
        stored = count(sqlite_engine, UserRow), count(sqlite_engine, HashtagRow)

    assert stored == (2, 1)


async def test_a_row_without_company_is_written_after_a_moment(
    crawler: Crawler, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_300, "FLUSH_SECONDS", 0.02)

    async with opened(crawler) as station:
        await station.process_item(video(1))
        await until(lambda: count(sqlite_engine, VideoRow) == 1)
        await station.process_item(video(2))  # the timer is wound up again
        await until(lambda: count(sqlite_engine, VideoRow) == 2)


async def test_what_is_left_is_written_when_the_crawl_closes(crawler: Crawler, sqlite_engine: Engine) -> None:
    async with opened(crawler) as station:
        await station.process_item(video(1))
        await station.process_item(outcome())

    assert count(sqlite_engine, VideoRow) == 1
    assert count(sqlite_engine, OutcomeRow) == 1


async def test_new_changed_and_unchanged_rows_are_counted(crawler: Crawler) -> None:
    async with opened(crawler) as station:
        await station.process_item(video(1))
        await station.process_item(video(2))
        await station.flush()
        await station.process_item(video(1))
        await station.process_item(video(2, views=5_000))

    counts = {
        name: value for name, value in crawler.stats.get_stats().items() if name.startswith("store/video")
    }
    assert counts == {"store/video/new": 2, "store/video/changed": 1, "store/video/unchanged": 1}


async def test_rejects_are_kept_with_their_reason(crawler: Crawler, sqlite_engine: Engine) -> None:
    unsound = video(id="abc")

    async with opened(crawler) as station:
        await station.process_item(Reject.of(unsound, "id: 'abc' is not a number"))
        await station.process_item(Companions([user(1)], [Reject.of(hashtag(""), "name: 0 characters")]))
        await station.process_item(user(2, username="x" * 65))

    with Session(sqlite_engine) as session:
        rows = session.scalars(select(RejectRow).order_by(RejectRow.item_type)).all()
    assert [(row.item_type, row.reason) for row in rows] == [
        ("hashtag", "name: 0 characters"),
        ("user", "username: 65 characters, at most 64 fit"),
        ("video", "id: 'abc' is not a number"),
    ]
    assert (rows[2].key, rows[2].payload["views"]) == ("abc", 100)
    assert crawler.stats.get_value("store/rejected") == 3


async def test_a_checkpoint_is_never_in_the_database_before_its_rows(
    crawler: Crawler, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages pass as Scrapy sends them: all their parts at once, while earlier batches are still being written."""
    monkeypatch.setattr(station_300, "BATCH_ROWS", 7)
    monkeypatch.setattr(station_300, "FLUSH_SECONDS", 0.001)
    gaps: list[int] = []
    pages, rows_a_page = 40, 5

    def compare() -> None:
        checkpoint = find_listing(sqlite_engine, "profile_videos", "somebody")
        rows = count(sqlite_engine, VideoRow)
        gaps.append(rows - (checkpoint.found if checkpoint else 0))

    async with opened(crawler) as station:
        for page in range(pages):
            parts: list[Any] = [video(page * rows_a_page + row) for row in range(rows_a_page)]
            parts += [Companions([user(page)]), listing(found=(page + 1) * rows_a_page, cursor=str(page))]
            await asyncio.gather(*(station.process_item(part) for part in parts), asyncio.to_thread(compare))
    compare()

    assert min(gaps) >= 0
    assert gaps[-1] == 0
    assert count(sqlite_engine, VideoRow) == pages * rows_a_page


async def test_a_database_that_is_gone_ends_the_crawl_with_one_line(
    crawler: Crawler, sqlite_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async with opened(crawler) as station:
        drop_videos(sqlite_engine)
        await station.process_item(video(1))
        await station.flush()
        await station.process_item(video(2))
        await station.flush()
        await until(lambda: close_reasons(crawler))

    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert "\n" not in errors[0].getMessage()
    assert errors[0].exc_info is None
    assert close_reasons(crawler) == ["database_unreachable"]
    assert crawler.stats.get_value("store/failed") == "database_unreachable"


async def test_nothing_of_a_failed_batch_is_stored(crawler: Crawler, sqlite_engine: Engine) -> None:
    async with opened(crawler) as station:
        drop_videos(sqlite_engine)
        await station.process_item(user(1))
        await station.process_item(video(1))
        await station.process_item(listing())

    assert count(sqlite_engine, UserRow) == 0
    assert find_listing(sqlite_engine, "profile_videos", "somebody") is None


def drop_videos(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE videos"))
