"""All identities as an operator sees them: nothing secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from store.errors import SecretUnreadable
from store.identities.identity import IdentityStatus
from store.identities.rows import state_of
from store.identities.sealing import unpack
from store.models.identities import EXITS, IDENTITIES, IdentityKind, IdentityState
from store.secrets import Keyring
from tiktok.cookies import CriticalCookie, critical_cookies


def list_statuses(
    connection: Connection, keyring: Keyring, now: datetime, kind: IdentityKind | None = None
) -> list[IdentityStatus]:
    """Tell of all identities, or those of a kind, in the order of their numbers."""
    wanted = (
        select(IDENTITIES, EXITS.c.state.label("exit_state"), EXITS.c.name.label("exit_name"))
        .join(EXITS, EXITS.c.id == IDENTITIES.c.exit_id)
        .order_by(IDENTITIES.c.id)
    )
    if kind is not None:
        wanted = wanted.where(IDENTITIES.c.kind == kind)
    return [_status(row, keyring, now) for row in connection.execute(wanted)]


def cookies_end(connection: Connection, now: datetime) -> tuple[bool, datetime | None]:
    """Tell whether anybody has cookies that hold, and until when at least one has them, where that is known.

    Where there are accounts, they are what counts: an operator wants to hear when the last of their logins is over,
    though guests go on without one.
    """
    living = IDENTITIES.c.state != IdentityState.RETIRED
    for kind in IdentityKind.ACCOUNT, IdentityKind.GUEST:
        ends = IDENTITIES.c.expires_at
        holds = (IDENTITIES.c.state == IdentityState.READY) & (ends.is_(None) | (ends > now))
        wanted = select(func.count(), func.count(case((holds, 1))), func.max(case((holds, ends))))
        total, valid, end = connection.execute(wanted.where(living, IDENTITIES.c.kind == kind)).one()
        if total:
            return valid > 0, end
    return False, None


def _status(row: Row[Any], keyring: Keyring, now: datetime) -> IdentityStatus:
    critical = _critical(row, keyring, now)
    return IdentityStatus(
        id=row.id,
        label=row.label,
        kind=IdentityKind(row.kind),
        state=state_of(row, row.exit_state, now),
        health=row.health,
        streak=row.streak,
        exit_name=row.exit_name,
        is_logged_in=row.is_logged_in,
        is_leased=row.leased_until is not None and row.leased_until > now,
        is_readable=critical is not None,
        critical=critical or [],
        expires_at=row.expires_at,
        cooldown_until=row.cooldown_until,
        last_used_at=row.last_used_at,
        reason=row.reason,
    )


def _critical(row: Row[Any], keyring: Keyring, now: datetime) -> list[CriticalCookie] | None:
    if row.state == IdentityState.RETIRED:
        return critical_cookies([], now)
    try:
        _, cookies = unpack(keyring.decrypt(row.sealed))
    except SecretUnreadable:
        return None
    return critical_cookies(cookies, now)
