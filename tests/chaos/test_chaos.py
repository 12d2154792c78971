"""The short form of the chaos run: every kind of trouble once, and then some."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.chaos.mariadb import missing_programs
from tests.chaos.run import Plan, run
from tests.fixtures.receivers import Receiver


@pytest.fixture
def mariadb_programs() -> None:
    if missing := missing_programs():
        problem = f"{' and '.join(missing)} not on the PATH"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(problem)
        pytest.skip(problem)


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("mariadb_programs")
def test_a_bulk_job_survives_the_death_of_everything_it_needs(tmp_path: Path, receiver: Receiver) -> None:
    plan = Plan(
        seed=20261125,
        targets=80,
        kills=5,
        pause_seconds=1.0,
        shard_size=20,
        limit_seconds=500,
        silence_seconds=12,
        must_meet=("spider", "worker", "database", "node"),
    )

    ending = run(plan, tmp_path, receiver, lambda text: print(text, file=sys.stderr))  # noqa: T201  # shown on failure

    assert ending.problems == []
    assert {"worker", "database", "node"} <= ending.counts.keys()
