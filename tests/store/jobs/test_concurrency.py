"""Many processes at once, and processes that die between any two steps."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from store.jobs.claims import end_shard
from store.jobs.dispatch import recover_lost_shards, shards_to_schedule
from store.jobs.progress import read_progress
from store.jobs.services import get_job
from store.jobs.states import JobState
from store.models.deliveries import DELIVERIES
from store.models.jobs import JOB_TARGETS, JOBS
from tests.store.factories import NOON
from tests.store.jobs.mortal import STEPS
from tests.store.jobs.samples import assert_ledger_adds_up, crawl, make_job, start_shard

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent


def start(engine: Engine, script: str, *arguments: object) -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(HERE / script), url, *map(str, arguments)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def lines_of(crowd: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for all; return what they printed."""
    printed = "".join(process.communicate(timeout=150)[0] for process in crowd)
    assert [process.returncode for process in crowd] == [0] * len(crowd)
    return printed.splitlines()


def test_of_fifty_callback_jobs_at_once_one_is_taken(engine: Engine) -> None:
    make_job(engine, 1, client_id="other", is_exclusive=True)

    answers = Counter(lines_of([start(engine, "creator.py", 10) for _ in range(5)]))

    assert answers == {"accepted": 1, "conflict": 49}
    with engine.connect() as connection:
        (job_id,) = connection.scalars(select(JOBS.c.id).where(JOBS.c.client_id == "acme"))
        assert connection.scalar(select(func.count()).select_from(JOBS)) == 2
    assert_ledger_adds_up(engine, get_job(engine, job_id))


def test_of_twenty_requests_with_one_key_all_get_the_same_job(engine: Engine) -> None:
    answers = lines_of([start(engine, "creator.py", 10, "key") for _ in range(2)])

    assert len(answers) == 20
    assert len(set(answers)) == 1


def test_four_workers_take_every_shard_once(engine: Engine) -> None:
    make_job(engine, 300, shard_size=1)

    taken = lines_of([start(engine, "taker.py", name) for name in "abcd"])

    assert len(taken) == 300
    assert len(set(taken)) == 300
    assert {line.split()[1] for line in taken} == {"1"}
    assert shards_to_schedule(engine, "e", NOON, 1) == []


def test_whoever_is_killed_between_two_steps_nothing_is_lost(engine: Engine) -> None:
    jobs = [
        make_job(engine, 6, callback_url="https://acme.example/hook", client_id=step, is_exclusive=True)
        for step in STEPS
    ]

    lines_of([start(engine, "mortal.py")])

    now = NOON + timedelta(hours=1)
    recover_lost_shards(engine, now)
    now += timedelta(hours=1)
    for _ in jobs:
        if all(get_job(engine, job.id).finished_at for job in jobs):
            break
        shard = start_shard(engine, now).shard
        crawl(engine, shard, now=now)
        end_shard(engine, shard.id, shard.attempt, "finished", now)
    for job in jobs:
        progress = read_progress(engine, job.id)
        assert (progress.job.state, progress.outcomes) == (JobState.COMPLETED, {"ok": 6}), job.client_id
        assert_ledger_adds_up(engine, job)
    with engine.connect() as connection:
        told = list(connection.scalars(select(DELIVERIES.c.job_id).order_by(DELIVERIES.c.job_id)))
        by_first = {
            row.job_id: row.done
            for row in connection.execute(
                select(JOB_TARGETS.c.job_id, func.count().label("done"))
                .where(JOB_TARGETS.c.attempt == 1)
                .group_by(JOB_TARGETS.c.job_id)
            )
        }
    assert told == [job.id for job in jobs]
    assert [by_first.get(job.id, 0) for job in jobs] == [STEPS[step] for step in STEPS]
