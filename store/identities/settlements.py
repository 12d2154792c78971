"""Answers' costs, written into the rows of the identities that got them; exits that all speak against rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, update

from store.exits.blame import TURNED_AWAY, rest_refused_exits
from store.identities.health import Settlement, Standing, settled
from store.identities.rows import lock
from store.models.identities import IDENTITIES


def settle_all(connection: Connection, settlements: Sequence[Settlement]) -> list[Standing]:
    """Apply them in order; return how each left its identity."""
    standings: dict[int, Standing] = {}
    used_at: dict[int, datetime] = {}
    left = []
    # In one order for all writers, or two would wait for each other.
    for identity_id in sorted({settlement.identity_id for settlement in settlements}):
        row = lock(connection, identity_id)
        standings[identity_id] = Standing(
            health=row.health,
            streak=row.streak,
            rests=row.rests,
            cooldown_until=row.cooldown_until,
            reason=row.reason,
        )
    for settlement in settlements:
        standing = settled(standings[settlement.identity_id], settlement)
        standings[settlement.identity_id] = standing
        used_at[settlement.identity_id] = settlement.at
        left.append(standing)
    for identity_id, standing in standings.items():
        connection.execute(
            update(IDENTITIES)
            .where(IDENTITIES.c.id == identity_id)
            .values(**asdict(standing), last_used_at=used_at[identity_id])
        )
    turned_away = [one for one in settlements if one.rule in TURNED_AWAY]
    if turned_away:
        blamed = {one.identity_id for one in turned_away}
        rest_refused_exits(connection, blamed, max(one.at for one in turned_away))
    return left
