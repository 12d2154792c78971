"""Who holds which identity. A lease runs out by itself, so nobody has to clean up after the dead.

The statements are guarded: a row is taken only if it is still free at the moment of writing. That holds for
SQLite's one writer as for MySQL's many.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from store.exits.exit import ExitState
from store.identities.rows import is_free, is_usable
from store.models.identities import EXITS, IDENTITIES, IdentityState

PROBE_TAKES = timedelta(seconds=5)


def take(
    connection: Connection,
    holder: str,
    now: datetime,
    *,
    most: int,
    login: bool | None,
    until: datetime,
    key_ids: Sequence[str],
) -> list[Row[Any]]:
    """Take up to `most` identities, the healthiest and longest rested first, and return their rows."""
    won: list[int] = []
    while len(won) < most:
        wanted = _candidates(connection, now, most - len(won), login, key_ids)
        if not wanted:
            break
        # In one order for all, or two holders would wait for each other.
        won += [
            identity_id
            for identity_id in sorted(wanted)
            if claim(connection, identity_id, holder, now, until)
        ]
    place = {identity_id: place for place, identity_id in enumerate(won)}
    rows = connection.execute(select(IDENTITIES).where(IDENTITIES.c.id.in_(won))).all()
    return sorted(rows, key=lambda row: (-row.health, place[row.id]))


def renew(connection: Connection, holder: str, ids: Collection[int], until: datetime) -> list[int]:
    """Keep leases for longer; return those that were still there to keep."""
    kept = (
        IDENTITIES.c.id.in_(ids),
        IDENTITIES.c.leased_by == holder,
        IDENTITIES.c.state == IdentityState.READY,
    )
    connection.execute(update(IDENTITIES).where(*kept).values(leased_until=until))
    return list(connection.scalars(select(IDENTITIES.c.id).where(*kept).order_by(IDENTITIES.c.id)))


def give_back(connection: Connection, holder: str, ids: Collection[int]) -> None:
    """End leases, unless somebody else has taken them over."""
    connection.execute(
        update(IDENTITIES)
        .where(IDENTITIES.c.id.in_(ids), IDENTITIES.c.leased_by == holder)
        .values(leased_by=None, leased_until=None)
    )


def next_ready_at(connection: Connection, now: datetime, login: bool | None) -> datetime | None:
    """Say when the next identity can be leased: `now` or later; nothing when none ever will by itself."""
    wanted = (
        select(IDENTITIES.c.cooldown_until, IDENTITIES.c.leased_until, IDENTITIES.c.expires_at)
        .join(EXITS, EXITS.c.id == IDENTITIES.c.exit_id)
        .add_columns(
            EXITS.c.state.label("exit_state"),
            EXITS.c.cooldown_until.label("exit_until"),
        )
        .where(
            IDENTITIES.c.state == IdentityState.READY,
            EXITS.c.state.in_([ExitState.READY, ExitState.PROBING, ExitState.COOLING]),
            *_of_login(login),
        )
    )
    moments = []
    for row in connection.execute(wanted):
        # Where a probe decides, nobody knows the moment; it is worth asking again a little later.
        exit_at = now if row.exit_state == ExitState.READY else max(row.exit_until or now, now + PROBE_TAKES)
        ready_at = max(filter(None, (exit_at, row.cooldown_until, row.leased_until)))
        if row.expires_at is None or row.expires_at > ready_at:
            moments.append(ready_at)
    return min(moments, default=None)


def lease_end(now: datetime, seconds: float) -> datetime:
    """When a lease taken or renewed now runs out."""
    return now + timedelta(seconds=seconds)


def _candidates(
    connection: Connection, now: datetime, most: int, login: bool | None, key_ids: Sequence[str]
) -> list[int]:
    wanted = (
        select(IDENTITIES.c.id)
        .join(EXITS, EXITS.c.id == IDENTITIES.c.exit_id)
        .where(is_usable(now), is_free(now), IDENTITIES.c.key_id.in_(key_ids), *_of_login(login))
        # Both databases sort "never used" first.
        .order_by(IDENTITIES.c.health.desc(), IDENTITIES.c.last_used_at, IDENTITIES.c.id)
        .limit(most)
    )
    return list(connection.scalars(wanted))


def claim(connection: Connection, identity_id: int, holder: str, now: datetime, until: datetime) -> bool:
    """Take this one, unless somebody holds it."""
    statement = (
        update(IDENTITIES)
        .where(IDENTITIES.c.id == identity_id, is_free(now), IDENTITIES.c.state == IdentityState.READY)
        .values(leased_by=holder, leased_until=until)
    )
    return bool(connection.execute(statement).rowcount)


def _of_login(login: bool | None) -> list[Any]:
    return [] if login is None else [IDENTITIES.c.is_logged_in.is_(login)]
