"""Shared numbers are exact, whatever happens to those who count."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from store.cache.counters import SharedCounters
from tests.house.paths import ROOT

COUNT_UNTIL_KILLED = """
import sys; from pathlib import Path; from store.cache.counters import SharedCounters
counters = SharedCounters(Path(sys.argv[1]), 2)
for number in range(1000):
    counters.add(1)
print(flush=True)
sys.stdin.read()
"""


def test_nothing_was_counted_in_a_new_folder(tmp_path: Path) -> None:
    assert SharedCounters(tmp_path / "none", 3).totals() == [0, 0, 0]


def test_many_threads_of_several_owners_count_exactly(tmp_path: Path) -> None:
    owners = [SharedCounters(tmp_path, 2) for _ in range(3)]

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: owners[number % 3].add(number % 2), range(6_000)))

    assert owners[0].totals() == [3_000, 3_000]
    assert len(list(tmp_path.iterdir())) == 3
    for owner in owners:
        owner.close()


def test_what_a_killed_process_counted_stays_and_its_file_is_taken_over(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT_UNTIL_KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)

    counters = SharedCounters(tmp_path, 2)
    counters.add(1)

    assert counters.totals() == [0, 1_001]
    assert len(list(tmp_path.iterdir())) == 1
    counters.close()


def test_a_forked_process_counts_in_a_file_of_its_own(tmp_path: Path) -> None:
    counters = SharedCounters(tmp_path, 1)
    counters.add(0)

    child = os.fork()
    if not child:
        for _ in range(1_000):
            counters.add(0)
        os._exit(0)
    for _ in range(1_000):
        counters.add(0)
    os.waitpid(child, 0)

    assert counters.totals() == [2_001]
    assert len(list(tmp_path.iterdir())) == 2
    counters.close()
