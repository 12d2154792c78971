"""`oauth2.googleapis.com`: consent, and access tokens for people and for service accounts."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn
from urllib.parse import urlencode

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from standin.drive.callers import Caller
from standin.drive.state import Drive, drive_of

routes = web.RouteTableDef()

REFRESH_TOKEN = "1//standin-refresh"  # noqa: S105  # a pretend one
SERVICE_EMAIL = "archive@standin.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPE = "https://www.googleapis.com/auth/drive"
_LIFETIME_SECONDS = 3_600
_SKEW_SECONDS = 300
_PADDING = "===="


class _GrantError(Exception):
    """A grant that is no good; says which of OAuth's errors, and why."""


@routes.get("/o/oauth2/auth")
@routes.get("/o/oauth2/v2/auth")
async def consent(request: web.Request) -> web.Response:
    """Send a person back with a code, as if they had agreed."""
    drive, query = drive_of(request), request.query
    code = "4/" + secrets.token_urlsafe(24)
    drive.codes.add(code)
    back = (
        query["redirect_uri"]
        + "?"
        + urlencode({"state": query.get("state", ""), "code": code, "scope": _SCOPE})
    )
    return web.Response(status=302, headers={"Location": back})


@routes.post("/token")
@routes.post("/o/oauth2/token")
async def token(request: web.Request) -> web.Response:
    """Give an access token for a code, a refresh token, or a service account's word."""
    drive, form = drive_of(request), await request.post()
    given = {name: str(value) for name, value in form.items()}
    try:
        caller, more = _granted(drive, given)
    except _GrantError as error:
        kind, text = error.args
        return web.json_response({"error": kind, "error_description": text}, status=400)
    caller.expires = drive.now + _LIFETIME_SECONDS
    access = "ya29." + secrets.token_urlsafe(32)
    drive.tokens[access] = caller
    answer = {
        "access_token": access,
        "expires_in": _LIFETIME_SECONDS - 1,
        "token_type": "Bearer",
        "scope": _SCOPE,
    }
    return web.json_response(answer | more)


def _granted(drive: Drive, given: Mapping[str, str]) -> tuple[Caller, dict[str, str]]:
    match given.get("grant_type"):
        case "authorization_code":
            if given.get("code") not in drive.codes:
                _refuse("Malformed auth code.")
            drive.codes.discard(given["code"])
            refresh = f"1//{secrets.token_urlsafe(24)}"
            drive.refresh_tokens.add(refresh)
            return Caller(drive.settings.email, is_service=False), {"refresh_token": refresh}
        case "refresh_token":
            if drive.settings.revoked or given.get("refresh_token") not in {
                REFRESH_TOKEN,
                *drive.refresh_tokens,
            }:
                _refuse("Token has been expired or revoked.")
            return Caller(drive.settings.email, is_service=False), {}
        case grant if grant == _JWT_GRANT:
            claims = _verified(given.get("assertion", ""), time.time())
            subject = claims.get("sub")
            return Caller(subject or SERVICE_EMAIL, is_service=not subject), {}
        case _:
            raise _GrantError("unsupported_grant_type", "Invalid grant_type.")


def _verified(assertion: str, now: float) -> dict[str, Any]:
    """Return the claims of a service account that signed with the key it was given."""
    head, _, signature = assertion.rpartition(".")
    try:
        _key().public_key().verify(_decoded(signature), head.encode(), padding.PKCS1v15(), hashes.SHA256())
        claims: dict[str, Any] = json.loads(_decoded(head.partition(".")[2]))
    except (InvalidSignature, ValueError):
        _refuse("Invalid JWT Signature.")
    if claims.get("iss") != SERVICE_EMAIL:
        _refuse("Invalid grant: account not found")
    if claims.get("aud") != AUDIENCE:
        _refuse("Invalid JWT: Failed audience check.")
    if (
        not now - _LIFETIME_SECONDS - _SKEW_SECONDS
        < claims["iat"]
        < claims["exp"]
        <= claims["iat"] + _LIFETIME_SECONDS
    ):
        _refuse("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
    if not str(claims.get("scope", "")).startswith(_SCOPE):
        raise _GrantError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return claims


def _refuse(text: str) -> NoReturn:
    raise _GrantError("invalid_grant", text)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + _PADDING)


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def service_key(origin: str) -> dict[str, str]:
    """Return the key file of the service account."""
    pem = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": "standin",
        "private_key_id": "standin",
        "private_key": pem.decode(),
        "client_email": SERVICE_EMAIL,
        "client_id": "100000000000000000000",
        "token_uri": f"{origin}/token",
    }


def user_key(origin: str) -> dict[str, str]:
    """Return what a person's client keeps after consent."""
    return {
        "type": "authorized_user",
        "client_id": "standin.apps.googleusercontent.com",
        "client_secret": "standin",
        "refresh_token": REFRESH_TOKEN,
        "token_uri": f"{origin}/token",
    }


def client_key(origin: str) -> dict[str, Any]:
    """Return the file of an OAuth client, from which consent is asked."""
    installed = {
        "client_id": "standin.apps.googleusercontent.com",
        "client_secret": "standin",
        "auth_uri": f"{origin}/o/oauth2/v2/auth",
        "token_uri": f"{origin}/token",
        "redirect_uris": ["http://localhost"],
    }
    return {"installed": installed}
