"""A client's numbers, and checks of the parts that are true and never take long."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.config import Config
from store.media.statuses import Status
from store.workers import WorkerProcess, say_hello
from tests.fixtures.drive import RunningDrive
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, GOOD_SCHEDULE, VIDEO_ID
from tests.webapi.conftest import Tenant
from tests.webapi.serving import Api
from webapi import create_app
from webapi.services import health

IDS = tuple(str(int(VIDEO_ID) + number) for number in range(1, 5))


def test_statistics_count_each_post_once(api: Api, engine: Engine, job: dict[str, Any]) -> None:
    world.end(engine, world.begin(engine))
    other = api.post("/api/v1/jobs", GOOD_JOB).document
    world.begin(engine)
    world.find_posts(engine, other["number"], VIDEO_ID, *IDS)
    statuses = (Status.UPLOADED, Status.DOWNLOADED, Status.FAILED, Status.PENDING)
    for video_id, status in zip((VIDEO_ID, *IDS), statuses, strict=False):
        world.archive(engine, other["number"], video_id, status)
    api.post("/api/v1/scheduled-jobs", GOOD_SCHEDULE)
    api.post("/api/v1/scheduled-jobs", GOOD_SCHEDULE | {"enabled": False})
    cancelled = api.post("/api/v1/jobs", GOOD_JOB).document
    api.post(f"/api/v1/jobs/{cancelled['id']}/cancel", None)

    assert api.get("/api/v1/stats").document == {
        "total_jobs": 3, "pending_jobs": 0, "running_jobs": 1, "completed_jobs": 1, "failed_jobs": 0,
        "cancelled_jobs": 1, "total_videos": 5, "downloaded_videos": 2, "uploaded_videos": 1, "failed_videos": 1,
        "total_storage_bytes": 4000, "scheduled_jobs_count": 2, "active_scheduled_jobs": 1,
    }  # fmt: skip
    assert job


def test_health_tells_whether_a_worker_runs(api: Api, engine: Engine) -> None:
    alone = api.get("/api/v1/stats/health").document
    worker = WorkerProcess(name="w", host="here", pid=1, started_at=datetime.now(UTC))
    say_hello(engine, worker, datetime.now(UTC))
    accompanied = api.get("/api/v1/stats/health").document

    parts = ("status", "database", "google_drive", "scheduler")
    assert [alone[part] for part in parts] == ["degraded", True, False, False]
    assert [accompanied[part] for part in parts] == ["healthy", True, False, True]


@pytest.fixture
def with_drive(config: Config, drive: RunningDrive, tmp_path: Path) -> Config:
    """Settings that send media to a pretend Drive."""
    key = tmp_path / "key.json"
    key.write_text(json.dumps(drive.key("user")))
    return replace(config, media_store="drive://root", drive_credentials=key, drive_base_url=drive.url)


def read_health(app: Flask, tenant: Tenant) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/stats/health", headers=tenant.key)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.get_json()
    return document


def test_drive_is_there_when_it_answers(with_drive: Config, tenant: Tenant) -> None:
    assert read_health(create_app(with_drive), tenant)["google_drive"]
    elsewhere = replace(with_drive, media_store="")
    assert read_health(create_app(elsewhere), tenant)["google_drive"]


@pytest.mark.parametrize("trouble", ["rst", "no_such_folder"])
def test_drive_is_away_when_it_refuses_us(
    trouble: str, with_drive: Config, drive: RunningDrive, tenant: Tenant
) -> None:
    if trouble == "no_such_folder":
        with_drive = replace(with_drive, media_store="drive://nobodysfolder")
    else:
        drive.plan(trouble)

    started = time.monotonic()
    shown = read_health(create_app(with_drive), tenant)

    assert time.monotonic() - started < 20
    assert (shown["google_drive"], shown["status"]) == (False, "degraded")


def test_a_part_that_hangs_costs_one_thread_and_little_time(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, begun = threading.Event(), []

    def hang(*_: Any) -> list[Any]:
        begun.append(1)
        over.wait(30)
        return []

    monkeypatch.setattr(health, "living_workers", hang)
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)

    started = time.monotonic()
    shown = [read_health(app, tenant) for _ in range(3)]
    took = time.monotonic() - started
    over.set()

    assert [each["scheduler"] for each in shown] == [False] * 3
    assert all(each["database"] for each in shown)
    assert len(begun) == 1
    assert took < 15


def test_a_database_that_is_away_is_said_to_be(app: Flask, config: Config) -> None:
    opened = replace(config, auth_required=False)
    app = create_app(opened)

    def fail(*_: Any) -> None:
        raise OSError("gone")

    checks: Callable[..., Any] = health.HealthChecks
    broken = checks(opened, app.extensions["crawler"].engine)
    broken.probes["database"].check = fail

    assert broken.read().status == "unhealthy"
