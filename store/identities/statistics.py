"""How many identities and msTokens there are, and how they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store.identities.rows import state_of
from store.models.identities import EXITS, IDENTITIES, IdentityState


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCounts:
    """Identities by state, and the msTokens among them: of ready identities, of resting ones, and ended ones."""

    ready: int
    leased: int
    """Those of the ready ones that somebody holds."""
    cooling: int
    expired: int
    retired: int
    logged_in: int
    """Those of the ready and cooling ones with a login."""
    healthy_tokens: int
    cooling_tokens: int
    expired_tokens: int
    unused_tokens: int
    """Of `MS_TOKENS`: not given to an identity yet."""


def count_identities(connection: Connection, now: datetime, unused_tokens: int) -> IdentityCounts:
    """Count them."""
    columns = (
        "state", "cooldown_until", "expires_at", "token_expires_at", "leased_until", "is_logged_in"
    )  # fmt: skip
    wanted = select(*(IDENTITIES.c[name] for name in columns), EXITS.c.state.label("exit_state")).join(
        EXITS, EXITS.c.id == IDENTITIES.c.exit_id
    )
    states: Counter[IdentityState] = Counter()
    tokens: Counter[IdentityState] = Counter()
    leased = logged_in = 0
    for row in connection.execute(wanted):
        state = state_of(row, row.exit_state, now)
        states[state] += 1
        leased += state is IdentityState.READY and row.leased_until is not None and row.leased_until > now
        logged_in += row.is_logged_in and state in (IdentityState.READY, IdentityState.COOLING)
        if row.token_expires_at is not None and state is not IdentityState.RETIRED:
            tokens[state if row.token_expires_at > now else IdentityState.EXPIRED] += 1
    return IdentityCounts(
        ready=states[IdentityState.READY],
        leased=leased,
        cooling=states[IdentityState.COOLING],
        expired=states[IdentityState.EXPIRED],
        retired=states[IdentityState.RETIRED],
        logged_in=logged_in,
        healthy_tokens=tokens[IdentityState.READY],
        cooling_tokens=tokens[IdentityState.COOLING],
        expired_tokens=tokens[IdentityState.EXPIRED],
        unused_tokens=unused_tokens,
    )
