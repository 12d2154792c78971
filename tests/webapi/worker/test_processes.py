"""Workers as they run: several processes on one database, SQLite or MariaDB."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine, func, insert, select
from standardwebhooks import Webhook

from store.callbacks.outbox import list_attempts, list_deliveries
from store.callbacks.plan import DeliveryState
from store.callbacks.signing import written
from store.jobs.services import get_job
from store.jobs.states import JobState
from store.models.deliveries import DELIVERIES
from store.models.jobs import JOBS
from store.models.schedules import SCHEDULE_RUNS, SCHEDULES
from store.schedules.schedule import ScheduleRequest, create_schedule
from store.workers import living_workers
from tests.fixtures.receivers import Receiver
from tests.fixtures.waiting import wait_until
from tests.house.paths import ROOT
from tests.store.jobs_made import bulk_job, done_job
from tests.webapi.worker.conftest import StartWorkers, stop
from webapi.worker.task import utc_now

SECRET = b"a secret of thirty-two bytes ...."
DIES_BEFORE_IT_ENDS = """
import os, signal, sys
from datetime import UTC, datetime
from store.engine import open_engine
from store.jobs.claims import Process, claim_shard
from store.jobs.dispatch import shards_to_schedule
from store.jobs.ledger import Finding, finalise

engine, now = open_engine(sys.argv[1]), datetime.now(UTC)
(shard,) = shards_to_schedule(engine, "test", now, 1)
claim_shard(engine, shard.id, shard.attempt, Process(host="here", pid=os.getpid(), started_at=now), now)
finalise(engine, shard.id, shard.attempt, [Finding(position=1, outcome="ok"), Finding(position=2, outcome="ok")], now)
os.kill(os.getpid(), signal.SIGKILL)
"""
"""Stores all results of a job of two, and dies before it can say so."""


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]  # a table


def test_two_workers_make_two_hundred_jobs_of_two_hundred_due_schedules(
    engine: Engine, start_workers: StartWorkers
) -> None:
    long_ago = utc_now() - timedelta(minutes=5)
    request = ScheduleRequest(name="often", kind="profile", targets=["khaby.lame"], interval_minutes=5)
    first = create_schedule(engine, request, long_ago)
    with engine.begin() as connection:
        row = dict(connection.execute(select(SCHEDULES)).one()._mapping)
        copies = [row | {"id": first.id + n, "uuid": f"schedule {n}"} for n in range(1, 200)]
        connection.execute(insert(SCHEDULES), copies)

    start_workers(2)
    wait_until(lambda: count(engine, SCHEDULE_RUNS) == 200 and count(engine, JOBS) >= 200, "200 jobs")

    with engine.connect() as connection:
        per_schedule = select(JOBS.c.schedule_id, func.count()).group_by(JOBS.c.schedule_id)
        assert {jobs for _, jobs in connection.execute(per_schedule)} == {1}
    assert count(engine, JOBS) == 200


def test_results_stored_by_a_process_that_died_before_the_end_are_told_once(
    engine: Engine, start_workers: StartWorkers, receiver: Receiver
) -> None:
    job = bulk_job(engine, ["khaby.lame", "charli"], utc_now(), callback_url=receiver.url)
    url = engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", DIES_BEFORE_IT_ENDS, url], cwd=ROOT, check=False)
    assert get_job(engine, job.id).state is JobState.RUNNING

    start_workers(
        2,
        HEARTBEAT_SILENCE_SECONDS="1",
        WEBHOOK_SECRETS=written(SECRET),
        WEBHOOK_ALLOW_HOSTS=f"127.0.0.1:{receiver.port}",
    )
    wait_until(
        lambda: [one.state for one in list_deliveries(engine)] == [DeliveryState.DELIVERED], "the callback"
    )

    assert get_job(engine, job.id).state is JobState.COMPLETED
    (received,) = receiver.received
    document = Webhook(written(SECRET)).verify(received.body, received.headers)
    assert (document["data"]["request_id"], document["data"]["total_success"]) == (job.uuid, 2)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Accepts connections, and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


def test_a_worker_that_is_stopped_gives_back_what_it_can_not_finish(
    engine: Engine, start_workers: StartWorkers, silent_port: int
) -> None:
    done_job(engine, utc_now(), f"http://127.0.0.1:{silent_port}/")
    (worker,) = start_workers(WEBHOOK_ALLOW_HOSTS=f"127.0.0.1:{silent_port}")
    (delivery,) = list_deliveries(engine)
    wait_until(lambda: list_attempts(engine, delivery.id), "the attempt")

    assert stop(worker) < 10
    with engine.connect() as connection:
        assert connection.execute(select(DELIVERIES.c.leased_until, DELIVERIES.c.state)).one() == (
            None,
            "pending",
        )
    assert living_workers(engine, utc_now()) == []


def test_a_worker_says_whether_it_is_there(
    engine: Engine, start_workers: StartWorkers, tmp_path: Path
) -> None:
    url = engine.url.render_as_string(hide_password=False)

    def check() -> int:
        command = [sys.executable, "-m", "webapi.worker", "--check"]
        environment = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True).returncode

    before = check()
    (worker,) = start_workers()
    during = check()
    stop(worker)

    assert (before, during, check()) == (1, 0, 1)


def test_a_callback_s_body_is_the_documented_one(
    engine: Engine, start_workers: StartWorkers, receiver: Receiver
) -> None:
    job = done_job(engine, utc_now(), receiver.url)

    start_workers(WEBHOOK_ALLOW_HOSTS=f"127.0.0.1:{receiver.port}")
    wait_until(lambda: receiver.received, "the callback")

    assert orjson.loads(receiver.received[0].body) == {
        "status": "success",
        "message": "TikTok Profiles processed",
        "data": {
            "request_id": job.uuid,
            "total_username": 2,
            "total_process": 2,
            "total_success": 1,
            "total_error": 1,
            "process_percentage": 100,
            "process_status": "done",
            "state": "completed",
            "reason": None,
            "created_at": job.created_at.strftime("%Y-%m-%d %H:%M:%S"),
            "result": [
                {"username": "@khaby.lame", "status": "success", "data": None, "_from_cache": False},
                {
                    "username": "@nobody.here",
                    "status": "error",
                    "data": None,
                    "_from_cache": False,
                    "code": "NOT_FOUND",
                    "message": "TikTok knows no such user",
                },
            ],
        },
    }
