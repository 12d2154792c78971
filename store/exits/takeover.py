"""Brings the exits of one source in line with what it names now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from store.exits.exit import ExitState
from store.exits.proxies import Proxy
from store.exits.rows import fresh_exit, read_url
from store.models.identities import EXITS, IDENTITIES, IdentityState
from store.secrets import Keyring


def take_over(
    connection: Connection, keyring: Keyring, source: str, proxies: Sequence[Proxy], now: datetime
) -> None:
    """Add, change and retire. A proxy that another source in use names, too, stays that one's."""
    known = _known(connection, source, [proxy.name for proxy in proxies])
    for position, proxy in enumerate(proxies):
        row = known.get(proxy.name)
        sealed, key_id = keyring.encrypt(proxy.url.encode())
        fresh = fresh_exit(proxy.name, source, now, position=position, country=proxy.country)
        fresh |= {"sealed": sealed, "key_id": key_id}
        if row is None:
            connection.execute(insert(EXITS), fresh)
        elif row.source == source or row.state in (ExitState.RETIRED, ExitState.OFF):
            changes = _changes(row, proxy, fresh, keyring)
            connection.execute(update(EXITS).where(EXITS.c.id == row.id).values(**changes))
    named = {proxy.name for proxy in proxies}
    _retire(
        connection,
        [
            row.id
            for row in known.values()
            if row.source == source and row.name not in named and row.state != ExitState.RETIRED
        ],
    )


def _known(connection: Connection, source: str, names: Sequence[str]) -> dict[str, Row[Any]]:
    wanted = or_(EXITS.c.source == source, EXITS.c.name.in_(names))
    return {row.name: row for row in connection.execute(select(EXITS).where(wanted).order_by(EXITS.c.id))}


def _changes(row: Row[Any], proxy: Proxy, fresh: dict[str, Any], keyring: Keyring) -> dict[str, Any]:
    """Whatever is held against it stays, unless it has new credentials or comes back."""
    is_same = row.source == fresh["source"] and row.state != ExitState.RETIRED
    if is_same and read_url(row, keyring) == proxy.url:
        return {"position": fresh["position"], "country": fresh["country"]}
    return fresh | {"created_at": row.created_at}


def _retire(connection: Connection, exit_ids: Iterable[int]) -> None:
    """Retire exits with their identities: these were never seen from anywhere else. What is secret goes."""
    for exit_id in exit_ids:
        connection.execute(
            update(EXITS)
            .where(EXITS.c.id == exit_id)
            .values(state=ExitState.RETIRED.value, reason="gone from its list", sealed=None, key_id=None)
        )
        connection.execute(
            update(IDENTITIES)
            .where(IDENTITIES.c.exit_id == exit_id, IDENTITIES.c.state != IdentityState.RETIRED)
            .values(
                state=IdentityState.RETIRED.value,
                reason="its exit is gone",
                is_logged_in=False,
                sealed=b"",
                key_id="",
            )
        )
