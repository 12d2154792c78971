"""Whoever asks again for what has not changed gets 304 and no body; whatever changes has another tag."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.upserts import write
from tests.store.factories import LATER, make_user, make_video
from tests.webapi.conftest import MakeTenant, Tenant

PATHS = (
    "/api/videos", "/api/videos?sort=views&limit=1", "/api/videos/7400000000000000001", "/api/users",
    "/api/users/maya", "/api/jobs", "/api/jobs/1", "/api/analytics/trends",
)  # fmt: skip


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What is tagged is the answer, from whatever database it comes."""
    write(sqlite_engine, [make_video(), make_user()])
    return sqlite_engine


@pytest.fixture(autouse=True)
def job(http: FlaskClient, tenant: Tenant) -> None:
    http.post("/api/jobs", json={"url": "https://www.tiktok.com/@maya"}, headers=tenant.key)


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_is_not_sent_again(path: str, http: FlaskClient, tenant: Tenant) -> None:
    first = http.get(path, headers=tenant.key)
    tag = first.headers["ETag"]

    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = http.get(path, headers=tenant.key | {"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), known
        assert "Content-Type" not in again.headers
    for other in ('"x"', 'W/"x"', tag[:-2] + '"', ""):
        again = http.get(path, headers=tenant.key | {"If-None-Match": other})
        assert (again.status_code, again.data) == (200, first.data), other
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "X-API-Key"} <= set(first.headers["Vary"].split(", "))
    head = http.head(path, headers=tenant.key)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


def test_what_changes_has_another_tag(http: FlaskClient, tenant: Tenant, engine: Engine) -> None:
    known = {path: http.get(path, headers=tenant.key).headers["ETag"] for path in PATHS[:3]}

    write(engine, [make_video(likes=9_001, scraped_at=LATER)])

    for path, tag in known.items():
        again = http.get(path, headers=tenant.key | {"If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"] == tag) == (200, False)


def test_errors_open_pages_and_what_is_made_have_no_tag(http: FlaskClient, tenant: Tenant) -> None:
    job = {"url": "https://www.tiktok.com/@maya"}
    answers = [
        http.get("/health"),
        http.get("/api/jobs"),
        http.get("/api/jobs/999", headers=tenant.key | {"If-None-Match": "*"}),
        http.get("/api/videos?limit=0", headers=tenant.key),
        http.post("/api/jobs", json=job, headers=tenant.key | {"If-None-Match": "*"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 401, 404, 400, 201]
    assert not any("ETag" in answer.headers for answer in answers)


def test_the_tag_of_another_s_list_gives_nobody_that_list(
    http: FlaskClient, tenant: Tenant, make_tenant: MakeTenant
) -> None:
    tag = http.get("/api/jobs", headers=tenant.key).headers["ETag"]

    theirs = http.get("/api/jobs", headers=make_tenant("other").key | {"If-None-Match": tag})

    assert (theirs.status_code, theirs.get_json()["jobs"]) == (200, [])
