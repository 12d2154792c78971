"""All exits as an operator sees them: nothing secret."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from store.exits.exit import ExitState, ExitStatus
from store.models.identities import EXITS, IDENTITIES, IdentityState


def list_statuses(connection: Connection) -> list[ExitStatus]:
    """Tell of all that are not retired, in the order of their sources."""
    bound = (
        select(IDENTITIES.c.exit_id, func.count().label("identities"))
        .where(IDENTITIES.c.state == IdentityState.READY)
        .group_by(IDENTITIES.c.exit_id)
        .subquery()
    )
    wanted = (
        select(EXITS, func.coalesce(bound.c.identities, 0).label("identities"))
        .outerjoin(bound, bound.c.exit_id == EXITS.c.id)
        .where(EXITS.c.state != ExitState.RETIRED)
        .order_by(EXITS.c.source, EXITS.c.position, EXITS.c.id)
    )
    return [_status(row) for row in connection.execute(wanted)]


def _status(row: Row[Any]) -> ExitStatus:
    return ExitStatus(
        id=row.id,
        name=row.name,
        source=row.source,
        state=ExitState(row.state),
        country=row.country,
        identities=row.identities,
        failures=row.failures,
        cooldown_until=row.cooldown_until,
        last_used_at=row.last_used_at,
        reason=row.reason,
    )
