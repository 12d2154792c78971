"""Station 300 on a database server that goes away: for good, and for a moment."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import URL, Engine, func, select

from pipelines.upsert import UpsertPipeline
from store.engine import open_engine
from store.models import VideoRow
from tests.pipelines.closing import ClosingEngine
from tests.pipelines.samples import video


class Line:
    """The line to a database server, which a test can cut and mend."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.is_cut = threading.Event()
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and new ones as soon as they come."""
        self.is_cut.set()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut.clear()

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                if self.is_cut.is_set():
                    client.close()
                    continue
                server = socket.create_connection(self.server)
                self.ends += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(65_536):
                sink.sendall(chunk)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def line(fresh_mysql_url: URL) -> Iterator[Line]:
    line = Line((fresh_mysql_url.host or "127.0.0.1", fresh_mysql_url.port or 3306))
    yield line
    line.close()


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
