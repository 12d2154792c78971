"""Encrypts everything again with the newest key, while crawls go on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Table, select, update

from store.models.drive import DRIVE_ITEMS
from store.models.identities import EXITS, IDENTITIES
from store.secrets import Keyring
from store.transactions import in_transaction

BATCH = 100
"""Rows per transaction: on SQLite, everybody else waits for it, about 20 ms."""
SEALED_TABLES = (DRIVE_ITEMS, EXITS, IDENTITIES)


def rotate(engine: Engine, keyring: Keyring) -> int:
    """Bring all secrets under the newest key; return how many rows were encrypted again.

    A crawl that wrote with an older key meanwhile is caught up with: it ends when no such row is left.
    """
    return sum(_rotate_table(engine, keyring, table) for table in SEALED_TABLES)


def count_older(engine: Engine, keyring: Keyring) -> int:
    """How many rows are not under the newest key."""
    with engine.connect() as connection:
        return sum(
            len(connection.execute(select(table.c.id).where(*_is_older(table, keyring))).all())
            for table in SEALED_TABLES
        )


def _rotate_table(engine: Engine, keyring: Keyring, table: Table) -> int:
    done = 0
    while count := in_transaction(engine, lambda connection: _rotate_batch(connection, keyring, table)):
        done += count
    return done


def _rotate_batch(connection: Connection, keyring: Keyring, table: Table) -> int:
    wanted = select(table.c.id, table.c.sealed).where(*_is_older(table, keyring))
    rows = connection.execute(wanted.order_by(table.c.id).limit(BATCH).with_for_update()).all()
    for row in rows:
        sealed, key_id = keyring.encrypt(keyring.decrypt(row.sealed))
        connection.execute(update(table).where(table.c.id == row.id).values(sealed=sealed, key_id=key_id))
    return len(rows)


def _is_older(table: Table, keyring: Keyring) -> list[Any]:
    # Rows without a secret have no key, or an empty name for one.
    return [table.c.key_id.is_not(None), table.c.key_id.not_in([keyring.ids[0], ""])]
