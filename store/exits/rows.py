"""Between an exit and its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from store.exits.exit import Exit, ExitState
from store.secrets import Keyring

_NOTHING = (
    "sealed", "key_id", "country", "failing_since", "cooldown_until", "probed_until", "assigned_at",
    "last_used_at", "reason",
)  # fmt: skip


def fresh_exit(name: str, source: str, now: datetime, **more: Any) -> dict[str, Any]:
    """The row of an exit that nothing is held against."""
    row: dict[str, Any] = dict.fromkeys(_NOTHING)
    return row | {
        "name": name,
        "source": source,
        "position": 0,
        "state": ExitState.READY.value,
        "failures": 0,
        "rests": 0,
        "created_at": now,
        **more,
    }


def read_exit(row: Row[Any], keyring: Keyring) -> Exit:
    """Make an exit of its row."""
    return Exit(
        id=row.id,
        name=row.name,
        url=read_url(row, keyring),
        state=ExitState(row.state),
        country=row.country,
        cooldown_until=row.cooldown_until,
    )


def read_url(row: Row[Any], keyring: Keyring) -> str | None:
    """The proxy's address with its credentials; nothing for the direct way, and for retired ones."""
    return keyring.decrypt(row.sealed).decode() if row.sealed else None
