"""What all families share: envelopes, headers, request ids, logs, documentation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from store.config import Config
from tests.webapi.conftest import Tenant
from webapi import create_app
from webapi.extensions.blueprints import FamilyApi, FamilyBlueprint


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """Nothing here asks the database much."""
    return sqlite_engine


def test_every_answer_tells_browsers_to_trust_nothing(http: FlaskClient) -> None:
    for path in ("/health", "/openapi.json", "/docs", "/redoc", "/nothing", "/api/jobs"):
        headers = http.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "unsafe-eval" not in policy
        assert "script-src 'self'" in policy or "script-src" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_what_belongs_to_a_client_is_not_kept_by_caches(http: FlaskClient, tenant: Tenant) -> None:
    job = http.post("/api/jobs", json={"url": "https://www.tiktok.com/@maya"}, headers=tenant.key)

    assert job.headers["Cache-Control"] == http.get("/api/jobs").headers["Cache-Control"] == "no-store"
    read = http.get("/api/jobs", headers=tenant.key)
    assert read.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(("given", "is_taken"), [("abc-1.2_3", True), ("x" * 65, False), ("a b\t", False)])
def test_a_request_has_a_number_its_own_where_it_makes_sense(
    http: FlaskClient, given: str, *, is_taken: bool
) -> None:
    number = http.get("/health", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert number == given if is_taken else re.fullmatch("[0-9a-f]{32}", number)


def test_the_log_has_a_line_per_request_and_no_secret(
    http: FlaskClient, tenant: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "webapi.requests")

    http.get("/api/jobs?limit=77", headers=tenant.key | {"X-Request-ID": "a-number"})

    (record,) = (record for record in caplog.records if record.name == "webapi.requests")
    fields = vars(record)["fields"]
    assert (fields["request_id"], fields["client"], fields["status"]) == ("a-number", tenant.id, 200)
    assert (fields["method"], fields["path"]) == ("GET", "/api/jobs")
    assert tenant.made.api_key not in str(vars(record))


def test_a_database_that_is_away_is_said_without_a_word_about_where_it_is(
    http: FlaskClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT secret", {}, Exception("host db.internal user root"))

    monkeypatch.setattr("webapi.scraper.routes.videos.list_videos", fail)

    response = http.get("/api/videos", headers=tenant.key)

    assert response.status_code == 500
    assert response.get_json()["error"]["code"] == "DATABASE_ERROR"
    assert b"secret" not in response.data
    assert b"internal" not in response.data


def test_an_error_of_ours_shows_no_trace_to_the_client_but_stands_in_the_log(
    http: FlaskClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("our mistake")

    monkeypatch.setattr("webapi.scraper.routes.videos.list_videos", fail)

    response = http.get("/api/videos", headers=tenant.key)

    assert (response.status_code, response.get_json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert b"mistake" not in response.data
    assert "our mistake" in caplog.text


def test_the_pages_ask_no_other_host(http: FlaskClient) -> None:
    for path in ("/docs", "/redoc"):
        response = http.get(path)
        asked = re.findall(r'(?:src|href|spec-url)="(?!data:)([^"]+)"', response.text)
        assert asked
        assert all(address.startswith("/") for address in asked)
        for address in asked:
            with http.get(address) as file:
                assert file.status_code == 200, address
    assert http.get("/docs/swagger-ui-standalone-preset.js").status_code == 404
    assert http.get("/docs/..%2f..%2f__init__.py").status_code == 404


def test_the_document_describes_every_endpoint_with_its_errors_and_credentials(
    app: Flask, http: FlaskClient
) -> None:
    document = http.get("/openapi.json").get_json()

    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    pages = {path for path in served if path.startswith(("/docs", "/redoc", "/openapi", "/<any"))}
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == served - pages
    assert set(document["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            assert operation["summary"], (method, path)
            is_open = operation.get("security") == []
            assert is_open == (path in {"/health", "/api/v1/auth/token", "/api/v1/auth/refresh"})
            assert is_open or {"401", "500"} <= set(operation["responses"]), (method, path)


def test_a_family_documents_its_own_errors() -> None:
    class ReasonSchema(Schema):
        reason = fields.String(required=True)

    class OtherBlueprint(FamilyBlueprint):
        ERROR_SCHEMA = ReasonSchema
        INVALID_STATUS = 422

    class ThingArgsSchema(Schema):
        count = fields.Integer()

    def things(given: dict[str, Any]) -> dict[str, Any]:
        return given

    blueprint = OtherBlueprint("other", __name__)
    view = blueprint.arguments(ThingArgsSchema, location="query")(blueprint.errors(401, 503)(things))
    blueprint.route("/things")(blueprint.response(200, ThingArgsSchema)(view))

    app = Flask("other")
    app.config |= {"API_TITLE": "other", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    api = FamilyApi(app)
    api.register_blueprint(blueprint)

    documented = api.spec.to_dict()["paths"]["/things"]["get"]["responses"]
    assert app.test_client().get("/things?count=x").status_code == 422
    assert {
        status: response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for status, response in documented.items()
    } == {"200": "ThingArgs", **dict.fromkeys(("401", "422", "503", "default"), "Reason")}


def test_scripts_of_other_sites_may_ask_only_where_the_settings_say_so(config: Config) -> None:
    site = {"Origin": "https://example.org"}
    preflight = site | {"Access-Control-Request-Method": "POST"}

    shut = create_app(config).test_client()
    opened = create_app(replace(config, cors_origins=("https://example.org",))).test_client()

    assert "Access-Control-Allow-Origin" not in shut.get("/health", headers=site).headers
    seen = opened.get("/health", headers=site).headers
    assert seen["Access-Control-Allow-Origin"] == site["Origin"]
    assert {"ETag", "X-RateLimit-Remaining", "X-Request-ID"} <= set(
        seen["Access-Control-Expose-Headers"].split(", ")
    )
    assert seen["Cross-Origin-Resource-Policy"] == "cross-origin"
    answer = opened.options("/api/jobs", headers=preflight)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, site["Origin"])
    foreign = opened.get("/health", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert foreign.headers["Cross-Origin-Resource-Policy"] == "same-origin"
