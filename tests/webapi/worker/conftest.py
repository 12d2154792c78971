"""Workers as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.config import Config, load_config
from store.workers import living_workers
from tests.fixtures.waiting import PATIENCE_SECONDS, wait_until
from tests.house.paths import ROOT
from tests.webapi.worker.pretend_node import PretendNode
from webapi.worker.task import Tools, utc_now

NOBODY = "http://127.0.0.1:9"
"""A node that does not answer."""

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

StartWorkers = Callable[..., list[subprocess.Popen[bytes]]]


class Clock:
    """A clock that only tests move; the machine's count of seconds moves with it, unless somebody set it."""

    def __init__(self) -> None:
        self.now = NOW
        self.was_set_by = timedelta(0)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return (self.now - NOW - self.was_set_by).total_seconds()


@pytest.fixture
def nodes() -> Iterator[list[PretendNode]]:
    running = [PretendNode(), PretendNode()]
    yield running
    for node in running:
        node.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tools(engine: Engine, nodes: list[PretendNode], clock: Clock, tmp_path: Path) -> Tools:
    config: Config = replace(
        load_config(tmp_path / "none"),
        data_dir=tmp_path,
        scrapyd_urls=tuple(node.url_with_password for node in nodes),
    )
    return Tools(engine=engine, config=config, now=clock, seconds=clock.seconds)


@pytest.fixture
def start_workers(engine: Engine, tmp_path: Path) -> Iterator[StartWorkers]:
    """Give a factory of workers on the test's database; what still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def start(count: int = 1, **environment: str) -> list[subprocess.Popen[bytes]]:
        settings = {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "DATA_DIR": str(tmp_path / "data"),
            "SCRAPYD_URLS": NOBODY,
            "LOG_LEVEL": "INFO",
            **environment,
        }
        command = [sys.executable, "-m", "webapi.worker"]
        with (tmp_path / "workers.log").open("ab") as log:
            started = [
                subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
                for _ in range(count)
            ]
        running.extend(started)
        pids = {process.pid for process in started}
        wait_until(lambda: pids <= {one.pid for one in living_workers(engine, utc_now())}, "the start")
        return started

    yield start
    for process in running:
        process.kill()
        process.wait()


def stop(process: subprocess.Popen[bytes]) -> float:
    """Ask a worker to end; return how long it took."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    return time.monotonic() - begun
