"""Sessions: each has one good refresh token at a time. One that was used before ends the session: it was stolen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from store.clients.client import Client
from store.clients.errors import CredentialsRefused
from store.clients.secrets import digest, is_same, new_refresh_token, new_session_id, session_of
from store.models.clients import CLIENTS, SESSIONS
from store.transactions import in_transaction

LIFE = timedelta(days=30)
"""Of a session since its last refresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that is good, and what to refresh it with."""

    id: str
    client: Client
    refresh_token: str = field(repr=False)


def begin_session(engine: Engine, client: Client, now: datetime) -> Session:
    """Begin a session for a client that has shown who it is."""
    session_id = new_session_id()
    token = new_refresh_token(session_id)
    row = {
        "id": session_id,
        "client_id": client.id,
        "refresh_digest": digest(token),
        "created_at": now,
        "expires_at": now + LIFE,
    }
    in_transaction(engine, lambda connection: connection.execute(insert(SESSIONS).values(row)))
    return Session(id=session_id, client=client, refresh_token=token)


def refresh_session(engine: Engine, refresh_token: str, now: datetime) -> Session:
    """Change a refresh token for the next one; raise `CredentialsRefused`. A used one revokes its session."""

    def work(connection: Connection) -> Session | None:
        session_id = session_of(refresh_token)
        row = connection.execute(
            select(SESSIONS).where(SESSIONS.c.id == session_id).with_for_update()
        ).one_or_none()
        if row is None or row.revoked_at or row.expires_at <= now:
            return None
        owner = connection.execute(select(CLIENTS).where(CLIENTS.c.id == row.client_id)).one_or_none()
        if owner is None or owner.disabled_at:
            return None
        if not is_same(refresh_token, row.refresh_digest):
            _revoke(connection, row.id, "a used refresh token came again", now)
            return None
        following = new_refresh_token(row.id)
        changes = {"refresh_digest": digest(following), "expires_at": now + LIFE}
        connection.execute(update(SESSIONS).where(SESSIONS.c.id == row.id).values(changes))
        return Session(id=row.id, client=Client.of(owner), refresh_token=following)

    session = in_transaction(engine, work)
    if session is None:
        raise CredentialsRefused("the refresh token is wrong, used or revoked")
    return session


def client_of_session(engine: Engine, session_id: str, now: datetime) -> Client:
    """Whose session this is, as long as it is good; raise `CredentialsRefused`."""
    good = (SESSIONS.c.id == session_id) & SESSIONS.c.revoked_at.is_(None) & (SESSIONS.c.expires_at > now)
    wanted = (
        select(CLIENTS)
        .join(SESSIONS, SESSIONS.c.client_id == CLIENTS.c.id)
        .where(good, CLIENTS.c.disabled_at.is_(None))
    )
    with engine.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        raise CredentialsRefused("the session has ended")
    return Client.of(row)


def revoke_session(engine: Engine, session_id: str, now: datetime) -> None:
    """End a session; all its tokens are worth nothing from now on."""
    in_transaction(engine, lambda connection: _revoke(connection, session_id, "revoked", now))


def revoke_sessions(connection: Connection, client_id: str, reason: str, now: datetime) -> None:
    """End all sessions of a client."""
    good = (SESSIONS.c.client_id == client_id) & SESSIONS.c.revoked_at.is_(None)
    connection.execute(update(SESSIONS).where(good).values(revoked_at=now, reason=reason))


def forget_ended_sessions(engine: Engine, now: datetime) -> int:
    """Clear away sessions that nobody can use any more."""
    ended = delete(SESSIONS).where(SESSIONS.c.expires_at <= now)
    return in_transaction(engine, lambda connection: connection.execute(ended).rowcount)


def _revoke(connection: Connection, session_id: str, reason: str, now: datetime) -> None:
    good = (SESSIONS.c.id == session_id) & SESSIONS.c.revoked_at.is_(None)
    connection.execute(update(SESSIONS).where(good).values(revoked_at=now, reason=reason))
