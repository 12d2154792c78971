"""Memory of a browser that opens page after page: does the two-hundredth need more than the thirtieth?

    python -m benchmarks.browser_memory [--pages 200] [--settled 30]

Lets a crawl read the comments of as many posts from the stand-in, which answers comments to its own script only, so
each takes a page of its own in Chromium. Adds up the memory of crawl, Playwright's driver and Chromium (PSS: what
they share counts once). Prints one JSON line: the mean over each ten pages once caches are full, and how far
these are from the mean of them all, at most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.site import ROOT, run_standin
from standin.world.population import World
from standin.world.posts import post_number

SETTLED = 30
"""Pages after which caches count as full."""
WINDOW = 10
SAMPLE_SECONDS = 0.5
SCRIPT = "/static/app.js"
"""Every page loads it once."""
KIB_PER_MIB = 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="pages to open (default 200)")
    parser.add_argument("--settled", type=int, default=SETTLED, help="pages that do not count (default 30)")
    given = parser.parse_args()
    print(json.dumps(measure(given.pages, given.settled)))


def measure(pages: int, settled: int) -> dict[str, Any]:
    """Crawl and watch."""
    with run_standin() as site, tempfile.TemporaryDirectory() as folder:
        _steer(site, "faults", {"kind": "unsigned", "path": "/api/comment/*"})
        command = [
            *(sys.executable, "-m", "scrapy", "crawl", "comments", "-a", f"video={','.join(_posts(pages))}"),
            *("-a", "limit=20", "-a", "replies=0", "-s", "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT=2"),
        ]
        environment = {**os.environ, "TIKTOK_BASE_URL": site, "DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
        environment["ROUTES_OFF"] = "session"  # its pages stay open
        return report(_watch(site, command, environment), settled)


def report(samples: dict[int, list[float]], settled: int) -> dict[str, Any]:
    """Sum up; keys are the pages opened so far, values what was needed then, in MiB."""
    opened = max(samples)
    windows = {
        start: round(mean(seen), 1)
        for start in range(settled, opened, WINDOW)
        if (seen := [one for at in range(start, start + WINDOW) for one in samples.get(at, ())])
    }
    middle = mean(windows.values())
    return {
        "benchmark": "browser_memory",
        "pages": opened,
        "mib_by_page": windows,
        "mean_mib": round(middle, 1),
        "deviation": round(max(abs(one / middle - 1) for one in windows.values()), 3),
        "goal": {"deviation": 0.15},
    }


def _posts(number: int) -> Iterator[str]:
    """Ids of posts that have comments."""
    account = World(seed=7, users=1_000).account_called("five.thousand")
    assert account
    return (post_number(account, place).id for place in range(1_000, 1_000 + number))


def _watch(site: str, command: list[str], environment: dict[str, str]) -> dict[int, list[float]]:
    samples: dict[int, list[float]] = defaultdict(list)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as crawl:
        while crawl.poll() is None:
            opened = int(_steer(site, "log")["counts"].get(SCRIPT, 0))
            samples[opened].append(sum(map(_pss_mib, family_of(crawl.pid))))
            time.sleep(SAMPLE_SECONDS)
    # The last sample may have been taken while everything was being closed.
    samples.pop(max(samples))
    return samples


def family_of(pid: int) -> Iterator[int]:
    """A process and all that came of it."""
    parents: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[parent].append(int(entry.name))
    waiting = [pid]
    while waiting:
        waiting += parents[waiting[0]]
        yield waiting.pop(0)


def _pss_mib(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / KIB_PER_MIB if found else 0.0


def _steer(site: str, part: str, body: Any = None) -> Any:
    request = Request(  # noqa: S310  # the loopback server that we started
        f"{site}/__standin__/{part}", None if body is None else json.dumps(body).encode()
    )
    with urlopen(request, timeout=10) as reply:  # noqa: S310  # as above
        return json.load(reply)


if __name__ == "__main__":
    main()
