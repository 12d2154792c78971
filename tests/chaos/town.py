"""All that a bulk job needs, as processes: a database, a site, two crawl nodes, two workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from sqlalchemy import Engine

from store.engine import open_engine
from store.schema import migrate
from tests.chaos.mariadb import MariaDB
from tests.fixtures.ports import free_port
from tests.house.paths import ROOT

PATIENCE_SECONDS = 120


@dataclass
class Part:
    """One process that can be killed and started again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=dict(self.environment), stdout=log, stderr=log
            )

    def end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None


@dataclass
class Town:
    """The running parts."""

    directory: Path
    database: MariaDB
    engine: Engine
    nodes: list[Part] = field(default_factory=list)
    workers: list[Part] = field(default_factory=list)

    def spiders(self) -> list[psutil.Process]:
        """The processes that crawl shards, also those whose node was killed."""
        return [process for process in psutil.process_iter() if self._is_spider(process)]

    def _is_spider(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return process.environ().get("DATA_DIR") == str(self.directory) and shard_of(process) is not None
        return False


def shard_of(process: psutil.Process) -> int | None:
    """Which shard a process crawls, if it does."""
    with suppress(psutil.Error):
        words = (word.partition("=") for word in process.cmdline())
        return next((int(number) for name, _, number in words if name == "shard"), None)
    return None


@contextmanager
def standing(directory: Path, users: int, settings: Mapping[str, str]) -> Iterator[Town]:
    """Build a town with so many users on its site; at the end nothing of it runs any more."""
    database = MariaDB(directory)
    database.start()
    site = Part("standin", [], {**os.environ}, directory / "standin.log")
    town = Town(directory, database, open_engine(database.url))
    try:
        migrate(town.engine)
        site_port, node_ports = free_port(), [free_port(), free_port()]
        site.command = ["-m", "standin", "--users", str(users), "--port", str(site_port)]
        site.start()
        environment = {
            **os.environ,
            "DATA_DIR": str(directory),
            "DATABASE_URL": str(database.url),
            "TIKTOK_BASE_URL": f"http://127.0.0.1:{site_port}",
            "BROWSER_PATH": "none",
            "LOG_LEVEL": "INFO",
            "SECRET_KEYS": urlsafe_b64encode(os.urandom(32)).decode(),
            "SCRAPYD_USERNAME": "crawler",
            "SCRAPYD_PASSWORD": "chaos",
            "SCRAPYD_MAX_PROC": "2",
            "SCRAPYD_URLS": ",".join(f"http://127.0.0.1:{port}" for port in node_ports),
            **settings,
        }
        for number, port in enumerate(node_ports, 1):
            own = {**environment, "SCRAPYD_PORT": str(port)}
            town.nodes.append(
                Part(f"node {number}", ["-m", "scrapyd", "--pidfile="], own, directory / f"node-{number}.log")
            )
            town.workers.append(
                Part(
                    f"worker {number}",
                    ["-m", "webapi.worker"],
                    environment,
                    directory / f"worker-{number}.log",
                )
            )
        _wait_for(f"http://127.0.0.1:{site_port}/")
        for part in (*town.nodes, *town.workers):
            part.start()
        yield town
    finally:
        for part in (*town.workers, *town.nodes, site):
            part.end(signal.SIGKILL)
        for spider in town.spiders():
            with suppress(psutil.NoSuchProcess):
                spider.kill()
        town.engine.dispose()
        database.stop()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(url, timeout=10):  # noqa: S310  # our own address
                return
        except (URLError, OSError):
            assert time.monotonic() < deadline, f"{url} took too long"
            time.sleep(0.2)
