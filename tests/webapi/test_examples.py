"""The OpenAPI document is a valid one, and shows by examples what is asked and answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31
from sqlalchemy import Engine

from tests.webapi.test_documented import closed

WITH_EXAMPLES = ("/health", "/api/jobs", "/api/videos", "/api/users", "/api/analytics", "/api/v1/auth")
"""Families whose operations each show a whole request and answer; the others' are shortened, but for their errors."""


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """The document is the same on any database."""
    return sqlite_engine


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Every path and operation with all its parameters."""
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                yield f"{method} {path}", operation, shared + operation.get("parameters", [])


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    check = jsonschema_rs.Draft202012Validator(OPENAPI_31)

    assert [(list(error.instance_path), error.message) for error in check.iter_errors(document)] == []
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_every_operation_shows_a_request_and_an_answer(document: dict[str, Any]) -> None:
    missing = []
    for name, operation, parameters in operations(document):
        if not name.partition(" ")[2].startswith(WITH_EXAMPLES):
            continue
        for parameter in parameters:
            shown = parameter | parameter.get("schema", {})
            if not {"example", "examples", "enum", "default"} & set(shown) and parameter["in"] != "header":
                missing.append((name, parameter["name"]))
        for where, body in bodies(operation):
            if "example" not in body:
                missing.append((name, where))

    assert missing == []


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    wrong = []
    for name, operation, parameters in operations(document):
        for where, body in bodies(operation):
            is_whole = name.partition(" ")[2].startswith(WITH_EXAMPLES) or not where.startswith(("2", "r"))
            if "example" in body and is_whole:
                schema = closed({**body["schema"], "components": document["components"]})
                check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                wrong += [(name, where, error.message) for error in check.iter_errors(body["example"])]
        for parameter in parameters:
            shown = [parameter["example"]] if "example" in parameter else []
            wrong += [
                (name, parameter["name"], example)
                for example in [*shown, *parameter.get("schema", {}).get("examples", [])]
                if not jsonschema_rs.is_valid(parameter["schema"], example)
            ]

    assert wrong == []


def test_every_error_of_every_operation_shows_its_envelope(document: dict[str, Any]) -> None:
    for name, operation, _ in operations(document):
        errors = {status: body for status, body in bodies(operation) if not status.startswith(("2", "r"))}
        assert errors, name
        for status, body in errors.items():
            is_envelope = body["schema"] == errors["default"]["schema"]
            assert not is_envelope or body["example"], (name, status)


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent, and what comes back by its status."""
    if "requestBody" in operation:
        yield "request", operation["requestBody"]["content"]["application/json"]
    for status, response in operation["responses"].items():
        if "application/json" in response.get("content", {}):
            yield status, response["content"]["application/json"]
