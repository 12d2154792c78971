"""List pages per second of the stand-in on one core, beside a bare aiohttp handler with an equally long body.

`python -m benchmarks.standin` prints one JSON line. Every page asked for is another one (15 posts each, walking
the account of 100,000 posts), so nothing can be answered from a cache. The rate of "one core" is answers per
second of the server's own processor time, so that neighbours on a shared machine do not blur it; what the clock
on the wall saw stands beside it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from standin.world.accounts import EPOCH
from standin.world.cast import CAST
from standin.world.ids import make_sec_uid

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
SECONDS = 1.5
CONNECTIONS = 4
PATH = "/api/creator/item_list/"
HUGE = next(number for number, role in enumerate(CAST) if role.username == "huge.archive")
PAGES = CAST[HUGE].posts // 15


def main() -> None:
    """Measure both in turns and print the medians and their ratio."""
    with _server("-m", "standin", "--port", "0") as site:
        length = len(_ask(site, next(_queries())))
        with _server("-m", "benchmarks.standin", "bare", str(length)) as bare:
            rounds = [(_measured(site), _measured(bare)) for _ in range(ROUNDS)]
    result = {
        "benchmark": "standin",
        "list_pages_per_core_second": round(statistics.median(site.per_core for site, _ in rounds)),
        "bare_handler_per_core_second": round(statistics.median(bare.per_core for _, bare in rounds)),
        "ratio": round(statistics.median(site.per_core / bare.per_core for site, bare in rounds), 2),
        "list_pages_per_wall_second": round(statistics.median(site.per_wall for site, _ in rounds)),
        "page_bytes": length,
    }
    print(json.dumps(result))


def serve_constant(length: int) -> None:
    """Serve the baseline: one handler, one body, nothing else."""
    body = b"x" * length

    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async def serve() -> None:
        app = web.Application()
        app.router.add_get(PATH, handler)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"bare handler listening on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())


class Server(NamedTuple):
    """A server under load."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Return the processor time it has used."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class Rate(NamedTuple):
    """Answers per second, of processor time and of time on the wall."""

    per_core: float
    per_wall: float


@contextmanager
def _server(*arguments: str) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    cores = sorted(os.sched_getaffinity(0))
    try:
        os.sched_setaffinity(process.pid, cores[:1])
        os.sched_setaffinity(0, cores[-1:])
        assert process.stdout is not None
        yield Server(int(process.stdout.readline().strip().rsplit(":", 1)[1]), process.pid)
    finally:
        os.sched_setaffinity(0, cores)
        process.terminate()
        process.wait()


def _queries() -> Iterator[bytes]:
    """Give the requests of an endless walk, ready to send."""
    common = {
        "aid": 1988, "app_language": "en", "app_name": "tiktok_web", "browser_language": "en-US",
        "browser_name": "Mozilla", "browser_online": "true", "browser_platform": "Win32",
        "browser_version": "5.0 (Windows)", "channel": "tiktok_web", "cookie_enabled": "true", "count": 15,
        "device_id": "7512345678901234567", "device_platform": "web_pc", "focus_state": "true", "from_page": "user",
        "history_len": 2, "is_fullscreen": "false", "is_page_visible": "true", "language": "en", "os": "windows",
        "priority_region": "", "referer": "", "region": "US", "screen_height": 1080, "screen_width": 1920,
        "secUid": make_sec_uid(HUGE), "type": 1, "tz_name": "UTC", "verifyFp": "verify_standin",
        "webcast_language": "en",
    }  # fmt: skip
    while True:
        for page in range(PAGES):
            cursor = (EPOCH - page * 15 * CAST[HUGE].step) * 1000
            target = f"{PATH}?{urlencode(common | {'cursor': cursor})}"
            yield f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ttwid=bench\r\n\r\n".encode()


def _measured(server: Server) -> Rate:
    used, start = server.processor_seconds(), time.perf_counter()
    answers = asyncio.run(_load(server.port, start + SECONDS))
    wall = time.perf_counter() - start
    return Rate(answers / (server.processor_seconds() - used), answers / wall)


async def _load(port: int, deadline: float) -> int:
    """Ask over a few connections at once for a while."""
    queries = _queries()
    return sum(await asyncio.gather(*(_connection(port, queries, deadline) for _ in range(CONNECTIONS))))


async def _connection(port: int, queries: Iterator[bytes], deadline: float) -> int:
    loop = asyncio.get_running_loop()
    buffer = memoryview(bytearray(1 << 20))
    answered = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setblocking(False)  # the socket's own signature
        while time.perf_counter() < deadline:
            await loop.sock_sendall(connection, next(queries))
            await _read_answer(loop, connection, buffer)
            answered += 1
    return answered


async def _read_answer(loop: asyncio.AbstractEventLoop, connection: socket.socket, buffer: memoryview) -> int:
    """Read one answer by its Content-Length; anything but 200 ends the measurement."""
    got = await loop.sock_recv_into(connection, buffer)
    head = bytes(buffer[: min(got, 4096)])
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head[:200])
    wanted = head.index(b"\r\n\r\n") + 4 + int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while got < wanted:
        received = await loop.sock_recv_into(connection, buffer[got:])
        if not received:
            raise ConnectionError("the answer was cut")
        got += received
    return wanted


def _ask(server: Server, query: bytes) -> bytes:
    async def ask() -> bytes:
        buffer = memoryview(bytearray(1 << 20))
        loop = asyncio.get_running_loop()
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.setblocking(False)  # the socket's own signature
            await loop.sock_sendall(connection, query)
            wanted = await _read_answer(loop, connection, buffer)
        return bytes(buffer[:wanted]).split(b"\r\n\r\n", 1)[1]

    return asyncio.run(ask())


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        serve_constant(int(sys.argv[2]))
    else:
        main()
