"""Between an identity and its row: encrypted on the way in, decrypted on the way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from store.exits.exit import ExitState
from store.identities.identity import Identity
from store.identities.sealing import pack, unpack
from store.models.identities import EXITS, IDENTITIES, IdentityKind, IdentityState
from store.secrets import Keyring
from tiktok.cookies import MS_TOKEN, is_logged_in, merge_cookies


def is_usable(now: datetime) -> ColumnElement[bool]:
    """The condition under which an identity may ask, whoever holds it; needs a join with its exit."""
    return and_(
        IDENTITIES.c.state == IdentityState.READY,
        or_(IDENTITIES.c.cooldown_until.is_(None), IDENTITIES.c.cooldown_until <= now),
        or_(IDENTITIES.c.expires_at.is_(None), IDENTITIES.c.expires_at > now),
        EXITS.c.state == ExitState.READY,
    )


def is_free(now: datetime) -> ColumnElement[bool]:
    """The condition under which nobody holds it: never leased, given back, or its holder is gone."""
    return or_(IDENTITIES.c.leased_until.is_(None), IDENTITIES.c.leased_until <= now)


def state_of(row: Row[*tuple[Any, ...]], exit_state: str, now: datetime) -> IdentityState:
    """Tell the state at this moment."""
    if row.state != IdentityState.READY:
        return IdentityState(row.state)
    if row.expires_at is not None and row.expires_at <= now:
        return IdentityState.EXPIRED
    rests = row.cooldown_until is not None and row.cooldown_until > now
    return IdentityState.COOLING if rests or exit_state != ExitState.READY else IdentityState.READY


def read_identity(row: Row[Any], keyring: Keyring, now: datetime) -> Identity:
    """Make an identity of its row; cookies that are over stay behind."""
    device, cookies = unpack(keyring.decrypt(row.sealed))
    return Identity(
        id=row.id,
        kind=IdentityKind(row.kind),
        label=row.label,
        device=device,
        exit_id=row.exit_id,
        cookies=[cookie for cookie in cookies if not cookie.is_expired(now)],
        is_logged_in=row.is_logged_in,
        state=state_of(row, ExitState.READY, now),
        health=row.health,
        streak=row.streak,
        rests=row.rests,
        cooldown_until=row.cooldown_until,
        last_used_at=row.last_used_at,
        created_at=row.created_at,
    )


def sealed_values(identity: Identity, keyring: Keyring) -> dict[str, Any]:
    """The columns that follow from cookies and device."""
    sealed, key_id = keyring.encrypt(pack(identity.device, identity.cookies))
    return {
        "sealed": sealed,
        "key_id": key_id,
        "is_logged_in": identity.is_logged_in,
        "expires_at": identity.expires_at,
        "token_expires_at": identity.ms_token_expires_at,
    }


def save_identity(connection: Connection, identity: Identity, keyring: Keyring, now: datetime) -> None:
    """Write cookies and device; of a cookie that was stored meanwhile the newer one stays."""
    row = lock(connection, identity.id)
    if row.state == IdentityState.RETIRED:
        return
    _, stored = unpack(keyring.decrypt(row.sealed))
    merged = merge_cookies(stored, identity.cookies)
    # An msToken that is over stays: it tells that there was one.
    identity.cookies = [c for c in merged if c.name == MS_TOKEN or not c.is_expired(now)]
    identity.is_logged_in = row.is_logged_in and is_logged_in(identity.cookies, now)
    connection.execute(
        update(IDENTITIES).where(IDENTITIES.c.id == identity.id).values(**sealed_values(identity, keyring))
    )


def lock(connection: Connection, identity_id: int) -> Row[Any]:
    """Read a row that is about to be changed."""
    wanted = select(IDENTITIES).where(IDENTITIES.c.id == identity_id).with_for_update()
    return connection.execute(wanted).one()
