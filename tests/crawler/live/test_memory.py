"""What the service holds does not grow with what it has answered."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest

from standin.world.population import World
from tests.fixtures.live import RunningLive

LONG = os.environ.get("LONG_TESTS") == "1"
CALLS = 20_000 if LONG else 300
USERS = 200
AT_ONCE = 8
PRESENT = {"ok", "private", "banned", "not_found"}
MOST_GROWTH_MB = 40
"""Caches that fill, and batches on their way to the database; a page of 220 kB that stayed would be seen after 200."""


@pytest.mark.timeout(3_600 if LONG else 180)
def test_memory_is_flat_over_many_calls(live: RunningLive) -> None:
    names = list(World(seed=7, users=1_000).ordinary_usernames(USERS))
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def ask(calls: int) -> set[str]:
            return set(
                threads.map(lambda name: live.look_up("user", name).outcome, islice(cycle(names), calls))
            )

        warm = ask(CALLS // 3)
        before = live.health()["memory_mb"]
        all_ = ask(CALLS)

    assert warm | all_ <= PRESENT
    assert live.health()["memory_mb"] - before < MOST_GROWTH_MB
