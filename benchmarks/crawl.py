"""Full crawl against bare download: what do judging, parsing, the stations and the database cost?

    python -m benchmarks.crawl [--pages 2000] [--rounds 3]

Crawls the histories of the stand-in's accounts into SQLite, then lets a bare Scrapy spider, with Scrapy's own
defaults, fetch the very same pages and throw them away. Each runs in a process of its own, in turns; start-up
does not count. Prints one JSON line: pages per second and the ratio, which should be at least 0.5, and the same in
processor time, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, NamedTuple

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings

from benchmarks.site import ROOT, run_standin, usernames

CONCURRENCY = {"CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "ERROR"}
HANDLERS = {
    "twisted": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
    "aiohttp": "crawler.handlers.http.HttpHandler",
}
PAGES_PER_ACCOUNT = 5
"""List pages of an ordinary account, on average; its profile page comes on top."""


class Speed(NamedTuple):
    """Pages by the clock and by processor time."""

    per_second: float
    per_cpu_second: float


class BareSpider(scrapy.Spider):
    """Downloads and forgets."""

    name = "bare"
    urls: ClassVar[list[str]] = []

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True, headers={"Referer": url, "User-Agent": "Mozilla/5.0"})

    def parse(self, response: Response) -> None:
        """Nothing to do: this is what the full crawl is held against."""


def crawl_fully(users: str, urls: Path) -> dict[str, float]:
    """Run the `profile` spider and note the pages it read."""
    settings = get_project_settings()
    settings.setdict(CONCURRENCY, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("profile")
    seen: list[str] = []
    crawler.signals.connect(
        lambda response: seen.append(response.url), signal=signals.response_received, weak=False
    )
    spent = _run(process, crawler, user=users, fresh="1")
    urls.write_text("\n".join(seen))
    return {**spent, "pages": len(seen)}


def crawl_barely(handler: str, urls: Path) -> dict[str, float]:
    """Run the bare spider over the noted pages."""
    BareSpider.urls = urls.read_text().split()
    process = AsyncCrawlerProcess(
        {**CONCURRENCY, "DOWNLOAD_HANDLERS": {"http": HANDLERS[handler]}, "REMOTE_CONTROL_ENABLED": False}
    )
    spent = _run(process, process.create_crawler(BareSpider))
    return {**spent, "pages": len(BareSpider.urls)}


def _run(process: AsyncCrawlerProcess, crawler: Any, **arguments: Any) -> dict[str, float]:
    """Crawl; give the seconds on the clock and of processor time."""
    moments: list[tuple[float, float]] = []

    def look() -> None:
        moments.append((time.perf_counter(), time.process_time()))

    for signal in (signals.spider_opened, signals.engine_stopped):
        crawler.signals.connect(look, signal=signal, weak=False)
    process.crawl(crawler, **arguments)
    process.start()
    (opened, opened_cpu), (stopped, stopped_cpu) = moments[0], moments[-1]
    return {"seconds": stopped - opened, "cpu_seconds": stopped_cpu - opened_cpu}


def _in_process(site: str, folder: Path, *arguments: str) -> Speed:
    """Run one of the two in a process of its own."""
    environment = {
        **os.environ,
        "TIKTOK_BASE_URL": site,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/{time.monotonic_ns()}.db",
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
    }
    command = [sys.executable, "-m", "benchmarks.crawl", "--only", *arguments]
    told = json.loads(subprocess.check_output(command, cwd=ROOT, env=environment, text=True).splitlines()[-1])
    return Speed(told["pages"] / told["seconds"], told["pages"] / told["cpu_seconds"])


def _round(site: str, users: str, folder: Path) -> dict[str, Speed]:
    urls = str(folder / "urls.txt")
    return {
        "full": _in_process(site, folder, "full", users, urls),
        "bare": _in_process(site, folder, "bare", "twisted", urls),
        "bare_same_client": _in_process(site, folder, "bare", "aiohttp", urls),
    }


def _report(rounds: list[dict[str, Speed]]) -> dict[str, Any]:
    names = ("bare", "bare_same_client")
    return {
        "benchmark": "crawl",
        "pages_per_second": {
            name: round(median(each[name].per_second for each in rounds), 1) for name in rounds[0]
        },
        "ratio_to": {
            name: round(median(each["full"].per_second / each[name].per_second for each in rounds), 3)
            for name in names
        },
        "cpu_ratio_to": {
            name: round(median(each["full"].per_cpu_second / each[name].per_cpu_second for each in rounds), 3)
            for name in names
        },
        "goal": {"bare": 0.5},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000, help="list pages to crawl (default 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, the three in turn (default 3)")
    parser.add_argument("--only", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        what, subject, urls = given.only
        run = crawl_fully if what == "full" else crawl_barely
        print(json.dumps(run(subject, Path(urls))))
        return
    users = ",".join(usernames(given.pages // PAGES_PER_ACCOUNT))
    with run_standin() as site, tempfile.TemporaryDirectory() as folder:
        rounds = [_round(site, users, Path(folder)) for _ in range(given.rounds)]
    print(json.dumps(_report(rounds)))


if __name__ == "__main__":
    main()
