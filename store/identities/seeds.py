"""`MS_TOKENS`: each goes to one guest identity, once, for all processes together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from store.models.identities import TOKEN_SEEDS


def bind_seed(connection: Connection, tokens: Sequence[str], identity_id: int, now: datetime) -> str | None:
    """Give an identity the first token that nobody has; nothing when all are given away.

    Two writers that want the same one meet in the table's key; the later transaction is tried again.
    """
    if not tokens:
        return None
    digests = {_digest(token): token for token in tokens}
    used = set(connection.scalars(select(TOKEN_SEEDS.c.digest).where(TOKEN_SEEDS.c.digest.in_(digests))))
    free = next((digest for digest in digests if digest not in used), None)
    if free is None:
        return None
    connection.execute(insert(TOKEN_SEEDS), {"digest": free, "identity_id": identity_id, "bound_at": now})
    return digests[free]


def count_unbound(connection: Connection, tokens: Sequence[str]) -> int:
    """How many of the tokens nobody has."""
    digests = [_digest(token) for token in tokens]
    used = connection.scalar(
        select(func.count()).select_from(TOKEN_SEEDS).where(TOKEN_SEEDS.c.digest.in_(digests))
    )
    return len(digests) - (used or 0)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
