"""Every endpoint, parameter, field and code of the family's document, through real HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.upserts import write
from tests.store.factories import make_sound, make_user, make_video
from tests.webapi.checks import wrong_fields
from tests.webapi.conftest import Tenant
from tests.webapi.scraper import contract
from tests.webapi.serving import Api, serving


@pytest.fixture
def api(app: Flask, engine: Engine, tenant: Tenant) -> Iterator[Api]:
    """The API with one post, and with noise beside it."""
    write(
        engine,
        [
            make_video(views=500),
            make_video(id="7400000000000000002", views=100, likes=50, user_id="6800000000000000011"),
            make_user(),
            make_user(id="6800000000000000011", username="tom", followers=5),
            make_sound(),
        ],
    )
    with serving(app) as port:
        yield Api(port, tenant.key)


@pytest.mark.parametrize("path", list(contract.ENDPOINTS))
def test_an_endpoint_answers_with_all_its_fields_in_their_types(path: str, api: Api) -> None:
    job = api.post("/api/jobs", {"url": contract.MAYA, "type": "user"}).document["job_id"]

    answer = api.get(path.format(job=job))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert wrong_fields(answer.document, contract.ENDPOINTS[path]) == []


@pytest.mark.parametrize("path", list(contract.DEFAULTS))
def test_a_parameter_that_is_missing_has_its_default(path: str, api: Api) -> None:
    document = api.get(path).document

    assert {name: document[name] for name in contract.DEFAULTS[path]} == contract.DEFAULTS[path]


@pytest.mark.parametrize("path", list(contract.GOOD))
def test_a_parameter_takes_every_value_within_its_bounds(path: str, api: Api) -> None:
    for name, values in contract.GOOD[path].items():
        for value in values:
            answer = api.get(path, {name: value})
            assert answer.status == 200, (name, value)
            if name in answer.document and isinstance(answer.document[name], type(value)):
                assert answer.document[name] == value


@pytest.mark.parametrize("path", list(contract.BAD))
def test_a_parameter_refuses_what_is_outside_of_its_bounds_and_is_named(path: str, api: Api) -> None:
    for name, values in contract.BAD[path].items():
        for value in values:
            answer = api.get(path, {name: value})
            assert (answer.status, answer.code) == (400, "INVALID_REQUEST"), (name, value)
            error = answer.document["error"]
            assert name in error.get("details", "") + error["message"], (name, value)


def test_what_does_not_exist_is_not_found(api: Api) -> None:
    for path in contract.NOT_FOUND:
        answer = api.get(path)
        assert (answer.status, answer.code) == (404, "NOT_FOUND"), path


@pytest.mark.parametrize("wrong", list(contract.BAD_JOBS))
def test_a_job_that_makes_no_sense_is_refused_and_the_field_is_named(wrong: str, api: Api) -> None:
    body, named = contract.BAD_JOBS[wrong]

    answer = api.post("/api/jobs", body)

    assert (answer.status, answer.code) == (400, "INVALID_REQUEST")
    error = answer.document["error"]
    assert named in error.get("details", "") + error["message"]
    assert api.get("/api/jobs").document["total"] == 0


def test_methods_that_nobody_documented_are_refused_in_the_envelope(api: Api) -> None:
    for path in ("/health", "/api/jobs", "/api/videos", "/api/users", "/api/analytics/trends"):
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            answer = api.ask(method, path)
            assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED"), (method, path)
            assert "GET" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    answer = api.post("/api/jobs", {"url": "x" * 1_100_000})

    assert (answer.status, answer.code) == (413, "PAYLOAD_TOO_LARGE")


def test_filters_sorts_and_pages_do_what_they_say(api: Api) -> None:
    def ids(**query: str | int) -> list[str]:
        return [video["id"][-1] for video in api.get("/api/videos", query).document["videos"]]

    assert ids(sort="views") == ["1", "2"]
    assert ids(sort="views", order="asc") == ["2", "1"]
    assert ids(min_views=101) == ["1"]
    assert ids(min_likes=51) == ["1"]
    assert ids(user_id="6800000000000000011") == ["2"]
    assert ids(limit=1, offset=1, sort="views") == ["2"]
    assert ids(offset=2) == []
    assert api.get("/api/videos", {"limit": 1}).document["has_more"]
    assert not api.get("/api/videos", {"limit": 1, "offset": 1}).document["has_more"]
    users = api.get("/api/users", {"min_followers": 6}).document["users"]
    assert [user["username"] for user in users] == ["maya"]


def test_a_video_shows_what_the_document_promises(api: Api) -> None:
    video = api.get("/api/videos/7400000000000000001").document

    assert video["created_at"] == "2026-02-28T09:30:01Z"
    assert video["hashtags"] == ["#coffee", "#شاي"]
    assert video["music"] == {"id": "6900000000000000003", "title": "Walzer", "author": "Maya"}
    assert video["user"] == {
        "id": "6800000000000000009",
        "username": "maya",
        "display_name": "Maya 😀",
        "followers": 783_427,
    }
    assert (video["comments"], video["comments_count"], video["shares"]) == (12, 12, 5_000_000_000)


def test_analytics_sum_up_what_is_stored(api: Api) -> None:
    everything = api.get("/api/analytics/overview").document
    assert (everything["total_videos"], everything["total_users"], everything["total_views"]) == (2, 2, 600)
    assert everything["total_likes"] == 9050
    assert everything["avg_engagement_rate"] == round(100 * (9050 + 2 * 5_000_000_000 + 24) / 600, 2)
    assert everything["date_range"] == {"start": "2026-02-28", "end": "2026-02-28"}

    on_the_day = {"start_date": "2026-02-28", "end_date": "2026-02-28"}
    assert api.get("/api/analytics/overview", on_the_day).document["total_videos"] == 2
    before = api.get("/api/analytics/overview", {"end_date": "2026-02-27"}).document
    assert (before["total_videos"], before["total_users"], before["avg_engagement_rate"]) == (0, 0, 0)
    crossed = api.get("/api/analytics/overview", {"start_date": "2026-02-02", "end_date": "2026-02-01"})
    assert (crossed.status, crossed.code) == (400, "INVALID_REQUEST")


def test_trends_have_a_point_for_every_day(api: Api) -> None:
    for period, days in (("day", 1), ("week", 7), ("month", 30)):
        data = api.get("/api/analytics/trends", {"period": period}).document["data"]

        assert len({point["date"] for point in data}) == days
        assert data == sorted(data, key=lambda point: str(point["date"]))
        assert data[-1]["date"] == datetime.now(UTC).date().isoformat()
