"""Station 300 on a database server that goes away: for good, and for a moment."""

from __future__ import annotations

import asyncio
import logging

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import URL, Engine, func, select

from pipelines.upsert import UpsertPipeline
from store.engine import open_engine
from store.models import VideoRow
from tests.fixtures.lines import Line
from tests.pipelines.closing import ClosingEngine
from tests.pipelines.samples import video


@pytest.fixture
async def station(
    crawler: Crawler, line: Line, fresh_mysql_url: URL, monkeypatch: pytest.MonkeyPatch
) -> UpsertPipeline:
    """Station 300 at the end of the line, with one row stored."""
    monkeypatch.setattr("store.transactions.FIRST_PAUSE_SECONDS", 0.005)
    monkeypatch.setattr("pipelines.patience.FIRST_PAUSE_SECONDS", 0.02)
    url = fresh_mysql_url.set(host="127.0.0.1", port=line.port)
    crawler.settings.set("DATABASE_URL", url.render_as_string(hide_password=False))
    crawler._engine = ClosingEngine()  # type: ignore[assignment]  # stands in for Scrapy's
    station = UpsertPipeline.from_crawler(crawler)
    await station.open_spider()
    await station.process_item(video(1))
    await station.flush()
    return station


def rows_on(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(VideoRow)) or 0


async def test_a_server_that_stays_away_ends_the_crawl_with_one_line(
    station: UpsertPipeline,
    line: Line,
    crawler: Crawler,
    fresh_mysql_url: URL,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    line.cut()

    await station.process_item(video(2))
    await station.close_spider()
    await asyncio.sleep(0)

    (error,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "can't be reached" in error.getMessage()
    assert "\n" not in error.getMessage()
    assert error.exc_info is None
    assert crawler.stats.get_value("store/failed") == "database_unreachable"
    engine = open_engine(fresh_mysql_url)
    assert rows_on(engine) == 1
    engine.dispose()


async def test_a_crawl_waits_for_a_server_that_is_away_for_long_and_says_so_once(
    station: UpsertPipeline,
    line: Line,
    crawler: Crawler,
    fresh_mysql_url: URL,
    caplog: pytest.LogCaptureFixture,
) -> None:
    station.patience.seconds = 60
    line.cut()
    await station.process_item(video(2))
    flush = asyncio.create_task(station.flush())
    while "Waiting" not in caplog.text:  # noqa: ASYNC110  # a line of the log is no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # long enough for a few more tries

    line.mend()
    await flush
    await station.close_spider()

    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    engine = open_engine(fresh_mysql_url)
    assert rows_on(engine) == 2
    engine.dispose()
    assert crawler.stats.get_value("store/failed") is None
    assert len(said) == 2
    assert "Waiting up to 60 s, nothing is lost" in said[0]
    assert said[1].startswith("The database is back after")


async def test_a_server_that_comes_back_loses_nothing(
    station: UpsertPipeline, line: Line, crawler: Crawler, fresh_mysql_url: URL
) -> None:
    line.cut()
    asyncio.get_running_loop().call_later(0.1, line.mend)

    await station.process_item(video(2))
    await station.flush()
    await station.close_spider()

    engine = open_engine(fresh_mysql_url)
    assert rows_on(engine) == 2
    engine.dispose()
    assert crawler.stats.get_value("store/failed") is None
