"""`bin/serve`, without its set-up: crawls that are asked for over HTTP."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house.paths import ROOT

PATIENCE_SECONDS = 120


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return not probe.connect_ex(("127.0.0.1", port))


@dataclass
class House:
    """A running `bin/serve --standin`."""

    data_dir: Path
    scrapyd_port: int
    standin_port: int
    port: int

    @property
    def credentials_file(self) -> Path:
        return self.data_dir / "scrapyd" / "credentials"

    @property
    def node_home(self) -> Path:
        return self.data_dir / "scrapyd" / str(self.scrapyd_port)

    def ask(self, path: str, form: dict[str, str] | None = None, *, login: bool = True) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.scrapyd_port}/{path}")
        if form:
            request.data = urllib.parse.urlencode(form).encode()
        if login:
            pair = base64.b64encode(self.credentials_file.read_text().strip().encode()).decode()
            request.add_header("Authorization", f"Basic {pair}")
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310  # our own address
            answer: dict[str, Any] = json.load(response)
        return answer

    def ask_api(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        output = (self.data_dir / "output").read_text()
        (key,) = set(re.findall(r"api_key +(tk_\w+)", output))
        headers = {"X-API-Key": key, "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode() if body else None, headers
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310  # our own address
            answer: dict[str, Any] = json.load(response)
        return answer

    def status_without_password(self) -> int:
        try:
            self.ask("daemonstatus.json", login=False)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        return 200

    def is_up(self) -> bool:
        return all(map(listens, (self.scrapyd_port, self.standin_port, self.port)))

    def is_down(self) -> bool:
        return not any(map(listens, (self.scrapyd_port, self.standin_port, self.port)))


def wait_until(true: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"{what} took too long"
        time.sleep(0.1)


@contextmanager
def serving(
    data_dir: Path, scrapyd_port: int, standin_port: int, port: int
) -> Iterator[subprocess.Popen[str]]:
    environment = {
        "DATA_DIR": data_dir,
        "SCRAPYD_PORT": scrapyd_port,
        "STANDIN_PORT": standin_port,
        "PORT": port,
    }
    with (
        (data_dir / "output").open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "crawler.serve", "--standin"],
            cwd=ROOT,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("a house"), free_port(), free_port(), free_port())
    with serving(house.data_dir, house.scrapyd_port, house.standin_port, house.port):
        wait_until(house.is_up, "the start")
        yield house
    assert house.is_down(), "Ctrl-C stops everything"


def test_scrapyd_lets_nobody_in_without_a_password(house: House) -> None:
    assert house.status_without_password() == 401
    assert house.ask("listprojects.json")["projects"] == ["tiktok"]


def test_only_its_owner_can_read_the_password(house: House) -> None:
    assert stat.S_IMODE(house.credentials_file.stat().st_mode) == 0o600


def test_a_scheduled_crawl_stores_what_it_finds(house: House) -> None:
    crawl = {"project": "tiktok", "spider": "profile", "user": "khaby.lame"}

    job = house.ask("schedule.json", crawl)["jobid"]
    wait_until(lambda: [one["id"] for one in house.ask("listjobs.json")["finished"]] == [job], "the crawl")

    with closing(sqlite3.connect(house.data_dir / "tiktok.db")) as database:
        query = "SELECT count(*) FROM videos WHERE username = 'khaby.lame'"
        assert database.execute(query).fetchone()[0] >= 60
    assert (house.node_home / "logs" / "tiktok" / "profile" / f"{job}.log").is_file()


def test_a_job_of_the_api_is_crawled_with_the_comments_of_its_posts(house: House) -> None:
    wish = {
        "url": "https://www.tiktok.com/@khaby.lame",
        "type": "user",
        "options": {"max_videos": 2, "include_comments": True, "max_comments": 20},
    }

    job = house.ask_api("/api/jobs", wish)["job_id"]
    wait_until(lambda: house.ask_api(f"/api/jobs/{job}")["status"] in ("completed", "failed"), "the job")

    ended = house.ask_api(f"/api/jobs/{job}")
    assert (ended["status"], ended["error"], ended["progress"], ended["videos_scraped"]) == (
        "completed", None, 100, 2,
    )  # fmt: skip
    with closing(sqlite3.connect(house.data_dir / "tiktok.db")) as database:
        query = "SELECT count(*) FROM comments WHERE parent_id IS NULL GROUP BY video_id"
        assert [count for (count,) in database.execute(query)] == [20, 20]


def test_a_taken_port_is_named_with_its_setting(house: House, tmp_path: Path) -> None:
    with serving(tmp_path, house.scrapyd_port, free_port(), free_port()) as second:
        second.wait(PATIENCE_SECONDS)

    assert second.returncode == 1
    assert (
        (tmp_path / "output")
        .read_text()
        .startswith(f"bin/serve: SCRAPYD_PORT: port {house.scrapyd_port} for scrapyd is not free")
    )
