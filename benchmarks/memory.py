"""Memory of a long crawl: does a profile of 100,000 posts need more than its first tenth did?

    python -m benchmarks.memory [--posts 100000]

Crawls the stand-in's largest account into SQLite in a process of its own and reads its resident memory twice a
second. Prints one JSON line: the peak, and the ratio of the whole crawl's peak to that of its first tenth; the
peak of a process that only imports Scrapy and the spider stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.site import ROOT, run_standin
from store.config import DATABASE_FILE

ACCOUNT = "huge.archive"
MIB = 1024 * 1024
SAMPLE_SECONDS = 0.5


@dataclass(slots=True)
class Sample:
    """One look at the process."""

    seconds: float
    rss_mib: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000, help="posts to crawl (default all 100,000)")
    posts = parser.parse_args().posts
    with run_standin() as site, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TIKTOK_BASE_URL": site, "DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "profile",
            "-a",
            f"user={ACCOUNT}",
            "-a",
            f"limit={posts}",
        ]
        samples = _watch(command, environment)
        stored = _count_rows(Path(folder, DATABASE_FILE))
        idle = _watch([sys.executable, "-c", "import scrapy.cmdline, crawler.spiders.profile"], environment)
    print(json.dumps(_report(samples, idle, stored)))


def _watch(command: list[str], environment: dict[str, str]) -> list[Sample]:
    """Run the command to its end and look at it all the while."""
    started = time.monotonic()
    samples: list[Sample] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            samples.append(Sample(time.monotonic() - started, _rss_mib(process.pid)))
            time.sleep(SAMPLE_SECONDS / 5 if len(samples) < 20 else SAMPLE_SECONDS)
    return samples


def _count_rows(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM videos").fetchone()[0])


def _rss_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / MIB if found else 0.0


def _report(samples: list[Sample], idle: list[Sample], stored: int) -> dict[str, object]:
    tenth = samples[-1].seconds / 10
    first_tenth = max(sample.rss_mib for sample in samples if sample.seconds <= tenth)
    peak = max(sample.rss_mib for sample in samples)
    return {
        "benchmark": "memory",
        "posts": stored,
        "seconds": round(samples[-1].seconds, 1),
        "peak_mib": round(peak, 1),
        "first_tenth_mib": round(first_tenth, 1),
        "imports_only_mib": round(max(sample.rss_mib for sample in idle), 1),
        "ratio": round(peak / first_tenth, 3),
        "goal": {"peak_mib": 200},
    }


if __name__ == "__main__":
    main()
