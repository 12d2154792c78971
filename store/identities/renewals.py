"""Accounts whose login ends soon: a visit in a browser may renew it, and what it could not is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, or_, select, update

from store.identities.identity import RENEWED_WITHIN
from store.models.identities import IDENTITIES, IdentityKind, IdentityState
from store.transactions import in_transaction

NOT_RENEWED = "not renewed: "
"""What the reason of an identity begins with whose renewal failed."""
REASON_LENGTH = 255


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account of the operator's that may be renewed. Also one that rests: its owner would visit all the same."""

    id: int
    label: str
    expires_at: datetime | None
    reason: str | None

    @property
    def trouble(self) -> str | None:
        """Why the last renewal failed."""
        reason = self.reason or ""
        return reason.removeprefix(NOT_RENEWED) if reason.startswith(NOT_RENEWED) else None


def due_accounts(
    engine: Engine, now: datetime, *, everyone: bool = False, key_ids: Collection[str] | None = None
) -> list[DueAccount]:
    """List accounts that end within `RENEWED_WITHIN`, or all, the first to end first.

    `key_ids` leaves out those whose cookies can't be read here.
    """
    ends, columns = IDENTITIES.c.expires_at, ("id", "label", "expires_at", "reason")
    wanted = select(*(IDENTITIES.c[name] for name in columns)).where(
        IDENTITIES.c.kind == IdentityKind.ACCOUNT, IDENTITIES.c.state == IdentityState.READY
    )
    soon = ends <= now + RENEWED_WITHIN
    wanted = wanted.where(or_(ends.is_(None), ends > now) if everyone else (ends > now) & soon)
    if key_ids is not None:
        wanted = wanted.where(IDENTITIES.c.key_id.in_(key_ids))
    with engine.connect() as connection:
        return [DueAccount(*row) for row in connection.execute(wanted.order_by(ends, IDENTITIES.c.id))]


def note_renewal(engine: Engine, identity_id: int, trouble: str | None) -> None:
    """Keep why a renewal failed, for whoever looks at the identity; nothing when it did not."""
    reason = f"{NOT_RENEWED}{trouble}"[:REASON_LENGTH] if trouble else None
    statement = update(IDENTITIES).where(IDENTITIES.c.id == identity_id).values(reason=reason)
    in_transaction(engine, lambda connection: connection.execute(statement))
