"""`flask --app webapi client …`."""

from __future__ import annotations

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """`tests/store/clients` asks both databases."""
    return sqlite_engine


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["client", *arguments])
    return result.exit_code, result.output


def me(http: FlaskClient, key: str) -> int:
    return http.get("/api/v1/auth/me", headers={"X-API-Key": key}).status_code


def test_a_client_is_made_listed_rotated_and_disabled(app: Flask, http: FlaskClient) -> None:
    status, output = run(app, "create", "reports", "--plan", "pro", "--role", "admin", "--json")
    made = orjson.loads(output.splitlines()[-1])
    assert (status, list(made)) == (0, ["client_id", "client_secret", "api_key"])
    assert me(http, made["api_key"]) == 200

    _, listed = run(app, "list")
    assert all(word in listed for word in (made["client_id"], "reports", "pro", "admin"))
    assert made["client_secret"] not in listed
    assert made["api_key"] not in listed

    _, output = run(app, "rotate", "reports", "--json")
    new = orjson.loads(output.splitlines()[-1])
    assert (me(http, new["api_key"]), new["client_id"]) == (200, made["client_id"])

    assert run(app, "disable", "reports") == (0, f"{made['client_id']} reports is disabled\n")


def test_keys_are_added_and_revoked(app: Flask, http: FlaskClient) -> None:
    run(app, "create", "reports")

    _, key = run(app, "add-key", "reports")
    key = key.strip()
    assert me(http, key) == 200

    prefix = key.rpartition("_")[0]
    assert run(app, "revoke-key", prefix)[0] == 0
    assert run(app, "revoke-key", prefix)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["create", "reports"], 1, "there is a client 'reports'"),
        (["create", "other", "--plan", "gold"], 2, "'gold' is not one of"),
        (["rotate", "nobody"], 1, "There is no client nobody"),
        (["disable", "nobody"], 1, "There is no client nobody"),
        (["add-key", "nobody"], 1, "There is no client nobody"),
    ],
    ids=str,
)
def test_what_can_not_be_is_said_in_one_line(
    app: Flask, arguments: list[str], status: int, words: str
) -> None:
    run(app, "create", "reports")

    found, output = run(app, *arguments)

    assert found == status
    assert words in output
