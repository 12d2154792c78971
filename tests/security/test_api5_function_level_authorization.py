"""API5: what is for operators, or for a plan, is for them alone, however it is asked for."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.clients.client import Plan, Role
from tests.security.belongings import BODIES
from tests.security.conftest import MakeClient
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints

FOR_PAYING = [
    ("POST", "/api/v1/tiktok/api/cache/clear?all=true"),
    ("POST", "/api/v1/tiktok/sessions"),
]


@pytest.mark.parametrize("plan", list(Plan))
def test_no_plan_opens_what_is_for_operators(http: FlaskClient, make_client: MakeClient, plan: Plan) -> None:
    client = make_client("paying", plan)

    assert http.get("/metrics", headers=client.key).status_code == 403


def test_who_may_read_metrics_may_do_nothing_more_than_others(
    http: FlaskClient, make_client: MakeClient
) -> None:
    reader = make_client("prometheus", Plan.FREE, Role.METRICS)

    assert http.get("/metrics", headers=reader.key).status_code == 200
    for method, path in FOR_PAYING:
        answer = http.open(path, method=method, json=BODIES.get(path), headers=reader.key)
        assert answer.status_code == 403, path


@pytest.mark.parametrize(("method", "path"), FOR_PAYING)
def test_what_is_for_paying_clients_is_refused_to_others(
    http: FlaskClient, make_client: MakeClient, method: str, path: str
) -> None:
    free, paying = make_client("free", Plan.FREE), make_client("pro", Plan.PRO)

    assert http.open(path, method=method, json=BODIES.get(path), headers=free.key).status_code == 403
    assert http.open(path, method=method, json=BODIES.get(path), headers=paying.key).status_code < 300


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Original-URL": "/metrics"},
        {"X-Rewrite-URL": "/metrics"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Real-IP": "127.0.0.1"},
        {"X-Roles": "admin"},
        {"X-Plan": "enterprise"},
        {"Forwarded": "for=127.0.0.1;host=localhost"},
    ],
    ids=str,
)
def test_no_header_makes_somebody_more_than_the_client_is(
    http: FlaskClient, attacker: Tenant, headers: dict[str, str]
) -> None:
    assert http.get("/metrics", headers=attacker.key | headers).status_code == 403
    assert http.get("/metrics", headers=headers).status_code == 401
    assert http.post("/api/v1/auth/me", headers=attacker.key | headers).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/metrics/", "//metrics", "/metrics%2f", "/METRICS", "/./metrics", "/api/../metrics", "/metrics;x"],
)
def test_no_other_spelling_of_an_address_opens_it(http: FlaskClient, attacker: Tenant, path: str) -> None:
    assert http.get(path, headers=attacker.key).status_code in (308, 403, 404)
    assert http.get(path).status_code in (308, 401, 404)


def test_methods_that_an_endpoint_does_not_have_change_nothing(
    app: Flask, http: FlaskClient, attacker: Tenant
) -> None:
    served: dict[str, set[str]] = {}
    for one in endpoints(app):
        served.setdefault(one.path, set()).add(one.method)

    for path, methods in served.items():
        for method in {"PUT", "PATCH", "DELETE", "POST", "TRACE", "CONNECT", "PROPFIND"} - methods:
            answer = http.open(path, method=method, headers=attacker.key)
            assert answer.status_code in (404, 405), f"{method} {path}"
