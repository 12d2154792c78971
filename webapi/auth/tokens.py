"""Access tokens: short JWTs that name a client and its session, signed with a key derived from `SECRET_KEYS`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token, decode_token, get_unverified_jwt_headers
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import InvalidTokenError

from store.clients.errors import CredentialsRefused
from store.clients.sessions import Session
from store.secrets import Keyring

ALGORITHM = "HS256"
TYPE = "at+jwt"
"""RFC 9068: tells an access token from any other JWT of the same key."""
ISSUER = "tiktok-crawler"
AUDIENCE = "tiktok-crawler-api"
LIFE = timedelta(minutes=15)
PURPOSE = b"access tokens"
KEYS = "webapi.auth.tokens"
CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")
SETTINGS: dict[str, Any] = {
    "JWT_ALGORITHM": ALGORITHM,
    "JWT_DECODE_ALGORITHMS": [ALGORITHM],
    "JWT_ENCODE_ISSUER": ISSUER,
    "JWT_DECODE_ISSUER": ISSUER,
    "JWT_ENCODE_AUDIENCE": AUDIENCE,
    "JWT_DECODE_AUDIENCE": AUDIENCE,
    "JWT_ACCESS_TOKEN_EXPIRES": LIFE,
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a good token says; whether its session still is good only the database knows."""

    client_id: str
    session_id: str


class TokenKeys:
    """The keys that sign tokens. A token says by which, so that those of an older key stay good."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def newest(self) -> tuple[str, bytes]:
        """The key to write with, and its name."""
        return next(iter(self._named().items()))

    def get(self, name: str | None) -> bytes:
        """The key of this name; for a name that is none of ours the newest, which then does not fit."""
        return self._named().get(name or "") or self.newest()[1]

    def _named(self) -> dict[str, bytes]:
        return {sha256(key).hexdigest()[:16]: key for key in self._keyring.derive(PURPOSE)}


def sign_tokens(app: Flask, keyring: Keyring) -> None:
    """Let an application write and read tokens."""
    app.config |= SETTINGS
    keys = TokenKeys(keyring)
    manager = JWTManager(app)
    manager.encode_key_loader(lambda _client_id: keys.newest()[1])
    manager.decode_key_loader(lambda header, _claims: keys.get(header.get("kid")))
    app.extensions[KEYS] = keys


def issue_token(session: Session) -> str:
    """Write an access token for a session, within an application."""
    keys: TokenKeys = current_app.extensions[KEYS]
    token: str = create_access_token(
        session.client.id,
        additional_claims={
            "sid": session.id,
            "plan": str(session.client.plan),
            "roles": sorted(session.client.roles),
        },
        additional_headers={"typ": TYPE, "kid": keys.newest()[0]},
    )
    return token


def is_token(text: str) -> bool:
    """Tell a token, good or bad, from an API key: it has three parts."""
    return text.count(".") == 2


def read_token(token: str) -> Claimed:
    """Read an access token, within an application; raise `CredentialsRefused`."""
    try:
        header, claims = get_unverified_jwt_headers(token), decode_token(token)
    except (InvalidTokenError, JWTExtendedException):
        header, claims = {}, {}
    # The library also takes what has no end or number, and one of several audiences.
    is_whole = all(claims.get(claim) is not None for claim in CLAIMS)
    if not is_whole or claims["aud"] != AUDIENCE or header.get("typ") != TYPE:
        raise CredentialsRefused("the access token is wrong or has ended")
    return Claimed(claims["sub"], str(claims["sid"]))
