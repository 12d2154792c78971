"""Live lookups against a bare fetch: calls per second and how long each takes.

    python -m benchmarks.live [--calls 1000] [--at-once 16] [--rounds 3]
    python -m benchmarks.live --memory 20000

The first asks the live service for profiles, no two alike, so many calls at once, and a FastAPI app that does the least
there is to do: fetch the same page with httpx, find its data, `json.loads`, answer. Both run in one process each, under
uvloop, and ask the same stand-in; the rounds take turns. `overhead_ms` is what one call alone takes longer than that
fetch without any server around it. Prints the ratio of calls per second, which should be at least 0.5, a median of at
most 60 ms, and an overhead of at most 30.

The second asks so often, and prints the memory of the serving process after a tenth and after all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import httpx

from benchmarks.site import ROOT, run_standin, usernames

SECRET = "a-secret-of-the-benchmark"  # noqa: S105  # of a service that lives for a minute
USERS = 1_000
BEGIN, END = b'id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">', b"</script>"
START_SECONDS = 60.0

Ask = Callable[[str], Awaitable[None]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=1_000, help="calls per round (default 1000)")
    parser.add_argument("--at-once", type=int, default=16, help="calls at once (default 16)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, the two in turn (default 3)")
    parser.add_argument("--memory", type=int, help="measure the memory over so many calls instead")
    parser.add_argument("--bare", nargs=2, metavar=("PORT", "SITE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        _serve_barely(int(given.bare[0]), given.bare[1])
    elif given.memory:
        print(json.dumps(asyncio.run(_memory_report(given.memory, given.at_once))))
    else:
        print(json.dumps(asyncio.run(_speed_report(given.calls, given.at_once, given.rounds))))


async def _speed_report(calls: int, at_once: int, rounds: int) -> dict[str, Any]:
    names = usernames(USERS)
    with run_standin(USERS) as site, _live(site, at_once) as live, _bare(site) as bare:
        async with _session() as session, httpx.AsyncClient() as client:
            ask_live, ask_bare = _asking_live(session, live), _asking_bare(session, bare)

            async def fetch(name: str) -> None:
                await _fetch_barely(client, f"{site}/@{name}")

            for ask in (ask_live, ask_bare, fetch):  # connections, caches, guests with their first cookies
                await _rate(ask, names, 4 * at_once, at_once)
            alone = [
                (await _rate(fetch, names, 100, 1), await _rate(ask_live, names, 100, 1))
                for _ in range(rounds)
            ]
            pairs = [
                (
                    await _rate(ask_live, names, calls, at_once),
                    await _rate(ask_bare, names, calls, at_once),
                )
                for _ in range(rounds)
            ]
    return {
        "benchmark": "live",
        "calls": calls,
        "at_once": at_once,
        "calls_per_second": {
            "live": round(median(live.per_second for live, _ in pairs), 1),
            "bare": round(median(bare.per_second for _, bare in pairs), 1),
        },
        "p50_ms": {
            "live": round(median(live.p50_ms for live, _ in pairs), 1),
            "bare": round(median(bare.p50_ms for _, bare in pairs), 1),
            "live_alone": round(median(live.p50_ms for _, live in alone), 1),
            "fetch_alone": round(median(fetch.p50_ms for fetch, _ in alone), 1),
        },
        "overhead_ms": round(median(live.p50_ms - fetch.p50_ms for fetch, live in alone), 1),
        "ratio": round(median(live.per_second / bare.per_second for live, bare in pairs), 3),
        "goal": {"ratio": 0.5, "p50_ms": 60, "overhead_ms": 30},
    }


async def _memory_report(calls: int, at_once: int) -> dict[str, Any]:
    names = usernames(USERS)
    megabytes = []
    with run_standin(USERS) as site, _live(site, at_once) as live:
        async with _session() as session:
            ask = _asking_live(session, live)
            for part in (calls // 10, calls - calls // 10):
                await _rate(ask, names, part, at_once)
                async with session.get(f"{live}/health") as health:
                    megabytes.append((await health.json())["memory_mb"])
    early, late = megabytes
    return {
        "benchmark": "live_memory",
        "calls": calls,
        "megabytes": {"after_a_tenth": early, "after_all": late},
        "ratio": round(late / early, 3),
        "goal": {"ratio": 1.2},
    }


class Rate:
    """What a series of calls came to."""

    def __init__(self, seconds: float, each: Sequence[float]) -> None:
        self.per_second = len(each) / seconds
        self.p50_ms = 1000 * median(each)


async def _rate(ask: Ask, names: Sequence[str], calls: int, at_once: int) -> Rate:
    each: list[float] = []
    left = islice(cycle(names), calls)

    async def caller() -> None:
        for name in left:
            began = time.perf_counter()
            await ask(name)
            each.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(at_once)))
    return Rate(time.perf_counter() - began, each)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Authorization": f"Bearer {SECRET}"}
    )


def _asking_live(session: aiohttp.ClientSession, url: str) -> Ask:
    async def ask(name: str) -> None:
        question = {"lookup": "user", "target": name}
        async with session.post(f"{url}/lookups", json=question) as reply:
            body = await reply.read()
        assert reply.status == 200, body[:200]
        assert b'"outcome":"ok"' in body, body[:200]

    return ask


def _asking_bare(session: aiohttp.ClientSession, url: str) -> Ask:
    async def ask(name: str) -> None:
        async with session.get(f"{url}/users/{name}") as reply:
            body = await reply.read()
        assert reply.status == 200, body[:200]

    return ask


async def _fetch_barely(client: httpx.AsyncClient, url: str) -> Any:
    page = (await client.get(url)).content
    start = page.index(BEGIN) + len(BEGIN)
    return json.loads(page[start : page.index(END, start)])


def _serve_barely(port: int, site: str) -> None:
    """What anybody would write first."""
    import uvicorn  # noqa: PLC0415  # of the baseline's process only
    from fastapi import FastAPI  # noqa: PLC0415  # as above

    application = FastAPI()
    client = httpx.AsyncClient()

    @application.get("/users/{name}")
    async def user(name: str) -> Any:
        document = await _fetch_barely(client, f"{site}/@{name}")
        return document["__DEFAULT_SCOPE__"]["webapp.user-detail"]["userInfo"]

    uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning", access_log=False)


@contextmanager
def _live(site: str, at_once: int) -> Iterator[str]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "TIKTOK_BASE_URL": site,
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "LIVE_PORT": str(port),
            "LIVE_SECRET": SECRET,
            "LIVE_MOST": str(at_once),
            "LIVE_MEMORY_MB": "0",
            "LOG_LEVEL": "WARNING",
        }
        with _running(["crawler.live"], port, Path(folder, "log"), environment):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def _bare(site: str) -> Iterator[str]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        words = ["benchmarks.live", "--bare", str(port), site]
        with _running(words, port, Path(folder, "log"), dict(os.environ)):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(words: Sequence[str], port: int, log: Path, environment: dict[str, str]) -> Iterator[None]:
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=file, stderr=file
        ) as process,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _listens(port):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return not probe.connect_ex(("127.0.0.1", port))


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
