"""A crowd of processes that send as fast as the pace lets them: `benchmarks.pace` and the tests start it.

    python -m benchmarks.pace_sender WHERE PER_SECOND BURST SECONDS CALLERS PROCESSES

Prints "ready", then for each request the process and when it went out, in microseconds of the machine's clock.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from store.pace import Bucket, Governor
from store.pace.memory_state import process_clock
from store.pace.redis_state import RedisState
from store.pace.sql_state import open_mysql, open_sqlite
from store.pace.state import State

KEY = "exit:crowd"
GRACE_SECONDS = 1.0
LAST_TRY_SECONDS = 0.5
"""As in real life the grace is twice the longest pause between two tries, both shorter."""


def open_where(where: str) -> State:
    """A Redis URL, a MySQL URL or a file."""
    if where.startswith("redis:"):
        return RedisState(where, grace_seconds=GRACE_SECONDS)
    return open_mysql(where) if where.startswith("mysql") else open_sqlite(Path(where))


async def send(governor: Governor, bucket: Bucket, until: int) -> None:
    """Send until the time is over; what comes out of the governor after it is not counted."""
    while process_clock() < until:
        await governor.turn([bucket])
        if process_clock() < until:
            print(os.getpid(), process_clock(), flush=True)


async def main(where: str, per_second: float, burst: int, seconds: float, callers: int) -> None:
    """Let several callers share one governor."""
    governor = Governor(open_where(where), last_try_seconds=LAST_TRY_SECONDS)
    bucket = Bucket(KEY, per_second, burst)
    until = process_clock() + int(seconds * 1_000_000)
    senders = [asyncio.create_task(send(governor, bucket, until)) for _ in range(callers)]
    await asyncio.wait(senders, timeout=seconds)
    for sender in senders:
        sender.cancel()
    await asyncio.gather(*senders, return_exceptions=True)
    await governor.close()


def crowd(processes: int) -> None:
    """Go on as that many processes; the first, which is the one that was started, waits for the others."""
    print("ready", flush=True)
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            return
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    sys.exit()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    crowd(int(sys.argv[6]))
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
