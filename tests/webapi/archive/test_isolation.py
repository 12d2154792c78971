"""Of what one client has another can't learn anything: every method at every address of this family."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from store.media.statuses import Status
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, GOOD_SCHEDULE, NOBODYS, VIDEO_ID
from tests.webapi.conftest import MakeTenant
from tests.webapi.serving import Api

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOBODYS_SCHEDULE = NOBODYS.replace("4", "5")
ABSENT_VIDEO = "7400000000000000999"
PATHS = {
    "/api/v1/jobs/{}": NOBODYS,
    "/api/v1/jobs/{}/cancel": NOBODYS,
    "/api/v1/videos/{}": ABSENT_VIDEO,
    "/api/v1/videos/{}/retry": ABSENT_VIDEO,
    "/api/v1/scheduled-jobs/{}": NOBODYS_SCHEDULE,
    "/api/v1/scheduled-jobs/{}/toggle": NOBODYS_SCHEDULE,
}
"""Path → the id of something that does not exist."""


@pytest.fixture
def other(api: Api, make_tenant: MakeTenant) -> Api:
    return Api(api.port, make_tenant("other").key)


@pytest.mark.parametrize("path", list(PATHS))
def test_what_is_another_client_s_looks_like_nothing_to_every_method(
    path: str, api: Api, other: Api, engine: Engine
) -> None:
    job = api.post("/api/v1/jobs", GOOD_JOB).document
    world.find_posts(engine, job["number"], VIDEO_ID)
    world.archive(engine, job["number"], VIDEO_ID, Status.FAILED)
    schedule = api.post("/api/v1/scheduled-jobs", GOOD_SCHEDULE).document
    there = {NOBODYS: job["id"], ABSENT_VIDEO: VIDEO_ID, NOBODYS_SCHEDULE: schedule["id"]}[PATHS[path]]

    for method in METHODS:
        foreign, absent = (other.ask(method, path.format(each)) for each in (there, PATHS[path]))
        assert foreign.status == absent.status >= 400, method
        assert foreign.body.replace(there.encode(), b"") == absent.body.replace(PATHS[path].encode(), b"")
    untouched = api.get(f"/api/v1/jobs/{job['id']}").document
    assert (untouched["job"]["status"], untouched["videos"][0]["status"]) == ("pending", "failed")
    assert api.get(f"/api/v1/scheduled-jobs/{schedule['id']}").document == schedule


def test_lists_hold_only_one_s_own_and_count_only_them(
    other: Api, engine: Engine, job: dict[str, Any]
) -> None:
    own = other.post("/api/v1/jobs", GOOD_JOB).document

    jobs = other.get("/api/v1/jobs")

    assert ([each["id"] for each in jobs.document], jobs.headers["X-Total-Count"]) == ([own["id"]], "1")
    for query in ({}, {"job_id": job["id"]}, {"status": "uploaded"}, {"value": "khaby.lame"}):
        document = other.get("/api/v1/videos", query).document
        assert (document["videos"], document["total"]) == ([], 0)
    world.find_posts(engine, own["number"], VIDEO_ID)
    found = other.get(f"/api/v1/videos/{VIDEO_ID}").document
    assert (found["job_id"], found["status"]) == (own["id"], None), (
        "who else archived it is nobody's business"
    )


def test_numbers_are_one_s_own(api: Api, other: Api, job: dict[str, Any]) -> None:
    api.post("/api/v1/scheduled-jobs", GOOD_SCHEDULE)

    assert set(other.get("/api/v1/stats").document.values()) == {0}
    assert other.get("/api/v1/scheduled-jobs").document == []
    assert api.get("/api/v1/stats").document["uploaded_videos"] == 1
    assert job


@pytest.mark.parametrize(
    ("path", "wish"), [("/api/v1/jobs", GOOD_JOB), ("/api/v1/scheduled-jobs", GOOD_SCHEDULE)]
)
def test_an_idempotency_key_is_one_s_own(path: str, wish: dict[str, Any], api: Api, other: Api) -> None:
    key = {"Idempotency-Key": "the same"}

    mine, again, theirs = (each.post(path, wish, **key).document["id"] for each in (api, api, other))

    assert mine == again != theirs
