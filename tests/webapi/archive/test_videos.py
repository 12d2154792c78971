"""Posts as a client's jobs have them: found, tried again, taken away."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from store.jobs.states import JobState
from store.media.statuses import Status, post_statuses
from store.models.jobs import JOBS
from store.queries.videos import find_video
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, VIDEO_ID
from tests.webapi.conftest import MakeTenant
from tests.webapi.serving import Api

OTHER_ID = "7400000000000000002"


def ids(api: Api, **query: str | int) -> list[str]:
    return [each["id"] for each in api.get("/api/v1/videos", query).document["videos"]]


def new_job(api: Api, **wish: Any) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/api/v1/jobs", GOOD_JOB | wish).document
    return made


def test_a_post_that_several_jobs_found_is_listed_once_as_the_newest_has_it(
    api: Api, engine: Engine, job: dict[str, Any]
) -> None:
    newer = new_job(api, mode="hashtag", value="coffee")
    world.find_posts(engine, newer["number"], VIDEO_ID, OTHER_ID)

    document = api.get("/api/v1/videos").document

    assert [(each["id"], each["job_id"]) for each in document["videos"]] == [
        (OTHER_ID, newer["id"]),
        (VIDEO_ID, newer["id"]),
    ]
    assert (document["total"], document["has_more"]) == (2, False)
    of_the_first = api.get("/api/v1/videos", {"mode": "profile"}).document["videos"]
    assert [(each["job_id"], each["status"]) for each in of_the_first] == [(job["id"], "uploaded")]
    uploaded = api.get("/api/v1/videos", {"status": "uploaded"}).document
    assert [each["job_id"] for each in uploaded["videos"]] == [job["id"]]
    assert uploaded["total"] == 1


@pytest.mark.usefixtures("job")
def test_filters_do_what_they_say(api: Api, engine: Engine) -> None:
    tag = new_job(api, mode="hashtag", value="coffee")
    world.find_posts(engine, tag["number"], OTHER_ID)
    world.archive(engine, tag["number"], OTHER_ID, Status.FAILED)

    assert ids(api, mode="profile") == [VIDEO_ID]
    assert ids(api, mode="profile", value="@khaby.lame") == [VIDEO_ID]
    assert ids(api, mode="hashtag", value="khaby.lame") == []
    assert ids(api, value="#coffee") == [OTHER_ID]
    assert ids(api, job_id=tag["id"]) == [OTHER_ID]
    assert ids(api, status="failed") == [OTHER_ID]
    assert ids(api, author_username="@Maya") == [OTHER_ID, VIDEO_ID]
    assert ids(api, author_username="tom") == []
    assert ids(api, hashtag="#coffee") == [OTHER_ID, VIDEO_ID]
    assert ids(api, hashtag="tea") == []
    assert ids(api, limit=1, offset=1) == [VIDEO_ID]


def test_a_failed_post_is_tried_again_once_however_often_it_is_asked_for(api: Api, engine: Engine) -> None:
    job = new_job(api)
    world.end(engine, world.begin(engine))
    world.find_posts(engine, job["number"], VIDEO_ID)
    world.archive(engine, job["number"], VIDEO_ID, Status.FAILED)

    first, again = (api.post(f"/api/v1/videos/{VIDEO_ID}/retry", None) for _ in range(2))

    assert (first.status, first.document["status"], first.document["error"]) == (200, "pending", None)
    assert (again.status, again.document["status"]) == (200, "pending")
    with engine.connect() as connection:
        (retry,) = connection.execute(select(JOBS).where(JOBS.c.sequel_of == job["number"]))
    assert (retry.kind, retry.parameters) == ("video", {"media": True})
    assert [each["id"] for each in api.get("/api/v1/jobs").document] == [job["id"]], "it is no job of its own"
    assert api.get(f"/api/v1/jobs/{job['id']}").document["job"]["status"] == "completed"
    assert api.get("/api/jobs").document["total"] == 1


@pytest.mark.parametrize(("ending", "status"), [("not_found", "failed"), ("ok", "downloaded")])
def test_what_another_try_brought_is_booked_in_the_name_of_the_job(
    api: Api, engine: Engine, ending: str, status: str
) -> None:
    job = new_job(api)
    world.end(engine, world.begin(engine))
    world.find_posts(engine, job["number"], VIDEO_ID)
    world.archive(engine, job["number"], VIDEO_ID, Status.FAILED)
    api.post(f"/api/v1/videos/{VIDEO_ID}/retry", None)

    shard = world.begin(engine)
    if ending == "ok":
        world.archive(engine, job["number"], VIDEO_ID, Status.DOWNLOADED)
    world.end(engine, shard, ending, "TikTok knows no such post")

    video = api.get(f"/api/v1/videos/{VIDEO_ID}").document
    assert video["status"] == status
    assert video["error"] == (None if ending == "ok" else "not_found: TikTok knows no such post")


def test_only_failed_posts_are_tried_again(api: Api, engine: Engine, job: dict[str, Any]) -> None:
    plain = api.post("/api/jobs", {"url": "https://www.tiktok.com/@maya"}).document["job_id"]
    world.find_posts(engine, plain, OTHER_ID)

    for video_id in (VIDEO_ID, OTHER_ID):
        answer = api.post(f"/api/v1/videos/{video_id}/retry", None)
        assert (answer.status, list(answer.document)) == (409, ["detail"])
    with engine.connect() as connection:
        assert set(connection.scalars(select(JOBS.c.state))) == {JobState.PENDING}
        assert len(connection.execute(select(JOBS)).all()) == 2
    assert job


def test_a_deleted_post_is_taken_from_all_jobs_of_its_client_and_from_no_one_else(
    api: Api, engine: Engine, job: dict[str, Any], make_tenant: MakeTenant
) -> None:
    newer = new_job(api)
    other = Api(api.port, make_tenant("other").key)
    theirs = new_job(other)
    for number in (newer["number"], theirs["number"]):
        world.find_posts(engine, number, VIDEO_ID)
        world.archive(engine, number, VIDEO_ID, Status.UPLOADED)

    assert api.ask("DELETE", f"/api/v1/videos/{VIDEO_ID}").status == 204

    assert api.get(f"/api/v1/videos/{VIDEO_ID}").status == 404
    assert api.ask("DELETE", f"/api/v1/videos/{VIDEO_ID}").status == 404
    assert ids(api) == []
    assert api.get(f"/api/v1/jobs/{job['id']}").document["videos"] == []
    assert other.get(f"/api/v1/videos/{VIDEO_ID}").document["drive_file_id"]
    assert [each.job_id for each in post_statuses(engine, None)] == [theirs["number"]]
    assert find_video(engine, VIDEO_ID), "its history is everybody's"
