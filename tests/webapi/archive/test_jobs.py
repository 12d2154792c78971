"""Jobs as this family shows, cancels and deletes them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, select

from store.config import Config
from store.jobs.removal import drop_discarded_jobs
from store.jobs.services import get_job
from store.media.statuses import Status, archived_files
from store.media.stores import Placed
from store.media.uploads import note_upload
from store.models.jobs import JOB_VIDEOS, JOBS
from store.models.media import FILES, REQUESTS
from tests.fixtures.drive import RunningDrive
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, VIDEO_ID
from tests.webapi.conftest import Tenant
from tests.webapi.serving import Api, serving
from webapi import create_app

IDS = tuple(str(7400000000000000001 + number) for number in range(6))


def job_of(api: Api, job: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = api.get(f"/api/v1/jobs/{job['id']}").document["job"]
    return shown


def test_both_families_show_the_same_jobs(api: Api) -> None:
    here = api.post("/api/v1/jobs", GOOD_JOB).document
    there = api.post("/api/jobs", {"url": "https://www.tiktok.com/tag/funny"}).document["job_id"]

    listed = api.get("/api/v1/jobs").document
    assert [(each["number"], each["mode"], each["value"]) for each in listed] == [
        (there, "hashtag", "funny"),
        (here["number"], "profile", "khaby.lame"),
    ]
    assert listed[0]["limit"] is None
    assert api.get(f"/api/jobs/{here['number']}").document["uuid"] == here["id"]


def test_progress_counts_posts_whose_files_are_there_or_cannot_be_had(api: Api, engine: Engine) -> None:
    job = api.post("/api/v1/jobs", GOOD_JOB | {"limit": 10}).document
    shard = world.begin(engine, declared=120, found=6)
    world.find_posts(engine, job["number"], *IDS)
    for video_id, status in zip(IDS, Status, strict=True):
        world.archive(engine, job["number"], video_id, status)

    running = job_of(api, job)
    world.end(engine, shard)
    ended = job_of(api, job)

    assert (running["status"], running["total_videos"], running["completed_at"]) == ("running", 10, None)
    assert (running["successful_downloads"], running["failed_downloads"], running["progress"]) == (3, 1, 40)
    assert (ended["status"], ended["total_videos"], ended["progress"]) == ("completed", 6, 100)
    assert ended["completed_at"]


def test_details_hold_the_posts_and_where_they_are(api: Api, engine: Engine, job: dict[str, Any]) -> None:
    world.find_posts(engine, job["number"], IDS[1])

    details = api.get(f"/api/v1/jobs/{job['id']}").document

    assert [(each["id"], each["status"]) for each in details["videos"]] == [
        (IDS[1], None),
        (VIDEO_ID, "uploaded"),
    ]
    assert details["drive_links"] == [
        {
            "video_id": VIDEO_ID,
            "video_link": "https://drive.google.com/file/d/1video/view",
            "metadata_link": "https://drive.google.com/file/d/1sidecar/view",
            "folder_path": world.FOLDER,
        }
    ]
    assert not details["has_more"]


def test_details_take_as_many_statements_for_many_posts_as_for_one(
    api: Api, engine: Engine, app: Any, job: dict[str, Any]
) -> None:
    statements: list[str] = []
    event.listen(app.extensions["crawler"].engine, "before_cursor_execute",
                 lambda *given: statements.append(given[2]))  # fmt: skip

    def count(path: str) -> int:
        statements.clear()
        assert api.get(path).status == 200
        return len(
            [one for one in statements if one.startswith("SELECT") and "FROM clients" not in one]
        )  # who asks

    paths = (f"/api/v1/jobs/{job['id']}", "/api/v1/jobs", "/api/v1/videos")
    few = [count(path) for path in paths]
    for number in range(20):
        video_id = str(int(VIDEO_ID) + number)
        world.find_posts(engine, job["number"], video_id)
        world.archive(engine, job["number"], video_id, Status.UPLOADED)
        api.post("/api/v1/jobs", GOOD_JOB)

    assert [count(path) for path in paths] == few
    assert max(few) <= 10


def test_jobs_are_listed_by_status(api: Api, engine: Engine) -> None:
    states = {}
    for status, outcome in (("completed", "ok"), ("failed", "captcha"), ("running", None), ("pending", None)):
        states[status] = api.post("/api/v1/jobs", GOOD_JOB).document["id"]
        if status != "pending":
            shard = world.begin(engine)
            if outcome:
                world.end(engine, shard, outcome)
    states["cancelled"] = api.post("/api/v1/jobs", GOOD_JOB).document["id"]
    api.post(f"/api/v1/jobs/{states['cancelled']}/cancel", None)

    for status, job_id in states.items():
        listed = api.get("/api/v1/jobs", {"status": status}).document
        assert [(each["id"], each["status"]) for each in listed] == [(job_id, status)]


def test_a_pending_job_is_cancelled_at_once_and_an_ended_one_is_not(api: Api) -> None:
    job = api.post("/api/v1/jobs", GOOD_JOB).document

    first, again = (api.post(f"/api/v1/jobs/{job['id']}/cancel", None) for _ in range(2))

    assert (first.status, first.document["status"], first.document["id"]) == (200, "cancelled", job["id"])
    assert (again.status, list(again.document)) == (409, ["detail"])


def test_the_comments_that_follow_from_a_job_are_cancelled_with_it(api: Api, engine: Engine) -> None:
    wish = {"url": "https://www.tiktok.com/@maya", "options": {"include_comments": True}}
    number = api.post("/api/jobs", wish).document["job_id"]
    job = get_job(engine, number)
    world.end(engine, world.begin(engine))
    assert api.get(f"/api/v1/jobs/{job.uuid}").document["job"]["status"] == "running"

    answer = api.post(f"/api/v1/jobs/{job.uuid}/cancel", None)

    assert (answer.status, answer.document["status"]) == (200, "completed")
    assert get_job(engine, number).sequel is None


def test_a_deleted_job_takes_its_records_along_and_leaves_what_others_need(
    api: Api, engine: Engine, job: dict[str, Any]
) -> None:
    other = api.post("/api/v1/jobs", GOOD_JOB).document
    world.find_posts(engine, other["number"], VIDEO_ID)
    world.archive(engine, other["number"], VIDEO_ID, Status.UPLOADED)

    assert api.ask("DELETE", f"/api/v1/jobs/{job['id']}").status == 204

    assert api.get(f"/api/v1/jobs/{job['id']}").status == 404
    assert api.ask("DELETE", f"/api/v1/jobs/{job['id']}").status == 404
    assert [each["id"] for each in api.get("/api/v1/jobs").document] == [other["id"]]
    assert api.get(f"/api/v1/videos/{VIDEO_ID}").document["job_id"] == other["id"]
    with engine.connect() as connection:
        rows = [
            connection.scalar(select(func.count()).select_from(table))
            for table in (JOBS, JOB_VIDEOS, REQUESTS)
        ]
        assert rows == [1, 1, 1]
        assert connection.scalar(select(func.count()).select_from(FILES)) == 2


def test_a_running_job_is_gone_for_its_client_at_once_and_deleted_when_its_process_has_ended(
    api: Api, engine: Engine
) -> None:
    job = api.post("/api/v1/jobs", GOOD_JOB, **{"Idempotency-Key": "mine"}).document
    shard = world.begin(engine)

    assert api.ask("DELETE", f"/api/v1/jobs/{job['id']}").status == 204

    assert api.get("/api/v1/jobs").document == []
    assert api.get(f"/api/jobs/{job['number']}").status == 404
    again = api.post("/api/v1/jobs", GOOD_JOB, **{"Idempotency-Key": "mine"}).document
    assert again["number"] != job["number"], "the number is taken until no process works on it"
    assert drop_discarded_jobs(engine) == 0
    world.end(engine, shard)
    assert drop_discarded_jobs(engine) == 1
    with engine.connect() as connection:
        assert list(connection.scalars(select(JOBS.c.uuid))) == [again["id"]]


def test_a_folder_is_refused_where_drive_is_not_set_up(api: Api) -> None:
    answer = api.post("/api/v1/jobs", GOOD_JOB | {"drive_folder_id": "1AbCdEfGhIjKlMn"})

    assert (answer.status, list(answer.document)) == (400, ["detail"])
    assert answer.document["detail"].startswith("drive_folder_id: Google Drive is not set up here")
    assert api.get("/api/v1/jobs").document == []
    for wrong in ("root", "a/../../b", "x" * 129, 5):
        assert api.post("/api/v1/jobs", GOOD_JOB | {"drive_folder_id": wrong}).status == 422
    assert api.post("/api/v1/jobs", GOOD_JOB | {"drive_folder_id": None}).document["drive_folder_id"] is None


def test_a_job_with_a_folder_of_its_own_shows_what_is_there(
    config: Config, engine: Engine, tenant: Tenant, drive: RunningDrive, tmp_path: Path
) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps(drive.key("user")))
    folder = "1AbCdEfGhIjKlMn"
    with serving(create_app(replace(config, drive_credentials=key))) as port:
        api = Api(port, tenant.key)
        plain = api.post("/api/v1/jobs", GOOD_JOB).document
        own = api.post("/api/v1/jobs", GOOD_JOB | {"drive_folder_id": folder}).document
        world.find_posts(engine, plain["number"], VIDEO_ID)
        world.archive(engine, plain["number"], VIDEO_ID, Status.UPLOADED)
        world.find_posts(engine, own["number"], VIDEO_ID)

        before = api.get(f"/api/v1/jobs/{own['id']}").document
        for each in archived_files(engine, [VIDEO_ID])[VIDEO_ID]:
            link = f"https://drive.google.com/file/d/1own{each.role}/view"
            note_upload(
                engine, each, "drive", Placed(f"1own{each.role}", link), world.now(), folder_id=folder
            )
        after = api.get(f"/api/v1/jobs/{own['id']}").document
        elsewhere = api.get(f"/api/v1/jobs/{plain['id']}").document

    assert own["drive_folder_id"] == folder
    assert (before["drive_links"], before["videos"][0]["drive_file_id"]) == ([], None)
    assert after["videos"][0]["drive_file_id"] == "1ownvideo"
    assert after["drive_links"][0]["metadata_link"].endswith("/1ownsidecar/view")
    assert elsewhere["videos"][0]["drive_file_id"] == f"1video{VIDEO_ID}"
