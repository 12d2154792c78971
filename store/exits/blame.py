"""An exit whose identities are all turned away at the door: it is to blame, not they (facts D.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from store.exits.exit import DIRECT, ExitState
from store.exits.probation import after_failure
from store.models.identities import EXITS, IDENTITIES, IdentityState

TURNED_AWAY = frozenset({"refusal_page", "refusing_status"})
"""Rules of verdicts that speak of the address: the site did not look at what was asked."""
SEVERAL = 2
"""Of one identity nobody can tell whether it is to blame itself."""


def rest_refused_exits(connection: Connection, identity_ids: Collection[int], now: datetime) -> None:
    """Let proxies rest of which every identity rests because it was turned away.

    The direct way never rests: there is nothing to try instead.
    """
    theirs = select(IDENTITIES.c.exit_id).where(IDENTITIES.c.id.in_(identity_ids)).distinct()
    for exit_id in sorted(connection.scalars(theirs)):
        if _is_refused(connection, exit_id, now):
            _rest(connection, exit_id, now)


def _is_refused(connection: Connection, exit_id: int, now: datetime) -> bool:
    wanted = select(IDENTITIES.c.cooldown_until, IDENTITIES.c.reason).where(
        IDENTITIES.c.exit_id == exit_id, IDENTITIES.c.state == IdentityState.READY
    )
    rows = connection.execute(wanted).all()
    turned_away = [
        row for row in rows if row.cooldown_until and row.cooldown_until > now and row.reason in TURNED_AWAY
    ]
    return len(rows) >= SEVERAL and len(turned_away) == len(rows)


def _rest(connection: Connection, exit_id: int, now: datetime) -> None:
    is_theirs = EXITS.c.id == exit_id
    row = connection.execute(select(EXITS).where(is_theirs).with_for_update()).one()
    if row.source == DIRECT or row.state != ExitState.READY:
        return
    changes = after_failure(row, now, is_refused=False, is_probe=True)
    connection.execute(
        update(EXITS).where(is_theirs).values(**changes, reason="all its identities were turned away")
    )
