"""What a cached answer costs, and that a crowd on a cold key is one fill.

    python -m benchmarks.cache [--redis redis://127.0.0.1:6379/0] [--calls 20000]

Prints one JSON line per home. `ratio` is reads per second through the cache, hits counted, divided by those of the
home's plainest read of the same 10 kB: one SELECT, one GET. Then, for each home, how often 1,000 equal calls from
four processes filled, and the calls per second of four processes on warm keys. The Redis loses the benchmark's keys.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis

from benchmarks.cache_caller import BODY, ROOM, open_where
from store.cache import Fresh
from store.cache.sqlite_tables import FILE

ROUNDS = 5


def per_second(work: Callable[[], object], calls: int) -> float:
    """Median of a few rounds."""
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(calls // ROUNDS):
            work()
        rates.append(calls // ROUNDS / (time.perf_counter() - started))
    return statistics.median(rates)


def crowd(where: str, *options: object) -> list[str]:
    """Lines of a crowd."""
    command = [sys.executable, "-m", "benchmarks.cache_caller", where, *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def measure(home: str, where: str, plainest_read: Callable[[], object], calls: int) -> None:
    """Print a line about one home."""
    fills = sum(line.startswith("filled") for line in crowd(where, 4, 25, 250, 1, 0.3))
    warm = crowd(where, 4, 1, calls, 20, 0.0)
    cache = open_where(where)
    reads = per_second(lambda: cache.read_through("search:0", 600, lambda: Fresh(BODY)), calls)
    plain = per_second(plainest_read, calls)
    cache.close()
    result = {
        "benchmark": "cache",
        "home": home,
        "reads_per_second": round(reads),
        "plainest_reads_per_second": round(plain),
        "ratio": round(reads / plain, 2),
        "reads_per_second_of_four_processes": round(
            sum(float(line.split()[1]) for line in warm if line.startswith("calls"))
        ),
        "fills_of_1000_equal_calls": fills,
    }
    print(json.dumps(result))


def main() -> None:
    """Measure both homes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0")
    parser.add_argument("--calls", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        open_where(folder).stats()
        connection = sqlite3.connect(Path(folder, FILE), isolation_level=None)
        find = "SELECT body FROM entries WHERE key = 'search:0'"
        measure("sqlite", folder, lambda: connection.execute(find).fetchone(), options.calls)
        connection.close()
    client = Redis.from_url(options.redis)
    _forget(client)
    client.set(f"{{tiktok:cache:{ROOM}}}:plain", BODY)
    measure("redis", options.redis, lambda: client.get(f"{{tiktok:cache:{ROOM}}}:plain"), options.calls)
    _forget(client)
    client.close()


def _forget(client: Redis) -> None:
    for key in client.scan_iter(f"{{tiktok:cache:{ROOM}}}:*"):
        client.delete(key)


if __name__ == "__main__":
    main()
