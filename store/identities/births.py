"""New identities, and accounts whose cookies are imported anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from store.identities.identity import FULL_HEALTH, Identity
from store.identities.rows import lock, read_identity, sealed_values
from store.models.identities import IDENTITIES, IdentityKind, IdentityState
from store.secrets import Keyring
from tiktok.cookies import Cookie, is_logged_in, newest, with_token_end
from tiktok.devices import Device

NOT_NUMBERED = 0
"""Until the database gives it a number."""


def newborn(
    kind: IdentityKind, *, label: str, device: Device, exit_id: int, cookies: Iterable[Cookie], now: datetime
) -> Identity:
    """Make an identity that is not stored yet."""
    jar = [with_token_end(cookie) for cookie in cookies]
    return Identity(
        id=NOT_NUMBERED,
        kind=kind,
        label=label,
        device=_with_fingerprint(device, jar),
        exit_id=exit_id,
        cookies=jar,
        is_logged_in=kind is IdentityKind.ACCOUNT and is_logged_in(jar, now),
        created_at=now,
    )


def store_newborn(connection: Connection, identity: Identity, keyring: Keyring) -> None:
    """Store it, and tell it its number."""
    values = sealed_values(identity, keyring) | {
        "kind": identity.kind.value,
        "label": identity.label,
        "exit_id": identity.exit_id,
        "created_at": identity.created_at,
    }
    result = connection.execute(insert(IDENTITIES).values(**values, **_as_new()))
    assert result.inserted_primary_key
    identity.id = result.inserted_primary_key[0]


def find_account(connection: Connection, label: str) -> Row[Any] | None:
    """Find the living account of that name."""
    wanted = select(IDENTITIES).where(
        IDENTITIES.c.kind == IdentityKind.ACCOUNT,
        IDENTITIES.c.label == label,
        IDENTITIES.c.state != IdentityState.RETIRED,
    )
    return connection.execute(wanted.order_by(IDENTITIES.c.id)).first()


def renew_account(
    connection: Connection, identity_id: int, account: Identity, keyring: Keyring, now: datetime
) -> None:
    """Put the account's cookies in place of the old ones; it keeps its number, exit and device.

    Its User-Agent is the new one: that goes with the cookies.
    """
    known = read_identity(lock(connection, identity_id), keyring, now)
    account.id, account.exit_id, account.created_at = known.id, known.exit_id, known.created_at
    account.last_used_at = known.last_used_at
    device = replace(known.device, user_agent=account.device.user_agent)
    account.device = _with_fingerprint(device, account.cookies)
    connection.execute(
        update(IDENTITIES)
        .where(IDENTITIES.c.id == identity_id)
        .values(**sealed_values(account, keyring), **_as_new(), cooldown_until=None, reason=None)
    )


def _as_new() -> dict[str, Any]:
    return {"state": IdentityState.READY.value, "health": FULL_HEALTH, "streak": 0, "rests": 0}


def _with_fingerprint(device: Device, cookies: list[Cookie]) -> Device:
    """The parameter `verifyFp` repeats the cookie."""
    cookie = newest(cookies, "s_v_web_id")
    return replace(device, verify_fp=cookie.value) if cookie else device
