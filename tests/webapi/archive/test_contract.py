"""Every endpoint, parameter, field and code of the family's document, through real HTTP, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.config import Config
from tests.webapi.archive import contract
from tests.webapi.checks import having
from tests.webapi.conftest import Tenant
from tests.webapi.serving import Api
from webapi import create_app


@pytest.mark.parametrize("path", list(contract.ENDPOINTS))
def test_an_endpoint_answers_with_all_its_fields_in_their_types(
    path: str, api: Api, job: dict[str, Any]
) -> None:
    schedule = api.post("/api/v1/scheduled-jobs", contract.GOOD_SCHEDULE).document["id"]

    answer = api.get(path.format(job=job["id"], schedule=schedule))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.document
    assert contract.ENDPOINTS[path](answer.document), answer.document


def test_a_job_is_made_with_the_defaults_of_the_document(api: Api) -> None:
    answer = api.post("/api/v1/jobs", contract.GOOD_JOB)

    assert answer.status == 201
    assert having(**contract.NEW_JOB)(answer.document)
    made = {"mode": "profile", "value": "khaby.lame", "limit": 50, "no_watermark": True, "status": "pending"}
    none = {"progress": 0, "total_videos": 0, "successful_downloads": 0, "failed_downloads": 0}
    assert answer.document.items() >= (made | none).items()


def test_a_job_takes_all_that_the_document_says(api: Api) -> None:
    full = {
        "mode": "hashtag", "value": "funny", "limit": 200, "no_watermark": False, "since": "2024-01-01T00:00:00Z",
        "until": "2024-12-31T23:59:59Z",
    }  # fmt: skip

    answer = api.post("/api/v1/jobs", full)

    assert answer.status == 201
    assert answer.document.items() >= full.items()
    assert api.post("/api/v1/jobs", full | {"since": None, "until": None}).status == 201


@pytest.mark.parametrize("wrong", list(contract.BAD_JOBS))
def test_a_job_that_makes_no_sense_is_refused_and_the_field_is_named(wrong: str, api: Api) -> None:
    body, loc, type_ = contract.BAD_JOBS[wrong]

    answer = api.post("/api/v1/jobs", body)

    assert answer.status == 422
    assert [(each["loc"], each["type"]) for each in answer.document["detail"]][-1:] == [(loc, type_)]
    assert all(set(each) == {"loc", "msg", "type"} for each in answer.document["detail"])
    assert api.get("/api/v1/jobs").document == []


def test_a_body_that_is_no_json_is_a_bad_request(api: Api) -> None:
    answer = api.ask("POST", "/api/v1/jobs", b"{", {"Content-Type": "application/json"})

    assert (answer.status, list(answer.document)) == (400, ["detail"])
    assert isinstance(answer.document["detail"], str)


@pytest.mark.parametrize("path", list(contract.GOOD))
def test_a_parameter_takes_every_value_within_its_bounds(path: str, api: Api) -> None:
    for name, values in contract.GOOD[path].items():
        for value in values:
            assert api.get(path, {name: value}).status == 200, (name, value)


@pytest.mark.parametrize("path", list(contract.BAD))
def test_a_parameter_refuses_what_is_outside_of_its_bounds_and_is_named(path: str, api: Api) -> None:
    for name, values in contract.BAD[path].items():
        for value in values:
            answer = api.get(path, {name: value})
            assert answer.status == 422, (name, value)
            assert [each["loc"] for each in answer.document["detail"]] == [["query", name]]


def test_what_does_not_exist_is_not_found(api: Api) -> None:
    for method, path in contract.NOT_FOUND:
        answer = api.ask(method, path)
        assert (answer.status, list(answer.document)) == (404, ["detail"]), path


def test_other_refusals_come_in_the_same_envelope(api: Api) -> None:
    shut_out = replace(api, headers={})
    for path in contract.ENDPOINTS:
        answer = shut_out.get(path.format(job=contract.NOBODYS, schedule=contract.NOBODYS))
        assert (answer.status, list(answer.document)) == (401, ["detail"])
    assert api.ask("PUT", "/api/v1/jobs").status == 405
    large = api.post("/api/v1/jobs", contract.GOOD_JOB | {"value": "x" * 1_100_000})
    assert (large.status, list(large.document)) == (413, ["detail"])


@pytest.mark.parametrize("debug", [False, True])
def test_an_error_of_ours_shows_itself_only_where_debug_is_on(
    config: Config, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, *, debug: bool
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("our mistake")

    monkeypatch.setattr("webapi.archive.routes.jobs.list_jobs", fail)
    client = create_app(replace(config, debug=debug)).test_client()

    answer = client.get("/api/v1/jobs", headers=tenant.key)

    assert answer.status_code == 500
    assert answer.json is not None
    assert answer.json["detail"] == "An unexpected error; its request id finds it in the log"
    assert answer.json.get("error") == ("RuntimeError: our mistake" if debug else None)


def test_the_same_idempotency_key_makes_one_job(api: Api) -> None:
    key = {"Idempotency-Key": "the same"}

    first, again = (api.post("/api/v1/jobs", contract.GOOD_JOB, **key) for _ in range(2))
    another = api.post("/api/v1/jobs", contract.GOOD_JOB | {"value": "tom"}, **key)
    longer = api.post("/api/v1/jobs", contract.GOOD_JOB | {"limit": 5}, **key)

    assert (first.status, again.status) == (201, 201)
    assert first.document["id"] == again.document["id"]
    assert (another.status, longer.status) == (409, 409)
    assert len(api.get("/api/v1/jobs").document) == 1


def test_lists_are_pages_of_the_newest_first(api: Api) -> None:
    ids = [api.post("/api/v1/jobs", contract.GOOD_JOB).document["id"] for _ in range(3)]

    first = api.get("/api/v1/jobs", {"limit": 2})
    rest = api.get("/api/v1/jobs", {"limit": 2, "offset": 2})

    assert [each["id"] for each in first.document + rest.document] == ids[::-1]
    assert first.headers["X-Total-Count"] == "3"
