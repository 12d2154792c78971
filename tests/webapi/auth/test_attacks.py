"""Every endpoint refuses every forged, ended, revoked or foreign credential."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import jwt
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.clients.book import disable_client, revoke_api_key, rotate_credentials
from store.clients.secrets import key_prefix
from store.clients.sessions import begin_session, revoke_session
from store.config import Config
from store.secrets import Keyring
from tests.webapi.conftest import MakeTenant, Tenant
from tests.webapi.endpoints import endpoints
from webapi import create_app
from webapi.auth import guard
from webapi.auth.guard import OPEN, REMEMBERED_SECONDS
from webapi.auth.tokens import ALGORITHM, PURPOSE, TYPE, issue_token
from webapi.live import LIVE

OPEN_PATHS = {
    "/health", "/openapi.json", "/docs", "/docs/start.js", "/redoc", "/<any(docs, redoc):page>/<name>",
    "/api/v1/auth/token", "/api/v1/auth/refresh",
}  # fmt: skip
LIVE_PATHS = (*(f"{blueprint.url_prefix}/" for blueprint in LIVE), "/token-stats")


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What tokens are worth has little to do with the database; `tests/store/clients` asks both."""
    return sqlite_engine


def guarded(app: Flask) -> list[tuple[str, str]]:
    """Method and path of each endpoint that wants credentials."""
    return [(one.method, one.path) for one in endpoints(app) if one.rule not in OPEN_PATHS]


def refused_everywhere(app: Flask, headers: dict[str, str]) -> None:
    http = app.test_client()
    for method, path in guarded(app):
        response = http.open(path, method=method, headers=headers)
        # The document of live lookups tells wrong keys from missing ones.
        is_wrong_key = path.startswith(LIVE_PATHS) and set(headers) == {"X-API-Key"}
        assert response.status_code == (403 if is_wrong_key else 401), f"{method} {path}"
        challenge = response.headers.get("WWW-Authenticate", "")
        assert challenge.startswith("Bearer") != is_wrong_key, f"{method} {path}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def good_token(app: Flask, engine: Engine, tenant: Tenant) -> str:
    with app.app_context():
        return issue_token(begin_session(engine, tenant.made.client, datetime.now(UTC)))


def test_only_what_is_meant_to_be_open_is_open(app: Flask) -> None:
    is_open = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], OPEN, False)
    }

    assert is_open == OPEN_PATHS


def test_a_good_token_and_a_good_key_open_every_door(app: Flask, engine: Engine, tenant: Tenant) -> None:
    for headers in (bearer(good_token(app, engine, tenant)), tenant.key):
        for method, path in guarded(app):
            if path != "/api/v1/auth/revoke":
                assert app.test_client().open(path, method=method, headers=headers).status_code != 401


Forge = Callable[[dict[str, Any], bytes], str]


def signed(claims: dict[str, Any], key: bytes, header: dict[str, str] | None = None) -> str:
    return jwt.encode(claims, key, ALGORITHM, header or {"typ": TYPE})


def unsigned(claims: dict[str, Any], algorithm: str) -> str:
    header = {"alg": algorithm, "typ": TYPE}
    parts = (orjson.dumps(part) for part in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def signed_by_nothing(claims: dict[str, Any]) -> str:
    """By hand: PyJWT would not."""
    text = unsigned(claims, ALGORITHM).removesuffix(".")
    signature = base64.urlsafe_b64encode(hmac.digest(b"", text.encode(), "sha256"))
    return f"{text}.{signature.rstrip(b'=').decode()}"


def signed_without(name: str, claims: dict[str, Any], key: bytes) -> str:
    return signed({claim: value for claim, value in claims.items() if claim != name}, key)


FORGERIES: dict[str, Forge] = {
    "alg none": lambda claims, _: unsigned(claims, "none"),
    "alg None": lambda claims, _: unsigned(claims, "None"),
    "no signature": lambda claims, _: unsigned(claims, "HS256"),
    "another key": lambda claims, _: signed(claims, b"k" * 32),
    "an empty key": lambda claims, _: signed_by_nothing(claims),
    "another algorithm of the same key": lambda claims, key: jwt.encode(
        claims, key + b"\0" * 32, "HS512", {"typ": TYPE}
    ),
    "the raw key as text": lambda claims, key: signed(claims, base64.b64encode(key)),
    "ended": lambda claims, key: signed(claims | {"exp": 1}, key),
    "not yet begun": lambda claims, key: signed(
        claims | {"nbf": datetime.now(UTC) + timedelta(hours=1)}, key
    ),
    "wrong audience": lambda claims, key: signed(claims | {"aud": "another"}, key),
    "several audiences": lambda claims, key: signed(claims | {"aud": [claims["aud"], "another"]}, key),
    "wrong issuer": lambda claims, key: signed(claims | {"iss": "another"}, key),
    "wrong type": lambda claims, key: signed(claims, key, {"typ": "JWT"}),
    "no type": lambda claims, key: signed(claims, key, {"typ": ""}),
    "unknown session": lambda claims, key: signed(claims | {"sid": "nobody"}, key),
    "a session that is no text": lambda claims, key: signed(claims | {"sid": {"a": 1}}, key),
    **{f"without {name}": partial(signed_without, name)
       for name in ("exp", "iat", "aud", "iss", "sub", "sid", "jti")},
    "a header that points to a key": lambda claims, _: signed(
        claims, b"k" * 32, {"typ": TYPE, "jku": "http://127.0.0.1:9/keys", "kid": "../../dev/null"}
    ),
    "no token": lambda _claims, _key: "x",
    "nothing": lambda _claims, _key: "",
}  # fmt: skip


@pytest.mark.parametrize("forgery", list(FORGERIES))
def test_a_forged_token_is_refused_everywhere(
    forgery: str, app: Flask, config: Config, engine: Engine, tenant: Tenant
) -> None:
    good = good_token(app, engine, tenant)
    key = Keyring.load(config).derive(PURPOSE)[0]
    claims = jwt.decode(good, options={"verify_signature": False})

    refused_everywhere(app, bearer(FORGERIES[forgery](claims, key)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic dXNlcjpwYXNzd29yZA=="},
        {"Authorization": "Bearer"},
        {"X-API-Key": "tk_abcdefgh_0"},
        {"X-API-Key": "' OR 1=1 --"},
        {"X-API-Key": "tk_abcdefgh_" + "a" * 51},
    ],
    ids=str,
)
def test_what_is_no_credential_is_refused_everywhere(headers: dict[str, str], app: Flask) -> None:
    refused_everywhere(app, headers)


def test_two_credentials_at_once_are_refused_even_if_both_are_good(
    app: Flask, engine: Engine, tenant: Tenant
) -> None:
    refused_everywhere(app, bearer(good_token(app, engine, tenant)) | tenant.key)


def test_a_refresh_token_is_no_access_token(app: Flask, engine: Engine, tenant: Tenant) -> None:
    session = begin_session(engine, tenant.made.client, datetime.now(UTC))

    refused_everywhere(app, bearer(session.refresh_token))
    refused_everywhere(app, {"X-API-Key": session.refresh_token})


def test_a_revoked_session_is_refused_everywhere(app: Flask, engine: Engine, tenant: Tenant) -> None:
    now = datetime.now(UTC)
    session = begin_session(engine, tenant.made.client, now)
    with app.app_context():
        token = issue_token(session)

    revoke_session(engine, session.id, now)

    refused_everywhere(app, bearer(token))


def test_what_a_disabled_client_holds_is_refused_everywhere(
    app: Flask, engine: Engine, tenant: Tenant
) -> None:
    token = good_token(app, engine, tenant)

    disable_client(engine, tenant.id, datetime.now(UTC))

    refused_everywhere(app, bearer(token))
    refused_everywhere(app, tenant.key)


def test_what_a_client_had_before_new_credentials_is_refused_everywhere(
    app: Flask, engine: Engine, tenant: Tenant
) -> None:
    token = good_token(app, engine, tenant)

    rotate_credentials(engine, tenant.id, datetime.now(UTC))

    refused_everywhere(app, bearer(token))
    refused_everywhere(app, tenant.key)


def test_a_revoked_key_is_refused_everywhere_and_the_others_are_not(
    app: Flask, engine: Engine, make_tenant: MakeTenant
) -> None:
    revoked, other = make_tenant("revoked"), make_tenant("other")

    revoke_api_key(engine, key_prefix(revoked.made.api_key), datetime.now(UTC))

    refused_everywhere(app, revoked.key)
    assert app.test_client().get("/api/v1/auth/me", headers=other.key).status_code == 200


def test_a_token_of_another_installation_is_refused_everywhere(
    app: Flask, config: Config, engine: Engine, tenant: Tenant, tmp_path: Any
) -> None:
    foreign = create_app(replace(config, data_dir=tmp_path / "elsewhere"))

    refused_everywhere(app, bearer(good_token(foreign, engine, tenant)))
    foreign.extensions["crawler"].engine.dispose()


def test_a_token_stays_good_when_the_key_is_rotated_and_ends_with_its_key(
    app: Flask, config: Config, engine: Engine, tenant: Tenant
) -> None:
    http, keyring = app.test_client(), Keyring.load(config)
    old = bearer(good_token(app, engine, tenant))

    keyring.add_key()
    new = bearer(good_token(app, engine, tenant))
    both = [http.get("/api/v1/auth/me", headers=headers).status_code for headers in (old, new)]
    keyring.forget_old_keys()
    later = [http.get("/api/v1/auth/me", headers=headers).status_code for headers in (old, new)]

    assert both == [200, 200]
    assert later == [401, 200]


def test_a_revocation_is_felt_within_five_seconds(
    app: Flask, engine: Engine, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(guard, "REMEMBERED_SECONDS", REMEMBERED_SECONDS)
    monkeypatch.setattr("webapi.auth.guard.time.monotonic", lambda: clock[0])
    http = app.test_client()
    assert http.get("/api/v1/auth/me", headers=tenant.key).status_code == 200
    disable_client(engine, tenant.id, datetime.now(UTC))

    clock[0] += 5

    assert http.get("/api/v1/auth/me", headers=tenant.key).status_code == 401


def test_nobody_can_tell_a_wrong_secret_from_an_unknown_client(http: FlaskClient, tenant: Tenant) -> None:
    answers = [
        http.post("/api/v1/auth/token", json={"client_id": client_id, "client_secret": "cs_wrong"})
        for client_id in (tenant.id, "cl_nobody")
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].data == answers[1].data
