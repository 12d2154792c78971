"""Whether many processes keep one pace, and what a request's turn costs.

    python -m benchmarks.pace [--seconds 60] [--processes 8] [--per-second 10] [--redis redis://127.0.0.1:6379/0]

First every process sends as fast as it may on one exit, in each home of the pace. Prints one JSON line per home:
the requests in the fullest ten seconds divided by what the rate allows must not exceed 1.02. Then one line per
home with the microseconds of a booking, against the same home's plainest write; `ratio` is how many such writes a
booking is worth. The Redis must be one that nobody else uses at the time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from benchmarks.pace_sender import open_where
from store.pace import Bucket

T = TypeVar("T")

WINDOW = 10_000_000
"""Microseconds."""
ROUNDS, WARM_UP = 600, 50


@dataclass
class Crowd:
    """Processes that share one exit."""

    where: str
    per_second: float
    seconds: float
    processes: int = 8
    callers: int = 2
    burst: int = 1
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start all of them; return when they begin to send."""
        shape = [self.per_second, self.burst, self.seconds, self.callers, self.processes]
        command = [sys.executable, "-m", "benchmarks.pace_sender", self.where, *map(str, shape)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.process.stdout.readline()

    def finish(self) -> list[list[int]]:
        """Wait for all; return when each sent."""
        assert self.process
        each = defaultdict[str, list[int]](list)
        for line in self.process.communicate()[0].splitlines():
            sender, moment = line.split()
            each[sender].append(int(moment))
        return list(each.values())


def fullest(times: list[int], window: int = WINDOW) -> int:
    """Count the requests of the fullest window."""
    most, first = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def keep_pace(home: str, where: str, options: argparse.Namespace) -> None:
    """Let the crowd run; print how full its fullest window was."""
    crowd = Crowd(where, options.per_second, options.seconds, options.processes)
    crowd.start()
    each = crowd.finish()
    times = sorted(moment for one in each for moment in one)
    allowed = options.per_second * WINDOW / 1_000_000
    result = {
        "benchmark": "pace",
        "home": home,
        "processes": options.processes,
        "sent": len(times),
        "per_second": round((len(times) - 1) / (times[-1] - times[0]) * 1_000_000, 3),
        "rate": options.per_second,
        "fullest_window": fullest(times),
        "ratio": round(fullest(times) / allowed, 4),
        "least_and_most_of_a_process": [min(map(len, each)), max(map(len, each))],
        "shortest_gap_ms": round(min(later - sooner for sooner, later in pairwise(times)) / 1000, 1),
    }
    print(json.dumps(result))


async def median_cost(
    work: Callable[[], Awaitable[T]], undo: Callable[[T], Awaitable[object]] | None = None
) -> float:
    """Microseconds that `work` takes."""
    taken = []
    for number in range(WARM_UP + ROUNDS):
        begun = time.perf_counter()
        result = await work()
        if number >= WARM_UP:
            taken.append(time.perf_counter() - begun)
        if undo:
            await undo(result)
    return statistics.median(taken) * 1_000_000


async def cost(home: str, where: str, plainest_write: Callable[[], Awaitable[object]]) -> None:
    """Print what a booking costs, alone and with a queue of a hundred before it."""
    state = open_where(where)
    buckets = [Bucket("exit:cost", 0.4), Bucket("identity:cost:detail", 0.3, burst=5)]
    booking = await median_cost(lambda: state.book(buckets), state.give_back)
    queue = [Bucket("exit:queue", 0.4)]
    waiting = [await state.book(queue) for _ in range(100)]
    behind = await median_cost(lambda: state.book(queue), state.give_back)
    stands = await median_cost(lambda: state.stands(waiting[50], 0.1))
    baseline = await median_cost(plainest_write)
    await state.close()
    result = {
        "benchmark": "pace_cost",
        "home": home,
        "book_two_buckets_us": round(booking),
        "book_behind_100_us": round(behind),
        "stands_us": round(stands),
        "plainest_write_us": round(baseline),
        "ratio": round(booking / baseline, 2),
    }
    print(json.dumps(result))


async def costs(file: str, redis: str) -> None:
    """SQLite's baseline writes one row on a thread; Redis's counts one number up."""
    connection = sqlite3.connect(f"{file}.plain", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, n INTEGER)")
    connection.execute("INSERT INTO plain VALUES (1, 0)")
    add_one = "UPDATE plain SET n = n + 1 WHERE id = 1"
    await cost("sqlite", file, lambda: asyncio.to_thread(connection.execute, add_one))
    connection.close()
    client = AsyncRedis.from_url(redis)
    await cost("redis", redis, lambda: client.incr("plain"))
    await client.delete("plain")
    await client.aclose()


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--per-second", type=float, default=10)
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        file = str(Path(directory, "pace.db"))
        keep_pace("sqlite", file, options)
        _forget(options.redis)
        keep_pace("redis", options.redis, options)
        asyncio.run(costs(file, options.redis))
        _forget(options.redis)


def _forget(redis: str) -> None:
    client = Redis.from_url(redis)
    for key in client.scan_iter("{tiktok:pace}:*"):
        client.delete(key)
    client.close()


if __name__ == "__main__":
    main()
