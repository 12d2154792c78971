"""Of one client's requests another learns that they are not its own, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.jobs.ledger import Finding
from store.jobs.services import get_job
from store.jobs.states import JobState
from tests.webapi.conftest import MakeTenant
from tests.webapi.profiles.conftest import end, queue
from tests.webapi.profiles.contract import PATH, callback
from tests.webapi.serving import Api, serving


@pytest.fixture
def apis(app: Flask, make_tenant: MakeTenant) -> Iterator[tuple[Api, Api]]:
    """The API for A and for B."""
    with serving(app) as port:
        yield Api(port, make_tenant("A").key), Api(port, make_tenant("B").key)


def test_another_client_s_request_can_not_be_read_or_cancelled(apis: tuple[Api, Api], engine: Engine) -> None:
    a, b = apis
    request_id = queue(a, "maya")

    for has_ended in (False, True):
        for method, path in (("GET", "request"), ("GET", "request?limit=1"), ("POST", "request/cancel")):
            answer = b.ask(method, f"{PATH}/{request_id}/{path}")
            assert (answer.status, answer.document["code"]) == (403, "FORBIDDEN")
            assert set(answer.document) == {"status", "code", "message"}
            assert answer.document["message"] == f"Request {request_id} is another client's"
        if not has_ended:
            assert get_job(engine, request_id).state is JobState.PENDING
            end(engine, request_id, [Finding(position=1, outcome="ok")])
    assert a.get(f"{PATH}/{request_id}/request").document["data"]["process_status"] == "done"


def test_one_client_s_request_does_not_keep_another_from_making_its_own(apis: tuple[Api, Api]) -> None:
    a, b = apis

    assert queue(a, "maya") != queue(b, "maya")


def test_an_idempotency_key_is_one_s_own(apis: tuple[Api, Api]) -> None:
    key = {"Idempotency-Key": "the same"}

    first, other = (api.post(PATH, callback("maya"), **key).document["data"]["request_id"] for api in apis)

    assert first != other
