"""API3: nobody sets what is not theirs to set, and answers hold nothing that is not theirs to see."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, select

from store.models.clients import CLIENTS
from store.models.jobs import JOBS
from tests.security.belongings import BODIES, PROFILE, Belongings
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints

STOLEN: dict[str, Any] = {
    "client_id": "cl_victim", "owner": "cl_victim", "id": 1, "uuid": "x", "state": "completed",
    "status": "completed", "priority": 1_000_000, "is_by_hand": True, "exclusive_for": None,
    "plan": "enterprise", "roles": ["admin"], "is_admin": True, "created_at": "2020-01-01T00:00:00Z",
    "parameters": {"pace": 0}, "settings": {"DOWNLOAD_DELAY": 0}, "custom_settings": {"LOG_FILE": "x.log"},
    "ITEM_PIPELINES": {}, "__class__": "x", "__proto__": {"is_admin": True}, "setting": "FEEDS=x.log",
}  # fmt: skip
INNER = {"/api/jobs": ("options",), "/api/tiktok/profiles": ("request", "process")}
MAKES_NOTHING = {"/api/v1/video/parse-url"}
SECRET_WORDS = re.compile(
    r'"(secret_digest|refresh_digest|sealed|key_id|digest|idempotency|leased_by|password|client_secret|pid|host)"'
)


@pytest.mark.parametrize("where", list(BODIES))
def test_a_field_that_is_not_the_client_s_to_set_is_refused(
    where: str, http: FlaskClient, attacker: Tenant
) -> None:
    for name, value in STOLEN.items():
        answer = http.post(where, json=BODIES[where] | {name: value}, headers=attacker.key)

        assert answer.status_code in (400, 422), answer.text
        assert name in answer.text


@pytest.mark.parametrize("where", list(INNER))
def test_nor_is_one_that_stands_deeper(where: str, http: FlaskClient, attacker: Tenant) -> None:
    for name, value in STOLEN.items():
        body = deepcopy(BODIES[where])
        inner = body
        for step in INNER[where]:
            inner = inner.setdefault(step, {})
        inner[name] = value

        assert http.post(where, json=body, headers=attacker.key).status_code in (400, 422), name


def test_a_change_of_a_schedule_sets_nothing_else(http: FlaskClient, victim: Belongings) -> None:
    address = victim.addresses["/api/v1/scheduled-jobs"]

    for name, value in STOLEN.items():
        answer = http.patch(address, json={"name": "renamed", name: value}, headers=victim.owner.key)
        assert answer.status_code in (400, 422), name
    assert http.get(address, headers=victim.owner.key).get_json()["name"] == "daily"


def test_no_setting_of_the_crawler_comes_in_from_outside(
    http: FlaskClient, attacker: Tenant, engine: Engine
) -> None:
    for url in (
        f"{PROFILE}?setting=LOG_LEVEL=DEBUG", f"{PROFILE}#-s FEEDS=x", f"{PROFILE} -s LOG_FILE=x.log",
        f"{PROFILE}&spider=shell", f"{PROFILE}\n-a user=other",
    ):  # fmt: skip
        http.post("/api/jobs", json={"url": url}, headers=attacker.key)

    with engine.connect() as connection:
        parameters = connection.scalars(select(JOBS.c.parameters)).all()
    assert not any(set(map(str.lower, given)) & {"setting", "settings", "s"} for given in parameters)
    assert not any("LOG_" in str(given) or "FEEDS" in str(given) for given in parameters)


def test_a_client_can_not_make_itself_more_than_it_is(
    http: FlaskClient, attacker: Tenant, engine: Engine
) -> None:
    wish = {"plan": "enterprise", "roles": ["admin"]}

    for method in ("POST", "PUT", "PATCH"):
        assert http.open("/api/v1/auth/me", method=method, json=wish, headers=attacker.key).status_code == 405
    body = {"api_key": attacker.made.api_key} | wish
    assert http.post("/api/v1/auth/token", json=body).status_code == 400

    with engine.connect() as connection:
        row = connection.execute(select(CLIENTS).where(CLIENTS.c.id == attacker.id)).one()
    assert (row.plan, row.roles) == ("pro", [])


def test_no_answer_shows_what_only_the_database_should_know(
    app: Flask, http: FlaskClient, victim: Belongings
) -> None:
    paths = [one.path for one in endpoints(app) if one.method == "GET" and "<" not in one.rule]

    for path in [*paths, *victim.addresses.values()]:
        answer = http.get(path, headers=victim.owner.key)
        if answer.mimetype == "application/json" and path != "/openapi.json":
            assert not SECRET_WORDS.search(answer.text), path
            assert victim.owner.made.api_key not in answer.text
            assert "0123456789abcdef0123456789abcdef" not in answer.text, "a cookie's value"


def test_there_is_a_body_here_for_every_endpoint_that_makes_something(document: dict[str, Any]) -> None:
    making = {
        path
        for path, methods in document["paths"].items()
        if "requestBody" in methods.get("post", {}) and not path.startswith("/api/v1/auth/")
    }

    assert making - MAKES_NOTHING == set(BODIES)


def test_tables_have_no_column_that_a_schema_could_set_by_its_name_alone(engine: Engine) -> None:
    """A reminder: whoever adds a column of rights adds an attack above."""
    columns = {column["name"] for column in inspect(engine).get_columns("clients")}

    assert {"plan", "roles"} <= columns
    assert columns & {"is_admin", "scopes", "permissions"} == set()
