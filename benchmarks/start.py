"""From schedule to first request: how long does a crawl that a node is told to start take to ask its first question?

    python -m benchmarks.start [--crawls 15]

Schedules crawls of one profile each, one after the other, as a worker does, and waits for the stand-in to see the
request. In turn it starts a bare Scrapy spider from the shell, which asks one question, too. Prints one JSON line with
the seconds; the median should be at most 1.2. On a busy machine the ratio to the bare start says more.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from benchmarks.nodes import Node, run_node
from benchmarks.site import ROOT, run_standin, usernames
from store.config import DATABASE_FILE
from store.engine import open_engine
from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.filling import Wanted
from store.schema import migrate

GOAL_SECONDS = 1.2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--crawls", type=int, default=15, help="crawls to start (default 15)")
    crawls = parser.parse_args().crawls
    with run_standin() as site, tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/{DATABASE_FILE}"
        engine = open_engine(url)
        migrate(engine)
        with run_node(Path(folder), TIKTOK_BASE_URL=site, DATABASE_URL=url, SCRAPYD_MAX_PROC="4") as node:
            # The first one also finds the spiders' bytecode and its guest.
            names = usernames(crawls + 1)
            pairs = [
                (_start(engine, node, site, name), _start_barely(site, Path(folder), name)) for name in names
            ]
        engine.dispose()
    seconds, bare = zip(*pairs[1:], strict=True)
    report = {
        "benchmark": "start",
        "crawls": crawls,
        "median_seconds": round(median(seconds), 3),
        "worst_seconds": round(max(seconds), 3),
        "bare_median_seconds": round(median(bare), 3),
        "ratio_to_bare": round(median(ours / theirs for ours, theirs in pairs[1:]), 2),
        "goal": {"median_seconds": GOAL_SECONDS},
    }
    print(json.dumps(report))


def _start(engine: Engine, node: Node, site: str, username: str) -> float:
    """Schedule one crawl; give the seconds until the site sees it, and wait for its end."""
    now = datetime.now(UTC)
    create_job(engine, JobRequest(kind="bulk_profiles"), [Wanted(username, username)], now)
    (shard,) = shards_to_schedule(engine, "benchmark", now, 1)
    job = f"start-{shard.id}"
    mark_scheduled(engine, shard.id, shard.attempt, now, node=node.url, scrapyd_job=job)
    seen = _requests(site)
    started = time.perf_counter()
    node.schedule("bulk_profiles", job, shard=str(shard.id), attempt=str(shard.attempt))
    while _requests(site) == seen:
        time.sleep(0.005)
    seconds = time.perf_counter() - started
    while node.ask(f"status.json?job={job}")["currstate"] != "finished":
        time.sleep(0.05)
    return seconds


def _start_barely(site: str, folder: Path, username: str) -> float:
    """Start a bare spider; give the seconds until the site sees its request."""
    urls = folder / "urls.txt"
    urls.write_text(f"{site}/@{username}")
    seen = _requests(site)
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.crawl", "--only", "bare", "twisted", str(urls)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL):
        while _requests(site) == seen:
            time.sleep(0.005)
        return time.perf_counter() - started


def _requests(site: str) -> int:
    with urllib.request.urlopen(f"{site}/__standin__/log", timeout=30) as answer:  # noqa: S310  # our own address
        counts: dict[str, int] = json.load(answer)["counts"]
    return sum(counts.values())


if __name__ == "__main__":
    main()
