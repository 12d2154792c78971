"""API8: nothing is open, told or trusted that need not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.config import Config, load_config
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints
from tests.webapi.processes import running_api
from tests.webapi.serving import Api
from webapi import create_app

TRACES = re.compile(
    r"Traceback|File \"|line \d+|sqlalchemy|werkzeug|flask|/site-packages/|SELECT |sqlite3", re.IGNORECASE
)
ENTITY = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running_api(tmp_path_factory.mktemp("served"), api_workers=1, rate_limits=False) as api:
        yield api


def test_every_answer_of_every_endpoint_has_the_headers(app: Flask, http: FlaskClient, admin: Tenant) -> None:
    for one in endpoints(app):
        for headers in ({}, admin.key):
            if one.path == "/api/v1/auth/revoke":
                continue
            answer = http.open(one.path, method=one.method, headers=headers)
            told = answer.headers
            assert told["Content-Security-Policy"].startswith("default-src 'none'"), str(one)
            assert told["X-Content-Type-Options"] == "nosniff", str(one)
            assert told["X-Frame-Options"] == "DENY", str(one)
            assert told["Referrer-Policy"] == "no-referrer", str(one)
            assert "Set-Cookie" not in told, str(one)
            answer.close()


def test_what_belongs_to_a_client_is_not_for_caches_of_others(
    app: Flask, http: FlaskClient, admin: Tenant
) -> None:
    for one in endpoints(app):
        if not one.is_open and one.method == "GET":
            control = http.get(one.path, headers=admin.key).headers["Cache-Control"]
            assert "no-store" in control or "private" in control, str(one)


@pytest.mark.parametrize(
    "junk",
    [
        b"\xff\xfe\x00", b"{", b"null", b"[]", b'"text"', b"1e999", b"NaN", ENTITY, b"a=1&b=2", b"{{7007*7007}}", b"${jndi:ldap://127.0.0.1/x}",
    ],
    ids=range(11),
)  # fmt: skip
def test_no_answer_to_junk_shows_how_we_are_made(
    junk: bytes, app: Flask, http: FlaskClient, admin: Tenant
) -> None:
    for one in endpoints(app):
        if one.method in ("POST", "PATCH", "PUT") and not one.path.endswith("revoke"):
            for kind in ("application/json", "application/xml", "text/plain", ""):
                answer = http.open(
                    one.path, method=one.method, data=junk, content_type=kind, headers=admin.key
                )
                assert answer.status_code < 500, f"{one} {kind} {answer.text}"
                assert not TRACES.search(answer.text), f"{one}: {answer.text}"
                assert "root:" not in answer.text
                assert str(7007 * 7007) not in answer.text


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost", "https://example.org.evil"]
)
def test_no_site_but_those_of_the_settings_may_ask_from_a_browser(config: Config, origin: str) -> None:
    opened = create_app(replace(config, cors_origins=("https://example.org",))).test_client()

    for path in ("/health", "/api/jobs", "/api/v1/auth/token"):
        answer = opened.get(path, headers={"Origin": origin})
        preflight = opened.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Origin" not in preflight.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_host_that_is_asked_for_is_not_believed(http: FlaskClient, admin: Tenant) -> None:
    for path in ("/api/jobs/", "/openapi.json", "/api/jobs", "/docs"):
        headers = admin.key | {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        answer = http.get(path, headers=headers)
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("Location", "")


def test_a_header_can_not_be_smuggled_into_an_answer(http: FlaskClient) -> None:
    answer = http.get("/health", headers={"X-Request-ID": "a%0d%0aSet-Cookie: x=1"})

    assert "Set-Cookie" not in answer.headers
    assert "%0d" not in answer.headers["X-Request-ID"]


def test_the_server_does_not_tell_its_version_and_has_no_debugger(served: Api) -> None:
    for path in ("/health", "/nothing", "/console", "/?__debugger__=yes&cmd=resource&f=debugger.js"):
        answer = served.get(path)
        assert not re.search(r"\d", answer.headers.get("Server", "")), answer.headers
        assert "X-Powered-By" not in answer.headers
        assert b"Werkzeug" not in answer.body
    assert served.ask("TRACE", "/health").status == 405


def test_by_default_only_this_machine_reaches_us_and_only_with_credentials(tmp_path: Path) -> None:
    defaults = load_config(tmp_path / "no-such.env")

    assert defaults.api_bind_address == "127.0.0.1"
    assert defaults.auth_required
    assert defaults.rate_limits
    assert (defaults.cors_origins, defaults.api_keys, defaults.trusted_proxies) == ((), (), 0)


def test_there_is_no_password_that_everybody_knows(served: Api) -> None:
    for client_id, secret in (("admin", "admin"), ("cl_operator", ""), ("cl_operator", "operator")):
        body = {"client_id": client_id, "client_secret": secret or "x"}
        assert served.post("/api/v1/auth/token", body).status == 401
    for key in ("default-api-key", "test", "changeme", "tk_test"):
        assert served.ask("GET", "/api/jobs", headers={"X-API-Key": key}).status == 401


def test_files_beside_the_program_are_not_served(http: FlaskClient) -> None:
    for path in (
        "/.env", "/.git/config", "/static/../.env", "/docs/../../store/config.py", "/docs/%2e%2e/%2e%2e/.env",
        "/tiktok.db", "/data/secret.key", "/docs/..%2f..%2fwebapi%2f__init__.py", "/redoc/....//....//etc/passwd",
    ):  # fmt: skip
        with closing(http.get(path)) as answer:
            assert answer.status_code == 404, path
