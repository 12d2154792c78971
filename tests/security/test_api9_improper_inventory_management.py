"""API9: what is served is what is documented, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.house.paths import ROOT
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints
from webapi.metrics.requests import PARAMETER

PAGES = {
    "/openapi.json", "/docs", "/docs/start.js", "/redoc", "/<any(docs, redoc):page>/<name>",
}  # fmt: skip
"""They are the documentation."""
SOCKETS = "/ws/"
"""Flask has no methods for them; `tests/webapi/archive/test_streams.py` attacks them."""
OPEN = {"/health", "/api/v1/auth/token", "/api/v1/auth/refresh"}


def test_every_route_is_in_the_documentation_and_the_other_way_round(
    app: Flask, document: dict[str, Any]
) -> None:
    served = {
        (PARAMETER.sub(r"{\1}", one.rule), one.method) for one in endpoints(app) if one.rule not in PAGES
    }

    documented = {
        (path, method.upper())
        for path, methods in document["paths"].items()
        for method in methods
        if method != "parameters" and not path.startswith(SOCKETS)
    }

    assert served == documented


def test_only_what_is_on_this_list_is_open(document: dict[str, Any]) -> None:
    is_open = {
        path
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and operation.get("security", document["security"]) == []
    }

    assert is_open == OPEN


def test_every_route_is_described_for_people_too(document: dict[str, Any]) -> None:
    text = "\n".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))

    for path in document["paths"]:
        stem = re.sub(r"/\{.*", "", path)
        # In a row of a table, what comes after the first address is written without what it begins with.
        written = (stem, stem.removeprefix("/api/v1"), f"`/{stem.rpartition('/')[2]}")
        assert any(words in text for words in written), path


@pytest.mark.parametrize(
    "path",
    [
        "/api", "/api/v1", "/api/v2/jobs", "/api/v0/jobs", "/v1/jobs", "/api/beta/jobs", "/api/internal",
        "/internal/jobs", "/admin", "/api/admin", "/api/debug", "/debug", "/console", "/graphql", "/actuator",
        "/swagger.json", "/api-docs", "/api/test", "/server-status", "/phpinfo.php", "/wp-admin",
        "/api/jobs.json", "/api/jobs.bak", "/health/full",
    ],
)  # fmt: skip
def test_no_older_newer_or_hidden_version_answers(http: FlaskClient, admin: Tenant, path: str) -> None:
    for method in ("GET", "POST"):
        answer = http.open(path, method=method, headers=admin.key)
        assert answer.status_code in (404, 405), f"{method} {path}"
        assert answer.is_json


def test_the_documentation_names_no_place_inside(http: FlaskClient) -> None:
    text = http.get("/openapi.json").text

    assert not re.search(r"127\.0\.0\.1|localhost|/home/|/root/|\.internal\b|password@", text)
    assert not re.search(r"\b(tk|cs)_[A-Za-z0-9]{20,}", text)
