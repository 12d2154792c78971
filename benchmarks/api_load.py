"""Load on an HTTP server: by wrk where it is installed, else by threads of our own, which ask less fast."""

from __future__ import annotations

import http.client
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

CONNECTIONS = 16
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What a server bore."""

    per_second: float
    p99_ms: float


def put_load(port: int, path: str, headers: Mapping[str, str], seconds: float, pause_ms: float = 0.0) -> Load:
    """Ask for a path over and over on a few connections; raise `AssertionError` for any answer but 2xx and 3xx.

    `pause_ms` is how long each connection rests before a request, on average: as callers who don't know of each other.
    """
    if wrk := shutil.which("wrk"):
        return _by_wrk(wrk, f"http://127.0.0.1:{port}{path}", headers, seconds, pause_ms)
    return _by_threads(port, path, headers, seconds, pause_ms)


def _by_wrk(wrk: str, url: str, headers: Mapping[str, str], seconds: float, pause_ms: float) -> Load:
    named = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--latency", *named]
    with TemporaryDirectory() as folder:
        if pause_ms:
            script = Path(folder, "rest.lua")
            script.write_text(
                f"function delay() return math.floor({-pause_ms} * math.log(1 - math.random())) end\n"
            )
            command += ["-s", str(script)]
        told = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    rate, slowest = re.search(r"Requests/sec:\s+([\d.]+)", told), re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate, told
    assert slowest, told
    return Load(float(rate[1]), float(slowest[1]) * UNITS[slowest[2]])


def _by_threads(port: int, path: str, headers: Mapping[str, str], seconds: float, pause_ms: float) -> Load:
    taken: list[float] = []
    ends = time.monotonic() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends:
            if pause_ms:
                time.sleep(random.expovariate(1000 / pause_ms))
            began = time.monotonic()
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            response.read()
            assert response.status < 400, response.status
            taken.append(time.monotonic() - began)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken
    return Load(len(taken) / seconds, 1000 * sorted(taken)[int(0.99 * (len(taken) - 1))])
