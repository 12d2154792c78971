"""The API is killed and restarted under load: what was accepted is there, and there once."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest
from sqlalchemy import Engine, func, select

from store.models.jobs import JOB_TARGETS, JOBS, SHARDS
from tests.fixtures.ports import free_port
from tests.webapi.conftest import Tenant

LONG = os.environ.get("LONG_TESTS") == "1"
ROUNDS = 30 if LONG else 1
"""Of killing a worker, killing the master, and stopping all of it."""
BETWEEN = 100 if LONG else 25
"""Jobs that are accepted between two of these."""
SENDERS = 10
PER_SECOND = 100
WORKERS = 4
PATIENCE_SECONDS = 60
"""A job that is not accepted by then is lost."""


@dataclass
class House:
    """The API as its operator starts it, again and again."""

    port: int
    settings: dict[str, str]
    master: subprocess.Popen[bytes] = field(init=False)
    killed: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Start it; it waits a little for an address that its predecessor's orphans still have."""
        command = [sys.executable, "-m", "webapi"]
        self.master = subprocess.Popen(command, env=os.environ | self.settings, start_new_session=True)

    def kill_worker(self, dice: random.Random) -> None:
        worker = dice.choice(psutil.Process(self.master.pid).children())
        worker.send_signal(signal.SIGKILL)
        self.killed["worker"] += 1

    def kill_master(self) -> None:
        self.master.send_signal(signal.SIGKILL)
        self.killed["master"] += 1
        self._again()

    def restart(self) -> None:
        self.master.send_signal(signal.SIGTERM)
        self.killed["stopped"] += 1
        self._again()

    def stop(self) -> None:
        """End it; orphans end by themselves."""
        self.master.terminate()
        self.master.wait(20)

    def _again(self) -> None:
        self.master.wait(20)
        self.start()


@contextmanager
def running(house: House) -> Iterator[None]:
    house.start()
    try:
        yield
    finally:
        house.stop()


class Sender:
    """A client that sends each job until it is accepted."""

    def __init__(self, port: int, headers: dict[str, str], number: int) -> None:
        self.port, self.headers, self.number = port, headers, number
        self.accepted: dict[str, int] = {}
        """Idempotency key → the job's id."""
        self.problems: list[str] = []
        self.tries = 0

    def run(self, ended: threading.Event) -> None:
        """Send jobs at the pace of one of many until it is over."""
        count = 0
        while not ended.is_set():
            now = time.monotonic()
            self.send(f"{self.number}-{count}")
            count += 1
            time.sleep(max(0.0, now + SENDERS / PER_SECOND - time.monotonic()))

    def send(self, key: str) -> None:
        """Send one until it is accepted, and then once more."""
        lost = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < lost:
            job_id = self._try(key)
            if job_id is None:
                time.sleep(0.1)
                continue
            if key in self.accepted:
                if self.accepted[key] != job_id:
                    self.problems.append(f"{key} is job {self.accepted[key]}, and {job_id}")
                return
            self.accepted[key] = job_id
        self.problems.append(f"{key} was not accepted")

    def _try(self, key: str) -> int | None:
        self.tries += 1
        body = orjson.dumps({"url": f"https://www.tiktok.com/@u{key.replace('-', '.')}"})
        headers = self.headers | {"Content-Type": "application/json", "Idempotency-Key": key}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/api/jobs", body, headers)
            response = connection.getresponse()
            answer = orjson.loads(response.read())
        except (OSError, http.client.HTTPException, orjson.JSONDecodeError):
            return None
        finally:
            connection.close()
        if response.status >= 500:
            return None
        if response.status != 201:
            self.problems.append(f"{key}: {response.status} {answer}")
        job_id: int | None = answer.get("job_id")
        return job_id


@pytest.mark.timeout(3600 if LONG else 300)
def test_no_accepted_job_is_lost_and_none_is_there_twice(
    engine: Engine, tenant: Tenant, tmp_path: Path
) -> None:
    dice = random.Random(7)  # noqa: S311  # decides who is killed
    port = free_port()
    house = House(port, settings(engine, port, tmp_path))
    senders = [Sender(port, tenant.key, number) for number in range(SENDERS)]
    with running(house), sending(senders):
        for _ in range(ROUNDS):
            await_more(senders)
            house.kill_worker(dice)
            await_more(senders)
            house.kill_master()
            await_more(senders)
            house.restart()
        await_more(senders)

    accepted = {key: job for sender in senders for key, job in sender.accepted.items()}
    assert [problem for sender in senders for problem in sender.problems] == []
    assert house.killed == {"worker": ROUNDS, "master": ROUNDS, "stopped": ROUNDS}
    assert sum(sender.tries for sender in senders) > 2 * len(accepted), "nothing was in the way"
    assert stored(engine) == dict.fromkeys(accepted.values(), (1, 1, 1))
    assert len(set(accepted.values())) == len(accepted)


@contextmanager
def sending(senders: Sequence[Sender]) -> Iterator[None]:
    """Let all of them send until the end, and wait for what they still have."""
    ended = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(ended,)) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def await_more(senders: Sequence[Sender]) -> None:
    """Wait until more jobs are accepted: trouble that comes before finds nothing to destroy."""
    wanted = sum(len(sender.accepted) for sender in senders) + BETWEEN
    late = time.monotonic() + PATIENCE_SECONDS
    while sum(len(sender.accepted) for sender in senders) < wanted:
        assert time.monotonic() < late, "no job is accepted any more"
        time.sleep(0.05)


def settings(engine: Engine, port: int, home: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(home / "data"),
        "PORT": str(port),
        "API_BIND_ADDRESS": "127.0.0.1",
        "API_WORKERS": str(WORKERS),
        "RATE_LIMITS": "false",
        "LOG_LEVEL": "ERROR",
    }


def stored(engine: Engine) -> dict[int, tuple[Any, ...]]:
    """Every job, with how often it is sealed, has a target, and has a shard."""
    targets = select(func.count()).where(JOB_TARGETS.c.job_id == JOBS.c.id).scalar_subquery()
    shards = select(func.count()).where(SHARDS.c.job_id == JOBS.c.id).scalar_subquery()
    with engine.connect() as connection:
        rows = connection.execute(select(JOBS.c.id, JOBS.c.is_sealed, targets, shards))
        return {job: (int(is_sealed), known, parts) for job, is_sealed, known, parts in rows}
