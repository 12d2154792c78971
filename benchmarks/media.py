"""Archiving media against a bare loop: what do checking, booking and naming cost, and how much memory does it take?

    python -m benchmarks.media [--rounds 3] [--large 100] [--small 500]

Two loads: eight large files at once, and many small posts. Each is archived by a crawl (stations, book, sidecars and
all), and fetched by a bare aiohttp loop that streams to disk and computes the same hashes, each in a process of its
own, in turns. The origin is the same; start-up does not count. curl's time is told beside them. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from benchmarks.media_origin import SECONDS, run_origin
from benchmarks.site import ROOT
from crawler.media.access import Access
from crawler.spiders.video import VideoSpider
from tiktok.items import Rendition, Video

AT_ONCE = 8
SMALL_BYTES = 200_000
FIRST_ID = 7_400_000_000_000_000_000
EXTENSIONS = {"crawler.extensions.collector.SparingCollector": 1}
"""What every crawl has, but for those that keep jobs and tell of them."""
GOALS = {"large": 0.85, "small": 0.7, "peak_mb": 150}


class PostsSpider(VideoSpider):
    """Gives the stations posts without asking anybody."""

    origin: str
    posts: int
    size: int

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.posts):
            video_id = str(FIRST_ID + number)
            rendition = Rendition(
                urls=[f"{self.origin}/{number}"], codec="h264", width=576, height=1024, size_bytes=self.size
            )
            video = Video(id=video_id, username="somebody", duration=SECONDS, renditions=[rendition])
            self.origins.note([video], self.media_order, Access("Mozilla/5.0"))
            yield video
        while self.crawler.stats.get_value("media/downloaded", 0) < self.posts:  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.01)  # Scrapy itself would look every five seconds


def archive(origin: str, posts: int, size: int, folder: Path) -> dict[str, float]:
    """Let a crawl archive them."""
    settings = get_project_settings()
    more = {
        "LOG_LEVEL": "ERROR",
        "MEDIA_CONCURRENCY": AT_ONCE,
        "MEDIA_MIN_FREE_MB": 0,
        "EXTENSIONS": EXTENSIONS,
    }
    settings.setdict({**more, "FILES_STORE": str(folder / "archive")}, priority="cmdline")
    PostsSpider.origin, PostsSpider.posts, PostsSpider.size = origin, posts, size
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PostsSpider)
    moments: list[float] = []
    for signal in (signals.spider_opened, signals.engine_stopped):
        crawler.signals.connect(lambda: moments.append(time.perf_counter()), signal=signal, weak=False)
    process.crawl(crawler, url=str(FIRST_ID), media="1")
    process.start()
    assert crawler.stats.get_value("media/downloaded") == posts, crawler.stats.get_stats()
    return {"seconds": moments[-1] - moments[0]}


async def fetch(origin: str, posts: int, folder: Path) -> dict[str, float]:
    """Fetch them in a bare loop."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(session: aiohttp.ClientSession, number: int) -> None:
        sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        async with places, session.get(f"{origin}/{number}") as response:
            with (folder / f"{number}.mp4").open("wb") as file:
                async for block in response.content.iter_any():
                    sha256.update(block)
                    md5.update(block)
                    file.write(block)

    begun = time.perf_counter()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(None)) as session:
        await asyncio.gather(*(one(session, number) for number in range(posts)))
    return {"seconds": time.perf_counter() - begun}


def curl(origin: str, posts: int, folder: Path) -> float | None:
    """Let curl fetch them, without hashes; nothing where there is no curl."""
    program = shutil.which("curl")
    if program is None:
        return None
    begun = time.perf_counter()
    command = [
        program,
        "-sZ",
        "--parallel-max",
        str(AT_ONCE),
        "--output-dir",
        str(folder),
        "--remote-name-all",
    ]
    subprocess.run([*command, f"{origin}/[0-{posts - 1}]"], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _in_process(what: str, origin: str, posts: int, size: int) -> dict[str, float]:
    """Run one of them in a process of its own, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "TIKTOK_BASE_URL": origin,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        }
        command = [
            sys.executable,
            "-m",
            "benchmarks.media",
            "--only",
            what,
            origin,
            str(posts),
            str(size),
            folder,
        ]
        told: dict[str, float] = json.loads(
            subprocess.check_output(command, cwd=ROOT, env=environment, text=True).splitlines()[-1]
        )
        return told


def _measure(posts: int, size: int, rounds: int) -> dict[str, Any]:
    ours, bare, curls = [], [], []
    with run_origin(size) as origin:
        for _ in range(rounds):
            ours.append(_in_process("archive", origin, posts, size))
            bare.append(_in_process("fetch", origin, posts, size))
            with tempfile.TemporaryDirectory() as folder:
                curls.append(curl(origin, posts, Path(folder)))
    pairs = list(zip(ours, bare, strict=True))
    return {
        "posts": posts,
        "bytes": size,
        "seconds": round(median(each["seconds"] for each in ours), 2),
        "bare_seconds": round(median(each["seconds"] for each in bare), 2),
        "curl_seconds": round(median(each for each in curls if each), 2) if any(curls) else None,
        "ratio": round(median(other["seconds"] / each["seconds"] for each, other in pairs), 3),
        "peak_mb": round(max(each["peak_mb"] for each in ours)),
        "bare_peak_mb": round(max(each["peak_mb"] for each in bare)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds, the two in turn (default 3)")
    parser.add_argument(
        "--large", type=int, default=100, help="size of the eight large files in MB (default 100)"
    )
    parser.add_argument("--small", type=int, default=500, help="how many small posts (default 500)")
    parser.add_argument("--only", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        what, origin, posts, size, folder = given.only
        if what == "archive":
            told = archive(origin, int(posts), int(size), Path(folder))
        else:
            told = asyncio.run(fetch(origin, int(posts), Path(folder)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**told, "peak_mb": peak}))
        return
    large = _measure(AT_ONCE, given.large * 1_000_000, given.rounds)
    half = _measure(AT_ONCE, given.large * 500_000, 1)
    small = _measure(given.small, SMALL_BYTES, given.rounds)
    growth = large["peak_mb"] - half["peak_mb"]
    print(
        json.dumps({"benchmark": "media", "large": large, "small": small, "growth_mb": growth, "goal": GOALS})
    )


if __name__ == "__main__":
    main()
