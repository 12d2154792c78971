"""The crawls of a node as processes: those it started, and those that it finds running when it starts anew."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from signal import Signals
from typing import Any

import psutil
from scrapyd.launcher import ScrapyProcessProtocol
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

NODE_VARIABLE = "SCRAPYD_NODE"
"""Tells a node its children apart from those of others. Set for each child, and read from its environment."""


class Child(ScrapyProcessProtocol):  # type: ignore[misc]  # published without types
    """A crawl that this node started."""

    exit_code: int | None = None
    """The negative number of the signal when one ended it; `None` while it runs."""

    def processEnded(self, status: Failure) -> None:
        end: Any = status.value
        self.exit_code = end.exitCode if end.signal is None else -end.signal
        super().processEnded(status)


class Orphan:
    """A crawl that an earlier run of this node started. Only its parent would learn its exit code."""

    exit_code = None

    def __init__(self, process: psutil.Process, project: str, arguments: Sequence[str]) -> None:
        self.process = process
        self.transport = self  # where Scrapyd sends signals
        self.deferred: Deferred[Orphan] = Deferred()
        self.project = project
        self.spider = arguments[0]
        self.args = list(arguments)
        self.env: dict[str, str] = {}
        self.job = arguments_of(arguments).get("_job", "")
        self.pid = process.pid
        self.start_time = datetime.fromtimestamp(process.create_time())  # noqa: DTZ006  # Scrapyd's clock is local
        self.end_time: datetime | None = None

    def signalProcess(self, which: str | int) -> None:
        with suppress(psutil.NoSuchProcess):
            self.process.send_signal(Signals[f"SIG{which}"] if isinstance(which, str) else which)

    def is_alive(self) -> bool:
        """Say whether it still runs, and is not another process that got its number."""
        try:
            return bool(self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False


def mark(environment: Mapping[str, str], node: str) -> dict[str, str]:
    """Add to a child's environment whose child it is."""
    return {**environment, NODE_VARIABLE: node}


def find_orphans(node: str, runner: str) -> Iterator[Orphan]:
    """Find this node's children that outlived it. Browsers that they started have the mark, but not the command."""
    for process in psutil.process_iter():
        try:
            command = process.cmdline()[1:]
            if command[:3] != ["-m", runner, "crawl"] or process.pid == os.getpid():
                continue
            environment = process.environ()
        except (psutil.Error, OSError):  # ended meanwhile, or is somebody else's
            continue
        if environment.get(NODE_VARIABLE) == node:
            yield Orphan(process, environment.get("SCRAPY_PROJECT", ""), command[3:])


def arguments_of(command: Sequence[str]) -> dict[str, str]:
    """Read the spider's arguments out of a crawl's command: `-a NAME=VALUE`."""
    pairs = (pair.partition("=") for flag, pair in pairwise(command) if flag == "-a")
    return {name: value for name, _, value in pairs}
