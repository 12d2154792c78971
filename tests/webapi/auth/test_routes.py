"""Credentials for tokens, tokens for newer ones, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from store.config import Config
from tests.webapi.conftest import Tenant
from webapi import create_app


def ask_me(http: FlaskClient, tokens: Any) -> int:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return http.get("/api/v1/auth/me", headers=headers).status_code


def test_a_secret_or_a_key_gets_tokens_that_say_who_it_is(http: FlaskClient, tenant: Tenant) -> None:
    for body in (
        {"client_id": tenant.id, "client_secret": tenant.made.client_secret},
        {"api_key": tenant.made.api_key},
    ):
        response = http.post("/api/v1/auth/token", json=body)
        tokens = response.get_json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        assert (response.status_code, tokens["token_type"], tokens["expires_in"]) == (200, "Bearer", 900)
        assert http.get("/api/v1/auth/me", headers=headers).get_json() == {
            "client_id": tenant.id,
            "name": "reports",
            "plan": "free",
            "roles": [],
        }


def test_tokens_are_refreshed_and_a_used_refresh_token_ends_the_session(
    http: FlaskClient, tenant: Tenant
) -> None:
    first = http.post("/api/v1/auth/token", json={"api_key": tenant.made.api_key}).get_json()
    second = http.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}).get_json()
    assert second["refresh_token"] != first["refresh_token"]

    again = http.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})

    assert again.status_code == 401
    assert ask_me(http, second) == 401
    assert (
        http.post("/api/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}).status_code == 401
    )


def test_a_revoked_session_is_over(http: FlaskClient, tenant: Tenant) -> None:
    tokens = http.post("/api/v1/auth/token", json={"api_key": tenant.made.api_key}).get_json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert http.post("/api/v1/auth/revoke", headers=headers).status_code == 204

    assert ask_me(http, tokens) == 401
    assert (
        http.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401
    )


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "client_id"),
        ({"client_id": "cl_x"}, "client_id"),
        ({"api_key": "tk_x", "client_id": "cl_x", "client_secret": "cs_x"}, "client_id"),
        ({"api_key": 5}, "api_key"),
        ({"api_key": "tk_x", "plan": "enterprise"}, "plan"),
        ({"api_key": "x" * 300}, "api_key"),
        ([], "Invalid input"),
        ("text", "Invalid input"),
    ],
    ids=str,
)
def test_a_body_that_makes_no_sense_is_named(http: FlaskClient, body: Any, named: str) -> None:
    response = http.post("/api/v1/auth/token", json=body)

    assert response.status_code == 400
    assert response.get_json()["error"]["code"] == "INVALID_REQUEST"
    assert named in response.get_json()["error"]["details"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 5000])
def test_a_body_that_is_no_json_is_refused(http: FlaskClient, body: bytes) -> None:
    response = http.post("/api/v1/auth/token", data=body, content_type="application/json")

    assert response.status_code == 400
    assert response.get_json()["error"]["code"] == "INVALID_REQUEST"


def test_keys_of_the_settings_are_the_operators(config: Config) -> None:
    key = "a key of at least sixteen"
    http = create_app(replace(config, api_keys=(key,))).test_client()

    assert http.get("/api/v1/auth/me", headers={"X-API-Key": key}).get_json()["roles"] == ["admin"]
    assert http.get("/api/v1/auth/me", headers={"X-API-Key": key + "x"}).status_code == 401


def test_without_required_credentials_everybody_is_the_operator_and_the_log_says_so_loudly(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    http = create_app(replace(config, auth_required=False)).test_client()

    assert http.get("/api/v1/auth/me").get_json()["name"] == "operator"
    assert http.get("/api/v1/auth/me", headers={"X-API-Key": "wrong"}).status_code == 401
    assert "AUTH_REQUIRED=false: EVERYBODY" in caplog.text
