"""The stored side of the API, beside a FastAPI app that serves the same from the same database.

    python -m benchmarks.api [--posts 1000000] [--database sqlite:///big.db] [--rounds 5] [--seconds 5]

Both run two processes, both check a signed token with each request, and both are asked in turns, with 16 connections:
for 50 posts of a million, filtered and sorted, and for one job. Requests are not limited, as the other app has no
limits. Without `--database` a SQLite file is filled for the occasion, which takes minutes; a database that is named
and empty is filled and kept.

Prints one JSON line. Ratios are our requests per second divided by the other app's, the median of all rounds, and
p99 theirs divided by ours: from 1.0 on ours is the better one. The other app counts all posts for each page, as the
document's `total` wants it; `ratio_if_it_did_not_count` says how it would be if it told no total at all.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import jwt

from benchmarks.api_load import Load, put_load
from benchmarks.api_rows import fill, make_jobs
from store.clients.book import create_client
from store.clients.client import Plan
from store.engine import open_engine
from store.schema import migrate

WORKERS = 2
FILTERED = "/api/videos?min_views=100000&sort=created_at&limit=50"
FIRST = "/api/videos?sort=views&limit=50"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two, and how to be let in."""

    port: int
    headers: Mapping[str, str]

    def load(self, path: str, seconds: float, **more: str) -> Load:
        """Bear a load for some seconds."""
        return put_load(self.port, path, {**self.headers, **more}, seconds)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[http.client.HTTPResponse, Any]:
        """Ask once."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {**self.headers, "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        document = json.loads(response.read())
        connection.close()
        assert response.status == 200, document
        return response, document


def prepare(url: str, posts: int) -> tuple[str, str]:
    """Fill the database where it is empty; return the id and an API key of the client whose jobs it has."""
    engine = open_engine(url)
    migrate(engine)
    made = create_client(engine, f"benchmark {secrets.token_hex(4)}", Plan.ENTERPRISE, datetime.now(UTC))
    with engine.connect() as connection:
        is_filled = connection.exec_driver_sql("SELECT id FROM videos LIMIT 1").first()
    if not is_filled:
        fill(engine, posts)
    make_jobs(engine, made.client.id)
    engine.dispose()
    return made.client.id, made.api_key


@contextmanager
def run(command: list[str], port: int, **settings: str) -> Iterator[None]:
    """Run a server until it is no longer needed, as nice as this process."""
    process = subprocess.Popen(command, env=os.environ | settings, start_new_session=True)
    try:
        _await(port, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert process.poll() is None, f"{process.args!r} ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(process.args)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def both(url: str, client_id: str, key: str, data: str) -> Iterator[tuple[Server, Server]]:
    """Run ours and the other app."""
    ours, theirs, secret = free_port(), free_port(), secrets.token_hex(32)
    settings = {
        "DATABASE_URL": url, "DATA_DIR": data, "PORT": str(ours), "API_BIND_ADDRESS": "127.0.0.1",
        "API_WORKERS": str(WORKERS), "LOG_LEVEL": "WARNING", "RATE_LIMITS": "false", "BASELINE_SECRET": secret,
    }  # fmt: skip
    app = [sys.executable, "-m", "uvicorn", "benchmarks.api_baseline:app", "--workers", str(WORKERS)]
    app += ["--port", str(theirs), "--log-level", "warning", "--no-access-log"]
    shown = jwt.encode({"sub": client_id, "exp": time.time() + 3600}, secret, "HS256")
    with run([sys.executable, "-m", "webapi"], ours, **settings), run(app, theirs, **settings):
        _, tokens = Server(ours, {}).ask("POST", "/api/v1/auth/token", {"api_key": key})
        yield (
            Server(ours, {"Authorization": f"Bearer {tokens['access_token']}"}),
            Server(theirs, {"Authorization": f"Bearer {shown}"}),
        )


def last_page(server: Server) -> str:
    """The path of a list's last page by cursor."""
    _, first = server.ask("GET", FIRST)
    _, near = server.ask("GET", f"{FIRST}&offset={first['total'] - 60}")
    return f"{FIRST}&cursor={quote(near['next_cursor'])}"


def measure(ours: Server, theirs: Server, rounds: int, seconds: float) -> dict[str, list[Load]]:
    """Ask both in turns, each first as often as the other."""
    job = f"/api/jobs/{ours.ask('GET', '/api/jobs?limit=1')[1]['jobs'][0]['id']}"
    tag = ours.ask("GET", FILTERED)[0].getheader("ETag") or ""
    deep = last_page(ours)
    turns: dict[str, Callable[[], Load]] = {
        "page": lambda: ours.load(FILTERED, seconds),
        "their_page": lambda: theirs.load(FILTERED, seconds),
        "their_uncounted_page": lambda: theirs.load(f"{FILTERED}&counted=false", seconds),
        "unchanged_page": lambda: ours.load(FILTERED, seconds, **{"If-None-Match": tag}),
        "first_page": lambda: ours.load(FIRST, seconds),
        "last_page": lambda: ours.load(deep, seconds),
        "job": lambda: ours.load(job, seconds),
        "their_job": lambda: theirs.load(job, seconds),
    }
    for turn in turns.values():
        turn()  # what is filled at the first request is filled
    found: dict[str, list[Load]] = {name: [] for name in turns}
    for number in range(rounds):
        for name in turns if number % 2 else reversed(turns):
            found[name].append(turns[name]())
    return found


def summarize(found: dict[str, list[Load]]) -> dict[str, Any]:
    """The figures of the printed line."""

    def ratio(one: str, other: str) -> float:
        pairs = zip(found[one], found[other], strict=True)
        return round(statistics.median(a.per_second / b.per_second for a, b in pairs), 2)

    def p99(one: str, other: str) -> float:
        pairs = zip(found[one], found[other], strict=True)
        return round(statistics.median(b.p99_ms / a.p99_ms for a, b in pairs), 2)

    return {
        "ratio": ratio("page", "their_page"),
        "p99_ratio": p99("page", "their_page"),
        "ratio_if_it_did_not_count": ratio("page", "their_uncounted_page"),
        "p99_ratio_if_it_did_not_count": p99("page", "their_uncounted_page"),
        "job_ratio": ratio("job", "their_job"),
        "job_p99_ratio": p99("job", "their_job"),
        "last_page_to_first": ratio("last_page", "first_page"),
        "unchanged_to_changed": ratio("unchanged_page", "page"),
        "per_second": {
            name: round(statistics.median(load.per_second for load in loads)) for name, loads in found.items()
        },
        "p99_ms": {
            name: round(statistics.median(load.p99_ms for load in loads), 1) for name, loads in found.items()
        },
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--database")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    with TemporaryDirectory() as data:
        url = given.database or f"sqlite:///{Path(data) / 'posts.db'}"
        client_id, key = prepare(url, given.posts)
        with both(url, client_id, key, data) as (ours, theirs):
            found = measure(ours, theirs, given.rounds, given.seconds)
    print(json.dumps({"benchmark": "api", **summarize(found), "database": url.partition(":")[0]}))


if __name__ == "__main__":
    main()
