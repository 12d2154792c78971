"""Two hundred streams under the real server, whose processes have two threads each: none of these is held."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import aiohttp

from tests.webapi.archive.contract import GOOD_JOB
from tests.webapi.processes import running_api

STREAMS = 200
KEY = "a-key-for-this-test-alone"
SETTINGS: dict[str, object] = {
    "api_workers": 2,
    "api_threads": 2,
    "api_keys": KEY,
    "api_streams_per_client": STREAMS,
    "rate_limits": "false",
}
PATIENCE_SECONDS = 60


async def listen(
    session: aiohttp.ClientSession, url: str, *, by_websocket: bool, opened: list[str]
) -> list[str]:
    """Watch until the end; give what came."""
    heard = []
    if by_websocket:
        async with session.ws_connect(f"{url.replace('/api/v1', '/ws')}") as connection:
            async for message in connection:
                heard.append(message.json()["status"])
                opened.append(url)
            assert connection.close_code == 1000
        return heard
    async with session.get(f"{url}/events") as response:
        async for line in response.content:
            if line.startswith(b'data: {"id'):
                heard.append(line.partition(b'"status":"')[2].partition(b'"')[0].decode())
                opened.append(url)
    return heard


async def watch_many(base: str) -> tuple[list[list[str]], float, float]:
    """Open the streams, ask plain questions meanwhile, then end the job."""
    session = aiohttp.ClientSession(base, headers={"X-API-Key": KEY}, connector=aiohttp.TCPConnector(limit=0))
    async with session, asyncio.timeout(PATIENCE_SECONDS):
        async with session.post("/api/v1/jobs", json=GOOD_JOB) as response:
            job: dict[str, Any] = await response.json()
        path, opened = f"/api/v1/jobs/{job['id']}", list[str]()
        streams = [
            asyncio.create_task(listen(session, path, by_websocket=bool(number % 2), opened=opened))
            for number in range(STREAMS)
        ]
        while len(opened) < STREAMS:
            assert not any(stream.done() for stream in streams)
            await asyncio.sleep(0.05)
        asked = time.monotonic()
        for _ in range(20):
            async with session.get("/api/v1/jobs") as response:
                assert response.status == 200
        answered = time.monotonic() - asked
        async with session.post(f"{path}/cancel") as response:
            assert response.status == 200
        ended = time.monotonic()
        return await asyncio.gather(*streams), answered, time.monotonic() - ended


def test_streams_leave_the_threads_to_plain_requests(tmp_path: Path) -> None:
    with running_api(tmp_path, **SETTINGS) as api:
        heard, answered, told = asyncio.run(watch_many(f"http://127.0.0.1:{api.port}"))

    assert heard == [["pending", "cancelled"]] * STREAMS
    assert answered < 20
    assert told < 20
    output = (tmp_path / "output").read_text()
    assert "Traceback" not in output
    assert output.count('"status":101') == output.count("/events") == STREAMS // 2
