"""A crowd of processes that ask one cache: `benchmarks.cache` and the tests start it.

    python -m benchmarks.cache_caller WHERE PROCESSES THREADS CALLS KEYS FILL_SECONDS [DIES]

Each process asks so many times, by turns for each of the keys, over so many threads. Prints a line per fill, with
the key, and a line per process with its calls per second. With DIES, the first process is killed in its first fill.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from store.cache import Cache, Fresh
from store.cache.redis_state import RedisState
from store.cache.sqlite_state import SqliteState

BODY = b"x" * 10_000
"""As large as an answer of twenty products."""
MOST_BYTES = 64 * 1024 * 1024
ROOM = "crowd"


def open_where(where: str, most_bytes: int = MOST_BYTES) -> Cache:
    """A Redis URL or a folder."""
    if where.startswith("redis:"):
        return Cache(RedisState(where, ROOM, most_bytes))
    return Cache(SqliteState(Path(where), most_bytes))


def say(line: str) -> None:
    """In one write, so that lines of two processes don't mix."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def call(cache: Cache, threads: int, calls: int, keys: int, fill_seconds: float, *, dies: bool) -> None:
    """Ask so many times."""

    def ask(number: int) -> None:
        key = f"search:{number % keys}"

        def fill() -> Fresh:
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
            say(f"filled {key}")
            time.sleep(fill_seconds)
            return Fresh(BODY)

        assert cache.read_through(key, 600, fill).body == BODY

    started = time.perf_counter()
    if threads == 1:
        for number in range(calls):
            ask(number)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(ask, range(calls)))
    say(f"calls_per_second {calls / (time.perf_counter() - started)}")


def main() -> None:
    """Go on as that many processes."""
    processes, threads, calls, keys = map(int, sys.argv[2:6])
    fill_seconds, dying = float(sys.argv[6]), sys.argv[7:] == ["DIES"]
    cache = open_where(sys.argv[1])
    children = []
    for number in range(processes):
        child = os.fork()
        if not child:
            dies = dying and number == 0
            if dying and not dies:
                time.sleep(0.5)  # until the first one has the lease
            call(cache, threads, calls, keys, fill_seconds, dies=dies)
            cache.close()
            return
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
