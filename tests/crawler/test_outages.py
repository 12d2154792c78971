"""Whole crawls whose database goes away, or whose disk is full, while they run: they wait, say so, and go on."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from crawler.endings import Ending
from store.engine import open_engine
from store.jobs.progress import read_progress
from store.jobs.rows import Job
from store.jobs.states import JobState
from store.models import VideoRow
from store.schema import migrate
from tests.chaos.mariadb import MariaDB, missing_programs
from tests.crawler.crawling import Crawl, Site
from tests.crawler.jobs import ask_for, numbers, results, schedule
from tests.fixtures.standin import RunningStandin
from tests.store.jobs.samples import assert_ledger_adds_up
from tiktok.outcomes import ListState

OUTAGE_SECONDS = 60 if os.environ.get("LONG_TESTS") == "1" else 4
POSTS = 5_000
QUICK = {"HEARTBEAT_SECONDS": 0.5, "DATABASE_PATIENCE_SECONDS": 600}


@pytest.fixture
def mariadb(tmp_path: Path) -> Iterator[MariaDB]:
    if missing := missing_programs():
        problem = f"{' and '.join(missing)} not on the PATH"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(problem)
        pytest.skip(problem)
    server = MariaDB(tmp_path)
    server.start()
    yield server
    server.stop()


class Disk:
    """Room for SQLite's files; it says "full" beyond a number of pages as it does at a disk's end."""

    def __init__(self) -> None:
        self.is_full = False

    def fill(self) -> None:
        self.is_full = True

    def clear(self) -> None:
        self.is_full = False

    def limit(self, connection: Any, _record: object, _proxy: object) -> None:
        """No page more than there are, while it is full."""
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count = {1 if self.is_full else 2**30}")


@pytest.fixture
def disk() -> Iterator[Disk]:
    """The disk of all databases that are opened in this process."""
    disk = Disk()
    event.listen(Pool, "checkout", disk.limit)
    yield disk
    event.remove(Pool, "checkout", disk.limit)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(120):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  # what is waited for happens in a database
            await asyncio.sleep(0.02)


def said(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return any(words in message for message in caplog.messages)


def assert_all_is_there_once(site: Site, engine: Engine, job: Job, crawl: Crawl) -> None:
    stored = [video.id for video in site.rows(VideoRow)]
    assert len(stored) == len(set(stored)) == POSTS
    assert (crawl.listing.state, crawl.listing.found) == (ListState.COMPLETE, POSTS)
    assert crawl.ending is Ending.DONE
    assert [row.outcome for row in results(engine, job)] == ["ok"]
    assert read_progress(engine, job.id).job.state is JobState.COMPLETED
    assert_ledger_adds_up(engine, job)


@pytest.mark.timeout(600)
async def test_a_crawl_goes_on_when_its_database_server_is_back(
    standin: RunningStandin, mariadb: MariaDB, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    site = Site(standin.url, mariadb.url.render_as_string(hide_password=False), tmp_path)
    engine = open_engine(mariadb.url)
    migrate(engine)
    job = ask_for(engine, "profile", ["five.thousand"], site.url)
    crawling = asyncio.create_task(site.crawl("profile", settings=QUICK, **numbers(schedule(engine))))
    await until(lambda: read_progress(engine, job.id).found >= 500)

    await asyncio.to_thread(mariadb.stop)
    await until(lambda: said(caplog, "nothing is lost"))
    await asyncio.sleep(OUTAGE_SECONDS)
    was_waiting = not crawling.done()
    await asyncio.to_thread(mariadb.start)
    crawl = await asyncio.wait_for(crawling, 300)

    assert was_waiting
    assert said(caplog, "The database is back after")
    assert_all_is_there_once(site, engine, job, crawl)
    engine.dispose()


@pytest.mark.timeout(600)
async def test_a_crawl_goes_on_when_its_disk_has_room_again(
    site: Site, caplog: pytest.LogCaptureFixture, disk: Disk
) -> None:
    caplog.set_level(logging.WARNING)
    engine = site.engine()
    job = ask_for(engine, "profile", ["five.thousand"], site.url)
    crawling = asyncio.create_task(site.crawl("profile", settings=QUICK, **numbers(schedule(engine))))
    await until(lambda: read_progress(engine, job.id).found >= 500)

    disk.fill()
    await until(lambda: said(caplog, "refuses to write"))
    await asyncio.sleep(OUTAGE_SECONDS)
    was_waiting = not crawling.done()
    disk.clear()
    crawl = await asyncio.wait_for(crawling, 300)

    assert was_waiting
    assert said(caplog, "The database is back after")
    assert_all_is_there_once(site, engine, job, crawl)
    engine.dispose()
