"""Crawls with a real browser, started as a user starts them, and the processes that belong to them."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.browser_memory import family_of
from tests.crawler.command import Finished, environment, scrapy, start_scrapy
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tests.house.paths import ROOT

PATIENCE_SECONDS = 60


@dataclass
class Terminal:
    """Where crawls are started: their settings, and the processes that belong to them."""

    site: Site
    data_dir: Path
    routes_off: str = ""
    """Routes to do without."""
    name: str = field(default_factory=lambda: f"--for-test={secrets.token_hex(8)}")
    """A flag that Chromium does not know, and that tells ours from others."""

    def crawl(self, *arguments: str, **variables: str) -> Finished:
        return scrapy(["crawl", *arguments], self._variables(variables))

    @contextmanager
    def crawling(self, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
        process = start_scrapy(["crawl", *arguments], self._variables(variables))
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def browser_pids(self) -> list[int]:
        """Chromium's processes that carry our name: the main one is the oldest."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if self.name.encode() in words and state != "Z":
                found.append(int(process.name))
        return sorted(found)

    def renderer_pids(self) -> list[int]:
        """The processes in which pages live."""
        family = [pid for pid in self.browser_pids()[:1] for pid in family_of(pid)]
        return [pid for pid in family if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def listing(self, target: str) -> tuple[Any, ...]:
        """State, rows found, route."""
        with closing(sqlite3.connect(self.site.database_url.removeprefix("sqlite:///"))) as database:
            query = "SELECT state, found, route FROM listings WHERE target = ?"
            return tuple(database.execute(query, [target]).fetchone())

    def _variables(self, more: dict[str, str]) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.site.database_url,
            "BROWSER_FLAGS": self.name,
            "BROWSER_PATIENCE_SECONDS": "4",
            "ROUTES_OFF": self.routes_off,
        }
        return environment(self.data_dir, self.site.url, **{**ours, **more})


@contextmanager
def running_proxy(*options: str) -> Iterator[str]:
    """The stand-in's proxy; gives its host and port."""
    command = [sys.executable, "-m", "standin.proxy", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().partition("://")[2].partition(",")[0]
        finally:
            process.terminate()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.05)


def asked(standin: RunningStandin, path: str) -> int:
    return int(standin.log()["counts"].get(path, 0))
