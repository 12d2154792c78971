"""Many processes share one cache: one fill per key, exact figures, and nobody waits for the dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.cache_caller import BODY, open_where
from store.cache import CacheStats, Fresh

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["sqlite", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "redis":
        url: str = request.getfixturevalue("empty_redis").url
        return url
    return str(tmp_path)


def crowd(where: str, *options: object) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.cache_caller", where, *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def fills(lines: list[str]) -> Counter[str]:
    return Counter(line for line in lines if line.startswith("filled"))


def stats_of(where: str) -> CacheStats:
    cache = open_where(where)
    stats = cache.stats()
    cache.close()
    return stats


def test_a_thousand_equal_calls_from_four_processes_are_one_fill(where: str) -> None:
    lines = crowd(where, 4, 25, 250, 1, 0.3)

    assert fills(lines) == {"filled search:0": 1}
    assert (stats_of(where).hits, stats_of(where).misses) == (999, 1)


def test_figures_of_ten_thousand_calls_from_four_processes_are_exact(where: str) -> None:
    lines = crowd(where, 4, 4, 2_500, 50, 0.001)

    assert fills(lines) == {f"filled search:{number}": 1 for number in range(50)}
    memory = sum(len(f"search:{number}") + len(BODY) for number in range(50))
    assert stats_of(where) == CacheStats(50, 9_950, 50, memory)


def test_nobody_waits_long_for_one_that_was_killed_while_it_filled(where: str) -> None:
    started = time.monotonic()
    lines = crowd(where, 3, 2, 20, 1, 0.1, "DIES")

    assert fills(lines) == {"filled search:0": 1}
    assert (stats_of(where).hits, stats_of(where).misses) == (39, 2)
    assert time.monotonic() - started < 20


@pytest.mark.filterwarnings(
    "ignore:This process:DeprecationWarning"
)  # a fork beside threads: Python 3.12 and newer
def test_a_forked_process_goes_on_with_a_cache_that_its_parent_used(where: str) -> None:
    cache = open_where(where)
    cache.read_through("a", 600, lambda: Fresh(b"parent's"))

    child = os.fork()
    if not child:
        is_there = cache.read_through("a", 600, lambda: Fresh(b"child's")).body == b"parent's"
        cache.read_through("b", 600, lambda: Fresh(b"child's"))
        os._exit(0 if is_there else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert cache.read_through("b", 600, lambda: Fresh(b"parent's")).body == b"child's"
    assert (cache.stats().hits, cache.stats().misses) == (2, 2)
    cache.close()
