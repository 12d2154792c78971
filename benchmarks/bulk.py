"""Bulk profiles through Scrapyd into MariaDB against a bare spider; and the memory of a long list.

    python -m benchmarks.bulk [--usernames 2000] [--rounds 2]
    python -m benchmarks.bulk --memory 100000

The first crawls a job of so many usernames through a node and a worker, then lets a bare Scrapy spider, with Scrapy's
own defaults, fetch the very same pages and throw them away. Prints pages per second and the ratio, which should be at
least 0.5. The clock of a job runs from its making to its end, processes' starts included. MariaDB or MySQL:
`TEST_MYSQL_URL`, by default root without a password on 127.0.0.1:3306.

The second crawls one list by hand, a tenth of it and all of it, out of the cache of fresh profiles, so that nothing but
the list's length differs. Prints the peaks, which should stay below 250 MB, and their ratio, at most 1.2.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from sqlalchemy import insert

from benchmarks.crawl import crawl_barely
from benchmarks.databases import fresh_database
from benchmarks.nodes import run_node
from benchmarks.site import ROOT, run_standin
from store.config import DATABASE_FILE
from store.engine import open_engine
from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.progress import read_progress
from store.jobs.states import JOB_ENDS
from store.models import OutcomeRow, UserRow
from store.schema import migrate

OFF = {"BULK_BATCH_SECONDS": "0", "POLITE_PACE": "false", "PROFILE_CACHE_SECONDS": "0"}
MIB = 1024 * 1024
SAMPLE_SECONDS = 0.1
BATCH = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--usernames", type=int, default=2_000, help="profiles to crawl (default 2000)")
    parser.add_argument("--rounds", type=int, default=2, help="rounds, the two in turn (default 2)")
    parser.add_argument("--memory", type=int, help="measure the memory of a list of so many instead")
    parser.add_argument("--bare", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        print(json.dumps(crawl_barely("twisted", Path(given.bare))))
    elif given.memory:
        print(json.dumps(_memory_report(given.memory)))
    else:
        print(json.dumps(_speed_report(given.usernames, given.rounds)))


def _speed_report(count: int, rounds: int) -> dict[str, Any]:
    names = _usernames(count)
    with run_standin(users=count + 100) as site, tempfile.TemporaryDirectory() as folder:
        urls = Path(folder, "urls.txt")
        urls.write_text("\n".join(f"{site}/@{name}" for name in names))
        pairs = [(_crawl_job(site, names), _crawl_barely(urls)) for _ in range(rounds)]
    return {
        "benchmark": "bulk",
        "usernames": count,
        "pages_per_second": {
            "job": round(median(job for job, _ in pairs), 1),
            "bare": round(median(bare for _, bare in pairs), 1),
        },
        "ratio": round(median(job / bare for job, bare in pairs), 3),
        "goal": {"ratio": 0.5},
    }


def _usernames(count: int) -> list[str]:
    command = [sys.executable, "-m", "standin", "--users", str(count + 100), "usernames", str(count)]
    return subprocess.check_output(command, cwd=ROOT, text=True).split()


def _crawl_job(site: str, names: Sequence[str]) -> float:
    """Crawl a job; give the pages per second."""
    with fresh_database() as engine, tempfile.TemporaryDirectory() as folder:
        url = engine.url.render_as_string(hide_password=False)
        settings = {"TIKTOK_BASE_URL": site, "DATABASE_URL": url, "SCRAPYD_MAX_PROC": "2", **OFF}
        with run_node(Path(folder), with_worker=True, **settings):
            started = time.perf_counter()
            wanted = [Wanted(name, name) for name in names]
            job = create_job(engine, JobRequest(kind="bulk_profiles"), wanted, datetime.now(UTC))
            while (progress := read_progress(engine, job.id)).job.state not in JOB_ENDS:
                time.sleep(0.1)
            seconds = time.perf_counter() - started
    assert progress.outcomes == {"ok": len(names)}, progress.outcomes
    return len(names) / seconds


def _crawl_barely(urls: Path) -> float:
    told = json.loads(
        subprocess.check_output(
            [sys.executable, "-m", "benchmarks.bulk", "--bare", str(urls)], cwd=ROOT, text=True
        ).splitlines()[-1]
    )
    return float(told["pages"] / told["seconds"])


def _memory_report(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        _fill_cache(Path(folder), count)
        tenth, whole = (_peak_mib(Path(folder), size) for size in (count // 10, count))
    return {
        "benchmark": "bulk_memory",
        "usernames": count,
        "peak_mib": {"tenth": round(tenth, 1), "whole": round(whole, 1)},
        "ratio": round(whole / tenth, 3),
        "goal": {"peak_mib": 250, "ratio": 1.2},
    }


def _name(number: int) -> str:
    return f"user{number:08d}"


def _fill_cache(folder: Path, count: int) -> None:
    """Store profiles as if they had just been read."""
    engine, now = open_engine(f"sqlite:///{folder}/{DATABASE_FILE}"), datetime.now(UTC)
    migrate(engine)
    seen = {"scraped_at": now, "first_seen_at": now, "changed_at": now}
    end = {
        "operation": "profile",
        "kind": "user",
        "outcome": "ok",
        "reason": "",
        "first_seen_at": now,
        "at": now,
    }
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        with engine.begin() as connection:
            users = [
                {
                    "id": str(10**18 + n),
                    "username": _name(n),
                    "followers": n,
                    "exact_counters": frozenset(),
                    **seen,
                }
                for n in numbers
            ]
            connection.execute(insert(UserRow), users)
            connection.execute(insert(OutcomeRow), [{"target": _name(n), **end} for n in numbers])
    engine.dispose()


def _peak_mib(folder: Path, count: int) -> float:
    """Crawl a list by hand; give the peak of the process's memory."""
    users = folder / f"{count}.txt"
    with users.open("w") as file:
        file.writelines(f"@{_name(number)}\n" for number in range(count))
    variables = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
    variables |= {"PROFILE_CACHE_SECONDS": "86400", "TIKTOK_BASE_URL": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "scrapy", "crawl", "bulk_profiles", "-a", f"file={users}"]
    peak = 0
    with psutil.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(SAMPLE_SECONDS)
    assert process.wait() == 0, f"the crawl ended with {process.returncode}"
    return peak / MIB


if __name__ == "__main__":
    main()
