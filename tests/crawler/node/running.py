"""A crawl node as a process of its own, and the way to talk to it."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fixtures.ports import free_port, listens
from tests.fixtures.waiting import PATIENCE_SECONDS, wait_until
from tests.house.paths import ROOT

USER = "tester:secret"


@dataclass
class Node:
    """A running Scrapyd of ours."""

    port: int
    data_dir: Path
    process: subprocess.Popen[str]

    @property
    def home(self) -> Path:
        return self.data_dir / "scrapyd" / str(self.port)

    def ask(self, path: str, **form: str) -> dict[str, Any]:
        """Call the API; with a form by POST."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}")
        request.add_header("Authorization", f"Basic {base64.b64encode(USER.encode()).decode()}")
        if form:
            request.data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # our own address
            answer: dict[str, Any] = json.load(response)
        return answer

    def schedule(self, job: str, **form: str) -> dict[str, Any]:
        return self.ask("schedule.json", project="tiktok", spider="video", jobid=job, **form)

    def jobs(self, state: str) -> list[str]:
        """The jobs that are pending, running or finished, sorted."""
        return sorted(job["id"] for job in self.ask("listjobs.json")[state])

    def pid_of(self, job: str) -> int:
        (pid,) = [one["pid"] for one in self.ask("listjobs.json")["running"] if one["id"] == job]
        return int(pid)

    def log(self) -> str:
        return (self.data_dir / f"node-{self.port}.log").read_text()

    @contextmanager
    def locked(self, file: str) -> Iterator[None]:
        """Keep everybody else out of one of its databases: `tiktok` is the queue, `jobs` what is finished."""
        with closing(sqlite3.connect(self.home / "queue" / f"{file}.db")) as database:
            database.execute("BEGIN EXCLUSIVE")
            yield
            database.rollback()

    def end(self, by: signal.Signals) -> None:
        self.process.send_signal(by)
        self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running_node(data_dir: Path, port: int | None = None, conf: str = "", **variables: str) -> Iterator[Node]:
    """Run one, with more lines for its `scrapyd.conf`; its crawls end with it."""
    port = port or free_port()
    (data_dir / ".scrapyd.conf").write_text(conf)  # in what it takes for the home directory
    name, _, password = USER.partition(":")
    ours = {
        "HOME": str(data_dir),
        "DATA_DIR": str(data_dir),
        "SCRAPYD_PORT": str(port),
        "SCRAPYD_USERNAME": name,
        "SCRAPYD_PASSWORD": password,
        "PYTHONWARNINGS": "",
        **variables,
    }
    with (
        (data_dir / f"node-{port}.log").open("a") as log,
        subprocess.Popen(
            [sys.executable, "-m", "scrapyd", "--pidfile="],
            cwd=ROOT, env={**os.environ, **ours}, stdout=log, stderr=subprocess.STDOUT, text=True,
        ) as process,
    ):  # fmt: skip
        node = Node(port, data_dir, process)
        try:
            wait_until(lambda: listens(port), "the node's start")
            yield node
        finally:
            if process.poll() is None:
                node.end(signal.SIGTERM)


def is_alive(pid: int) -> bool:
    """Say whether the process runs; one that only waits to be buried does not."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
    return not re.search(r"State:\s+Z", status)
