"""Access tokens: short JWTs that name a client and its session, signed with a key derived from `SECRET_KEYS`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt

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
CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a good token says; whether its session still is good only the database knows."""

    client_id: str
    session_id: str


def issue_token(keyring: Keyring, session: Session, now: datetime) -> str:
    """Write an access token for a session."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": session.client.id,
        "sid": session.id,
        "jti": uuid4().hex,
        "iat": now,
        "exp": now + LIFE,
        "plan": str(session.client.plan),
        "roles": sorted(session.client.roles),
    }
    return jwt.encode(claims, keyring.derive(PURPOSE)[0], ALGORITHM, {"typ": TYPE})


def read_token(keyring: Keyring, token: str) -> Claimed:
    """Read an access token signed with any of our keys; raise `CredentialsRefused`."""
    for key in keyring.derive(PURPOSE):
        try:
            read = jwt.decode_complete(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": list(CLAIMS), "strict_aud": True},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError:
            break
        return _claimed(read)
    raise CredentialsRefused("the access token is wrong or has ended")


def _claimed(read: dict[str, Any]) -> Claimed:
    payload = read["payload"]
    if read["header"].get("typ") != TYPE or not isinstance(payload["sid"], str):
        raise CredentialsRefused("the access token is wrong or has ended")
    return Claimed(payload["sub"], payload["sid"])
