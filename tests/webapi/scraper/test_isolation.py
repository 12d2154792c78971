"""Of one client's jobs another can't learn anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.webapi.conftest import MakeTenant
from tests.webapi.scraper.contract import MAYA
from tests.webapi.serving import Api, serving


@pytest.fixture
def apis(app: Flask, make_tenant: MakeTenant) -> Iterator[tuple[Api, Api]]:
    """The API for A and for B."""
    with serving(app) as port:
        yield Api(port, make_tenant("A").key), Api(port, make_tenant("B").key)


def test_another_client_s_job_looks_like_none_to_every_method(apis: tuple[Api, Api]) -> None:
    a, b = apis
    job = a.post("/api/jobs", {"url": MAYA}).document["job_id"]
    nothing = job + 1000

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
        foreign, absent = (b.ask(method, f"/api/jobs/{number}") for number in (job, nothing))
        assert foreign.status == absent.status != 200
        assert foreign.body.replace(str(job).encode(), b"") == absent.body.replace(str(nothing).encode(), b"")
    assert a.get(f"/api/jobs/{job}").status == 200


def test_lists_hold_only_one_s_own_jobs_and_count_only_them(apis: tuple[Api, Api]) -> None:
    a, b = apis
    for _ in range(3):
        a.post("/api/jobs", {"url": MAYA})
    own = b.post("/api/jobs", {"url": MAYA}).document["job_id"]

    for query in ({}, {"status": "pending"}, {"limit": 1}):
        document = b.get("/api/jobs", query).document
        assert ([job["id"] for job in document["jobs"]], document["total"]) == ([own], 1)
        assert not document["has_more"]


def test_an_idempotency_key_is_one_s_own(apis: tuple[Api, Api]) -> None:
    a, b = apis
    key = {"Idempotency-Key": "the same"}

    first, again = (a.post("/api/jobs", {"url": MAYA}, **key).document["job_id"] for _ in range(2))
    other = b.post("/api/jobs", {"url": MAYA}, **key).document["job_id"]

    assert first == again
    assert other != first
    assert a.get("/api/jobs").document["total"] == 1
    for body in ({"url": MAYA, "options": {"max_videos": 5}}, {"url": MAYA.replace("maya", "tom")}):
        another = a.post("/api/jobs", body, **key)
        assert (another.status, another.code) == (409, "CONFLICT")
