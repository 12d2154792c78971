"""A database whose disk is full: what can't be written now is written when there is room."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import Engine, event, func, select

from pipelines.upsert import UpsertPipeline
from store.models import VideoRow
from tests.pipelines.closing import ClosingEngine
from tests.pipelines.samples import video


class Disk:
    """Room for the station's database; SQLite says "full" beyond a number of pages as it does at a disk's end."""

    def __init__(self, engine: Engine) -> None:
        self.pages = 2**30
        event.listen(engine, "checkout", self._limit)

    def _limit(self, connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")


async def test_a_crawl_waits_for_room_on_the_disk(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pipelines.patience.FIRST_PAUSE_SECONDS", 0.02)
    crawler._engine = ClosingEngine()  # type: ignore[assignment]  # stands in for Scrapy's
    crawler.settings.set("DATABASE_PATIENCE_SECONDS", 60)
    station = UpsertPipeline.from_crawler(crawler)
    await station.open_spider()
    disk = Disk(station.engine)
    disk.pages = 1  # no page more than there are
    for number in range(1, 400):
        await station.process_item(video(number))
    flush = asyncio.create_task(station.flush())
    while "refuses to write" not in caplog.text:  # noqa: ASYNC110  # a line of the log is no event
        await asyncio.sleep(0.01)

    disk.pages = 2**30
    await flush

    with station.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(VideoRow)) == 399
    assert crawler.stats.get_value("store/failed") is None
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    await station.close_spider()
