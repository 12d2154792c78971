"""Crawls as processes: killed, told to stop, started again."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.endings import Ending
from standin.world.population import World
from store.jobs.progress import read_progress
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState
from store.models import UserRow
from store.models.jobs import JOBS, SHARDS
from tests.crawler.command import environment, scrapy, start_scrapy
from tests.crawler.crawling import Site
from tests.crawler.jobs import ask_for, numbers, schedule
from tests.fixtures.standin import RunningStandin
from tests.store.jobs.samples import assert_ledger_adds_up

PATIENCE_SECONDS = 150
HAND_BACK_SECONDS = 10


@pytest.fixture
def engine(site: Site) -> Iterator[Engine]:
    engine = site.engine()
    yield engine
    engine.dispose()


@pytest.fixture
def usernames(world: World) -> list[str]:
    accounts = (world.account(number) for number in range(20, 400))
    return [account.username for account in accounts if account][:100]


def wait_until(process: subprocess.Popen[str], true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert process.poll() is None, "the crawl ended before its time"
        assert time.monotonic() < deadline, "the crawl does not get anywhere"
        time.sleep(0.02)


def test_a_killed_bulk_crawl_goes_on_with_what_is_left_when_the_command_is_given_again(
    site: Site, engine: Engine, usernames: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "users.txt"
    file.write_text("\n".join([*usernames, "no such!", usernames[0]]))
    command = ["crawl", "bulk_profiles", "-a", f"file={file}", "-a", "cache=0"]
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url, BULK_BATCH_SECONDS="0.2")
    process = start_scrapy(command, variables)
    wait_until(process, lambda: has_job(engine) and read_progress(engine, 1).done >= 20)
    process.kill()
    process.wait()
    before = read_progress(engine, 1).done

    again = scrapy(command, {**variables, "BULK_BATCH_SECONDS": "0"})

    stored = re.search(r"user +(\d+)", again.complaints)
    assert stored
    assert again.exit_code == Ending.DONE
    assert int(stored[1]) <= 102 - before
    assert read_progress(engine, 1).outcomes == {"ok": 101, "invalid": 1}
    assert get_job(engine, 1).state is JobState.COMPLETED
    assert_ledger_adds_up(engine, get_job(engine, 1))


@pytest.mark.parametrize("hangs", [False, True])
def test_sigterm_hands_back_what_is_left_within_ten_seconds(
    site: Site,
    engine: Engine,
    standin: RunningStandin,
    usernames: list[str],
    tmp_path: Path,
    *,
    hangs: bool,
) -> None:
    job = ask_for(engine, "bulk_profiles", usernames, site.url)
    arguments = [
        word for name, value in numbers(schedule(engine)).items() for word in ("-a", f"{name}={value}")
    ]
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url, BULK_BATCH_SECONDS="0.3")
    process = start_scrapy(["crawl", "bulk_profiles", *arguments], variables)
    wait_until(process, lambda: read_progress(engine, job.id).done >= 10)
    if hangs:
        standin.add_fault("delay", options={"seconds": 15})
        time.sleep(1)

    asked_at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)  # whoever stops a group of processes sends it twice
    process.wait(PATIENCE_SECONDS)

    took = time.monotonic() - asked_at
    with engine.connect() as connection:
        shard = connection.execute(select(SHARDS)).one()
    assert took < HAND_BACK_SECONDS + 2, "two seconds for a busy machine"
    assert (shard.state, shard.failures, shard.finish_reason) == ("pending", 0, "shutdown")
    assert 10 <= read_progress(engine, job.id).done < 100
    assert get_job(engine, job.id).state is JobState.PENDING
    assert_ledger_adds_up(engine, job)


def test_a_job_that_is_cancelled_in_mid_crawl_ends_after_the_batch_and_keeps_what_was_found(
    site: Site, engine: Engine, usernames: list[str], tmp_path: Path
) -> None:
    job = ask_for(engine, "bulk_profiles", usernames, site.url, cache=0)
    arguments = [
        word for name, value in numbers(schedule(engine)).items() for word in ("-a", f"{name}={value}")
    ]
    variables = environment(
        tmp_path, site.url, DATABASE_URL=site.database_url, BULK_BATCH_SECONDS="0.5", HEARTBEAT_SECONDS="0.2"
    )
    process = start_scrapy(["crawl", "bulk_profiles", *arguments], variables)
    wait_until(process, lambda: read_progress(engine, job.id).done >= 10)

    cancel_job(engine, job.id, datetime.now(UTC))
    process.wait(PATIENCE_SECONDS)

    outcomes = read_progress(engine, job.id).outcomes
    assert get_job(engine, job.id).state is JobState.CANCELLED
    assert outcomes.keys() == {"ok", "cancelled"}
    assert outcomes["ok"] >= 10
    assert len(site.rows(UserRow)) == outcomes["ok"]
    assert_ledger_adds_up(engine, job)


def has_job(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(select(JOBS.c.id)) is not None
