"""Making clients, finding them by what they show, giving them new credentials, shutting them out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.clients.client import OPERATOR, Client, NewCredentials, Plan, Role
from store.clients.errors import ClientNotFound, ClientRefused, CredentialsRefused
from store.clients.secrets import (
    digest,
    is_api_key,
    is_same,
    key_prefix,
    new_api_key,
    new_client_id,
    new_client_secret,
)
from store.clients.sessions import revoke_sessions
from store.models.clients import API_KEYS, CLIENTS, NAME_LENGTH
from store.transactions import in_transaction

NOBODY = digest("")
"""Compared with where there is no client, so that its absence takes as long as a wrong secret."""


def create_client(
    engine: Engine, name: str, plan: Plan, now: datetime, roles: Collection[Role] = ()
) -> NewCredentials:
    """Make a client; raise `ClientRefused` when its name is taken."""
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable() or name == OPERATOR.name:
        raise ClientRefused(f"name: {name!r} can't be one; write 1 to {NAME_LENGTH} printable characters")
    client = Client(id=new_client_id(), name=name, plan=plan, roles=frozenset(roles), created_at=now)

    def work(connection: Connection) -> NewCredentials:
        if connection.scalar(select(CLIENTS.c.id).where(CLIENTS.c.name == name)):
            raise ClientRefused(
                f"name: there is a client {name!r}; choose another name, or rotate its secret"
            )
        secret = new_client_secret()
        row = {"id": client.id, "name": name, "plan": plan, "roles": sorted(client.roles), "created_at": now}
        connection.execute(insert(CLIENTS).values(**row, secret_digest=digest(secret)))
        return NewCredentials(
            client=client, client_secret=secret, api_key=_add_key(connection, client.id, now)
        )

    return in_transaction(engine, work)


def create_first_client(engine: Engine, now: datetime) -> NewCredentials | None:
    """Make the client `admin` where there is none at all; only one of many that start at once does."""
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(CLIENTS)):
            return None
    try:
        return create_client(engine, "admin", Plan.ENTERPRISE, now, [Role.ADMIN])
    except (ClientRefused, IntegrityError):
        return None


def list_clients(engine: Engine) -> list[tuple[Client, list[str]]]:
    """All clients, the oldest first, with the prefixes of their good keys."""
    keys: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(select(API_KEYS).where(API_KEYS.c.revoked_at.is_(None))):
            keys.setdefault(row.client_id, []).append(row.prefix)
        rows = connection.execute(select(CLIENTS).order_by(CLIENTS.c.created_at, CLIENTS.c.id)).all()
    return [(Client.of(row), sorted(keys.get(row.id, []))) for row in rows]


def rotate_credentials(engine: Engine, named: str, now: datetime) -> NewCredentials:
    """Give a client a new secret and key; all it had before, sessions too, are worth nothing from now on."""

    def work(connection: Connection) -> NewCredentials:
        client = _find(connection, named)
        secret = new_client_secret()
        connection.execute(
            update(CLIENTS).where(CLIENTS.c.id == client.id).values(secret_digest=digest(secret))
        )
        good = (API_KEYS.c.client_id == client.id) & API_KEYS.c.revoked_at.is_(None)
        connection.execute(update(API_KEYS).where(good).values(revoked_at=now))
        revoke_sessions(connection, client.id, "rotated", now)
        return NewCredentials(
            client=client, client_secret=secret, api_key=_add_key(connection, client.id, now)
        )

    return in_transaction(engine, work)


def add_api_key(engine: Engine, named: str, now: datetime) -> str:
    """Give a client one more key."""
    return in_transaction(engine, lambda connection: _add_key(connection, _find(connection, named).id, now))


def revoke_api_key(engine: Engine, prefix: str, now: datetime) -> bool:
    """Make a key worthless; say whether there was such a good one."""
    good = (API_KEYS.c.prefix == prefix) & API_KEYS.c.revoked_at.is_(None)
    revoking = update(API_KEYS).where(good).values(revoked_at=now)
    return in_transaction(engine, lambda connection: connection.execute(revoking).rowcount > 0)


def disable_client(engine: Engine, named: str, now: datetime) -> Client:
    """Shut a client out with all it holds; its jobs stay."""

    def work(connection: Connection) -> Client:
        client = _find(connection, named)
        is_enabled = (CLIENTS.c.id == client.id) & CLIENTS.c.disabled_at.is_(None)
        connection.execute(update(CLIENTS).where(is_enabled).values(disabled_at=now))
        revoke_sessions(connection, client.id, "disabled", now)
        return _find(connection, client.id)

    return in_transaction(engine, work)


def client_by_secret(engine: Engine, client_id: str, secret: str) -> Client:
    """Find who shows this id and secret; raise `CredentialsRefused`."""
    with engine.connect() as connection:
        row = connection.execute(select(CLIENTS).where(CLIENTS.c.id == client_id)).one_or_none()
    is_right = is_same(secret, row.secret_digest if row else NOBODY)
    if row is None or not is_right or row.disabled_at:
        raise CredentialsRefused("client_id or client_secret is wrong")
    return Client.of(row)


def client_by_api_key(engine: Engine, key: str) -> Client:
    """Find whose key this is; raise `CredentialsRefused`."""
    row = None
    if is_api_key(key):
        wanted = (
            select(CLIENTS)
            .join(API_KEYS, API_KEYS.c.client_id == CLIENTS.c.id)
            .where(API_KEYS.c.digest == digest(key), API_KEYS.c.revoked_at.is_(None))
        )
        with engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
    if row is None or row.disabled_at:
        raise CredentialsRefused("the API key is wrong")
    return Client.of(row)


def _add_key(connection: Connection, client_id: str, now: datetime) -> str:
    key = new_api_key()
    row = {"digest": digest(key), "prefix": key_prefix(key), "client_id": client_id, "created_at": now}
    connection.execute(insert(API_KEYS).values(row))
    return key


def _find(connection: Connection, named: str) -> Client:
    """Find a client by its id or its name, and lock it."""
    wanted = select(CLIENTS).where((CLIENTS.c.id == named) | (CLIENTS.c.name == named)).with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise ClientNotFound(named)
    return Client.of(row)
