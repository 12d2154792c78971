"""The API, a crawl node, a worker and the live service beside the demo: on free ports, with a log each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine

from crawler.demo.crawls import ROOT
from crawler.serve import STOP_SECONDS, Part, choose_parts
from store.clients.book import create_first_client
from store.config import Config
from store.live_access import live_url
from store.node_credentials import ensure_credentials

START_SECONDS = 120.0
LOOK_SECONDS = 0.1
NICENESS = 5
"""They get ready while crawls are under way, which show how long they took."""


class ServiceFailed(Exception):  # noqa: N818  # says what happened
    """A service ended, or did not begin to answer."""


@dataclass(frozen=True, slots=True)
class Services:
    """Where the demo's services are, and what opens them."""

    api: str
    live: str
    api_key: str
    processes: Mapping[str, subprocess.Popen[bytes]]
    logs: Path

    @property
    def credentials(self) -> Mapping[str, str]:
        """What is sent with each question."""
        return {"X-API-Key": self.api_key}

    def wait(self) -> None:
        """Wait until both answer; raise `ServiceFailed` when one does not."""
        deadline = time.monotonic() + START_SECONDS
        for name, url in (("api", self.api), ("live", self.live)):
            while not _answers(f"{url}/health"):
                self.require_alive()
                if time.monotonic() > deadline:
                    raise ServiceFailed(
                        f"{name} does not answer after {START_SECONDS:g} s, see {self.logs}/{name}.log"
                    )
                time.sleep(LOOK_SECONDS)

    def require_alive(self) -> None:
        """Raise `ServiceFailed` when one has ended."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise ServiceFailed(
                    f"{name} ended with status {process.returncode}, see {self.logs}/{name}.log"
                )


@contextmanager
def running_services(
    config: Config, engine: Engine, environment: Mapping[str, str], logs: Path
) -> Iterator[Services]:
    """Start them, without waiting until they answer; stop them at the end."""
    scrapyd, api, live = _free_ports(3)
    config = replace(config, port=api, scrapyd_port=scrapyd, live_port=live, scrapyd_urls=())
    ensure_credentials(config)
    made = create_first_client(engine, datetime.now(UTC))
    if made is None:
        raise ServiceFailed("the demo's database has clients already")
    ports = {"PORT": str(api), "SCRAPYD_PORT": str(scrapyd), "LIVE_PORT": str(live)}
    processes = {
        part.name: _start(part, {**environment, **ports, **part.variables}, logs)
        for part in choose_parts(config, wants_standin=False)
    }
    try:
        yield Services(f"http://127.0.0.1:{api}", live_url(config), made.api_key, processes, logs)
    finally:
        _stop(processes.values())


def _start(part: Part, environment: Mapping[str, str], logs: Path) -> subprocess.Popen[bytes]:
    with (logs / f"{part.name}.log").open("w") as output:
        # A group of its own: Ctrl-C is ours to answer, and then to pass on.
        process = subprocess.Popen(  # noqa: S603  # a command of ours
            [sys.executable, "-m", part.module, *part.arguments],
            cwd=ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip
    os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    return process


def _stop(processes: Collection[subprocess.Popen[bytes]]) -> None:
    """End them all at once, and wait for each."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=START_SECONDS, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _free_ports(count: int) -> list[int]:
    """Return ports that are free now, all different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
