"""API2: nobody gets in by guessing, by forging, or by sending credentials where they don't belong.

Forged, ended and revoked tokens and keys are tried at every endpoint in `tests/webapi/auth/test_attacks.py`; how often
somebody may guess is tested in `tests/webapi/limits/test_limits.py`.
"""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.clients.sessions import begin_session
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints
from webapi.auth.tokens import issue_token


@pytest.fixture
def token(app: Flask, engine: Engine, tenant: Tenant) -> str:
    session = begin_session(engine, tenant.made.client, datetime.now(UTC))
    with app.app_context():
        return issue_token(session)


def test_credentials_are_read_from_their_headers_and_nowhere_else(
    http: FlaskClient, tenant: Tenant, token: str
) -> None:
    key = tenant.made.api_key
    http.set_cookie("access_token_cookie", token)
    http.set_cookie("X-API-Key", key)
    attempts: list[dict[str, Any]] = [
        {"query_string": {"api_key": key}},
        {"query_string": {"access_token": token}},
        {"query_string": {"jwt": token}},
        {"json": {"access_token": token, "api_key": key}},
        {"headers": {"Proxy-Authorization": f"Bearer {token}"}},
        {"headers": {"Authorization": token}},
        {"headers": {"Authorization": f"Basic {key}"}},
        {"headers": {"X-API-Key ": key}},
    ]

    assert [http.get("/api/jobs", **attempt).status_code for attempt in attempts] == [401] * len(attempts)


@pytest.mark.parametrize("junk", [",", "é", "%00", "' OR '1'='1", "{}", "null", "true", "0"])
def test_a_good_key_with_something_behind_it_is_none(http: FlaskClient, tenant: Tenant, junk: str) -> None:
    key = tenant.made.api_key + junk

    headers = {"X-API-Key": key.encode().decode("latin-1")}
    assert http.get("/api/jobs", headers=headers).status_code == 401


@pytest.mark.parametrize("change", ["first", "middle", "last", "shorter", "doubled", "upper"])
def test_a_token_with_one_bit_changed_is_refused(http: FlaskClient, token: str, change: str) -> None:
    place = {"first": token.index(".") + 1, "middle": len(token) // 2, "last": len(token) - 5}.get(change)
    changed = {"shorter": token[:-1], "doubled": token + token, "upper": token.upper()}.get(change) or (
        token[: place or 0] + ("A" if token[place or 0] != "A" else "B") + token[(place or 0) + 1 :]
    )

    assert http.get("/api/jobs", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert http.get("/api/jobs", headers={"Authorization": f"Bearer {changed}"}).status_code == 401


def test_of_two_who_refresh_with_the_same_token_at_once_one_gets_a_session_at_most(
    app: Flask, engine: Engine, tenant: Tenant
) -> None:
    refresh_token = begin_session(engine, tenant.made.client, datetime.now(UTC)).refresh_token

    def refresh(_: int) -> int:
        body = {"refresh_token": refresh_token}
        return app.test_client().post("/api/v1/auth/refresh", json=body).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(refresh, range(8)))

    assert statuses.count(200) <= 1
    assert set(statuses) <= {200, 401}


def test_what_is_compared_with_a_secret_is_compared_in_constant_time(
    http: FlaskClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    real = hmac.compare_digest

    def note(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", note)

    for client_id in (tenant.id, "cl_nobody"):
        http.post("/api/v1/auth/token", json={"client_id": client_id, "client_secret": "cs_wrong"})

    assert len(compared) == 2, "the same work whether there is such a client or not"


def test_answers_to_strangers_tell_nothing_of_what_there_is(app: Flask) -> None:
    """The same answer to everybody without credentials, whether the thing asked for exists or not."""
    http = app.test_client()
    answers = {http.get(path).status_code for path in ("/api/jobs/1", "/api/jobs/999", "/api/users/nobody")}

    assert answers == {401}
    for one in endpoints(app):
        if not one.is_open:
            answer = http.open(one.path, method=one.method)
            assert answer.status_code == 401, str(one)
            assert "tk_" not in answer.text
