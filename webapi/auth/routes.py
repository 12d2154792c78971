"""`/api/v1/auth`: credentials for tokens, tokens for newer ones."""

from __future__ import annotations

from typing import Any

from flask import request

from store.clients.book import client_by_api_key, client_by_secret
from store.clients.secrets import key_prefix, session_of
from store.clients.sessions import Session, begin_session, refresh_session, revoke_session
from webapi import current
from webapi.auth.guard import open_to_all
from webapi.auth.schemas import MeSchema, RefreshArgsSchema, TokenArgsSchema, TokensSchema
from webapi.auth.tokens import LIFE, is_token, issue_token, read_token
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.limits.groups import TOKENS, limited_by
from webapi.limits.limiter import limiter

AUTH = FamilyBlueprint("auth", __name__, url_prefix="/api/v1/auth", description="Tokens for credentials")

NO_CREDENTIALS: dict[str, Any] = {"security": []}
TOKENS_EXAMPLE = {
    "access_token": "eyJhbGciOiJIUzI1NiIs…",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "rt_…",
}
ME_EXAMPLE = {"client_id": "cl_0123456789abcdef", "name": "reports", "plan": "pro", "roles": []}


@AUTH.route("/token", methods=["POST"])
@open_to_all
@limited_by(TOKENS)
@AUTH.doc(**NO_CREDENTIALS)
@AUTH.arguments(TokenArgsSchema, example={"api_key": "tk_abcdefgh_…"})
@AUTH.response(200, TokensSchema, example=TOKENS_EXAMPLE)
@AUTH.errors(401, 500)
def token(given: dict[str, str]) -> dict[str, Any]:
    """Get a token

    For a client's id and secret, or for an API key. The access token is good for 15 minutes.
    """
    _count(given["client_id"] if "client_id" in given else key_prefix(given["api_key"]))
    engine = current.engine()
    if "api_key" in given:
        client = client_by_api_key(engine, given["api_key"])
    else:
        client = client_by_secret(engine, given["client_id"], given["client_secret"])
    return _tokens(begin_session(engine, client, current.now()))


@AUTH.route("/refresh", methods=["POST"])
@open_to_all
@limited_by(TOKENS)
@AUTH.doc(**NO_CREDENTIALS)
@AUTH.arguments(RefreshArgsSchema, example={"refresh_token": TOKENS_EXAMPLE["refresh_token"]})
@AUTH.response(200, TokensSchema, example=TOKENS_EXAMPLE)
@AUTH.errors(401, 500)
def refresh(given: dict[str, str]) -> dict[str, Any]:
    """Refresh a token

    Each refresh token is good for one use. One that comes a second time ends its session: somebody else has it.
    """
    _count(session_of(given["refresh_token"]) or "")
    return _tokens(refresh_session(current.engine(), given["refresh_token"], current.now()))


@AUTH.route("/revoke", methods=["POST"])
@AUTH.response(204)
@AUTH.errors(401, 500)
def revoke() -> None:
    """End the session

    The access token that is shown, its refresh token and all others of the session are refused from now on.
    """
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_token(shown):
        session_id = read_token(shown.strip()).session_id
        revoke_session(current.engine(), session_id, current.now())


@AUTH.route("/me")
@AUTH.response(200, MeSchema, example=ME_EXAMPLE)
@AUTH.errors(401, 500)
def me() -> dict[str, Any]:
    """Who am I"""
    client = current.client()
    return {
        "client_id": client.id,
        "name": client.name,
        "plan": str(client.plan),
        "roles": sorted(client.roles),
    }


def _count(whose: str) -> None:
    """Guessing somebody's secret is counted for whom it is guessed, too, whether there is such a one or not."""
    limiter().check("credentials", whose, current.config().rate_limit_tokens)


def _tokens(session: Session) -> dict[str, Any]:
    return {
        "access_token": issue_token(session),
        "token_type": "Bearer",
        "expires_in": int(LIFE.total_seconds()),
        "refresh_token": session.refresh_token,
    }
