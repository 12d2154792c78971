"""Cached answers, beside a FastAPI app that has the same duties and serves the same bodies.

    python -m benchmarks.answers [--rounds 5] [--seconds 4]

A live lookup and a search of the shop are asked once, of the live service before the stand-in, and then come from the
cache. Ours is `python -m webapi` as it is served; the other app checks a token, counts the request in Redis and gets
the body from Redis. Both run two processes, and are asked in turns with 16 connections; then ours at half of what it
bore. Wants `redis-server`, and `wrk` for figures that count.

Prints one JSON line. `ratio` is our requests per second divided by the other app's, the median of all rounds. The one
process of a server may get more of the connections than the other, which halves what it can do: `busiest` is the share
of all its work that one process did, and `processor_ms` is what a request cost, however they were spread.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import jwt
import psutil
from redis import Redis

from benchmarks.api import WORKERS, Server, free_port, run
from benchmarks.api_load import CONNECTIONS, put_load
from benchmarks.site import run_standin
from store.clients.book import create_client
from store.clients.client import Plan
from store.config import DATABASE_FILE
from store.engine import open_engine
from store.schema import migrate

PATHS = {
    "user": ("/api/v1/user/khaby.lame/info", "baseline:user:khaby.lame"),
    "shop": ("/api/v1/tiktok/api/search?q=case&max_results=20", "baseline:search:case:20"),
}
"""What is asked, and where the other app finds its body."""
UNREACHED = 100_000_000
"""A limit that is counted and never met."""
DAY_SECONDS = 86_400


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each turn (default 4)")
    given = parser.parse_args()
    with both() as (ours, theirs):
        found = {
            name: measure(ours, theirs, path, given.rounds, given.seconds)
            for name, (path, _) in PATHS.items()
        }
    goal = {"ratio": 0.8, "p99_ms_at_half_load": 25}
    print(json.dumps({"benchmark": "answers", **found, "goal": goal}))


def measure(ours: Server, theirs: Server, path: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Ask both in turns, each first as often as the other, then ours at half of that."""
    pairs = []
    costs: dict[int, list[tuple[float, float]]] = {ours.port: [], theirs.port: []}
    for number in range(rounds):
        turns = (ours, theirs) if number % 2 else (theirs, ours)
        borne = {}
        for server in turns:
            before = used_seconds(server.port)
            load = borne[server.port] = server.load(path, seconds)
            used = [after - before.get(pid, 0.0) for pid, after in used_seconds(server.port).items()]
            costs[server.port].append((1000 * sum(used) / (load.per_second * seconds), max(used) / sum(used)))
        pairs.append((borne[ours.port], borne[theirs.port]))
    pause_ms = 1000 * CONNECTIONS / (median(one.per_second for one, _ in pairs) / 2)
    halves = [put_load(ours.port, path, ours.headers, seconds, pause_ms) for _ in range(rounds)]
    return {
        "ratio": round(median(one.per_second / other.per_second for one, other in pairs), 2),
        "per_second": {
            "ours": round(median(one.per_second for one, _ in pairs)),
            "theirs": round(median(other.per_second for _, other in pairs)),
            "half_load": round(median(load.per_second for load in halves)),
        },
        "p99_ms": {
            "ours": round(median(one.p99_ms for one, _ in pairs), 1),
            "theirs": round(median(other.p99_ms for _, other in pairs), 1),
        },
        "p99_ms_at_half_load": round(median(load.p99_ms for load in halves), 1),
        "processor_ms": {
            "ours": round(median(cost for cost, _ in costs[ours.port]), 2),
            "theirs": round(median(cost for cost, _ in costs[theirs.port]), 2),
        },
        "busiest": {
            "ours": [round(share, 2) for _, share in costs[ours.port]],
            "theirs": [round(share, 2) for _, share in costs[theirs.port]],
        },
    }


def used_seconds(port: int) -> dict[int, float]:
    """What each process of a server has used of the processors so far."""
    heads = [
        process
        for process in psutil.Process().children(recursive=True)
        if any(
            line.laddr.port == port and line.status == psutil.CONN_LISTEN
            for line in process.net_connections()
        )
    ]
    family = {*heads, *(child for head in heads for child in head.children(recursive=True))}
    return {process.pid: sum(process.cpu_times()[:2]) for process in family}


@contextmanager
def both() -> Iterator[tuple[Server, Server]]:
    """Run ours with warm answers, and the other app with the same."""
    with ExitStack() as stack:
        data = stack.enter_context(TemporaryDirectory())
        redis, live, own, other = (free_port() for _ in range(4))
        secret = secrets.token_hex(32)
        settings = {
            "DATA_DIR": data, "DATABASE_URL": "", "REDIS_URL": f"redis://127.0.0.1:{redis}/0", "PORT": str(own),
            "API_BIND_ADDRESS": "127.0.0.1", "API_WORKERS": str(WORKERS), "LOG_LEVEL": "WARNING",
            "LIVE_PORT": str(live), "LIVE_SECRET": secret, "BROWSER_PATH": "none", "BASELINE_SECRET": secret,
            "CACHE_LIVE_SECONDS": str(DAY_SECONDS), "CACHE_SEARCH_SECONDS": str(DAY_SECONDS),
            "RATE_LIMIT_LIVE": f"user:{UNREACHED}", "RATE_LIMIT_PLANS": f"pro:{UNREACHED}",
        }  # fmt: skip
        key = api_key(data)
        keeper = ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", ""]
        app = python("uvicorn", "benchmarks.answers_baseline:app", "--workers", str(WORKERS))
        app += ["--port", str(other), "--log-level", "warning", "--no-access-log"]
        stack.enter_context(run([*keeper, "--logfile", str(Path(data, "redis.log"))], redis))
        stack.enter_context(run(python("webapi"), own, **settings))
        stack.enter_context(run(app, other, **settings))
        _, tokens = Server(own, {}).ask("POST", "/api/v1/auth/token", {"api_key": key})
        ours = Server(own, {"Authorization": f"Bearer {tokens['access_token']}"})
        with run_standin() as site, run(python("crawler.live"), live, **settings, TIKTOK_BASE_URL=site):
            warm(ours, Redis(port=redis))
        shown = jwt.encode({"sub": "benchmark", "exp": time.time() + DAY_SECONDS}, secret, "HS256")
        yield ours, Server(other, {"Authorization": f"Bearer {shown}"})


def api_key(data: str) -> str:
    """Make a client with a plan that is counted; its key."""
    engine = open_engine(f"sqlite:///{Path(data, DATABASE_FILE)}")
    migrate(engine)
    made = create_client(engine, "benchmark", Plan.PRO, datetime.now(UTC))
    engine.dispose()
    return made.api_key


def warm(ours: Server, redis: Redis) -> None:
    """Let ours find what it will be asked for, and give the other app the same bodies."""
    for path, key in PATHS.values():
        ours.ask("GET", path)
        _, document = ours.ask("GET", path)
        assert document["cached"], document
        redis.set(key, json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


if __name__ == "__main__":
    main()
