"""A crawl node and a worker as processes of their own, for benchmarks that crawl through Scrapyd."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.site import ROOT

USER = "bench:mark"
PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Node:
    """A running Scrapyd."""

    url: str
    variables: Mapping[str, str]
    """What its processes find in their environment."""

    def schedule(self, spider: str, job: str, **arguments: str) -> None:
        """Put a crawl into its queue."""
        answer = self.ask("schedule.json", {"project": "tiktok", "spider": spider, "jobid": job, **arguments})
        assert answer["status"] == "ok", answer

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/{path}")  # noqa: S310  # our own address
        request.add_header("Authorization", f"Basic {base64.b64encode(USER.encode()).decode()}")
        if form:
            request.data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310  # our own address
            answer: dict[str, Any] = json.load(response)
        return answer


@contextmanager
def run_node(folder: Path, *, with_worker: bool = False, **settings: str) -> Iterator[Node]:
    """Run a node, and a worker that gives it work; settings are environment variables."""
    port = _free_port()
    name, _, password = USER.partition(":")
    variables = {
        **os.environ,
        "DATA_DIR": str(folder),
        "SCRAPYD_PORT": str(port),
        "SCRAPYD_USERNAME": name,
        "SCRAPYD_PASSWORD": password,
        "LOG_LEVEL": "ERROR",
        **settings,
    }
    node = Node(f"http://127.0.0.1:{port}", variables)
    modules = [["scrapyd", "--pidfile="], *([["webapi.worker"]] if with_worker else [])]
    with (folder / "node.log").open("w") as log:
        running = [
            subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=variables, stdout=log, stderr=log)
            for module in modules
        ]
        try:
            _await(node)
            yield node
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait()


def _await(node: Node) -> None:
    """Wait until it answers, and knows its spiders."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            node.ask("listspiders.json?project=tiktok")
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
