"""Workers as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from store.workers import living_workers
from tests.house.paths import ROOT
from webapi.worker.task import utc_now

PATIENCE_SECONDS = 60
NOBODY = "http://127.0.0.1:9"
"""A node that does not answer."""

StartWorkers = Callable[..., list[subprocess.Popen[bytes]]]


def wait_until(true: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"{what} took too long"
        time.sleep(0.05)


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
