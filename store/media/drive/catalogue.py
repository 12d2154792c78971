"""What we made in Drive, by parent and name: the id is written here before the thing exists.

Two processes that want the same folder meet in the key and get the same id, so Drive refuses the second of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from store.errors import SecretUnreadable
from store.models.drive import DRIVE_ITEMS
from store.secrets import Keyring
from store.transactions import in_transaction


@dataclass(frozen=True, slots=True)
class Item:
    """A file or folder, made or about to be."""

    id: str
    parent_id: str
    name: str
    is_made: bool
    is_adopted: bool
    """It was there before us: what lies in it may be there, too."""
    md5: str | None = None
    session: str | None = None
    """Address of an upload that was not finished."""
    session_md5: str | None = None
    """Of the file that it uploads."""


class Catalogue:
    """The table `drive_items`."""

    def __init__(
        self, engine: Engine, keyring: Keyring, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.engine = engine
        self.keyring = keyring
        self.now = now

    def find(self, parent_id: str, name: str) -> Item | None:
        """Return what is known under a name."""
        with self.engine.connect() as connection:
            return self._read(connection, parent_id, name)

    def reserve(self, parent_id: str, name: str, item_id: str, *, is_adopted: bool = False) -> Item:
        """Write an id down for a name, or return what somebody wrote before."""

        def work(connection: Connection) -> Item:
            known = self._read(connection, parent_id, name)
            if known:
                return known
            row = {"parent_id": parent_id, "name": name, "id": item_id, "is_made": is_adopted,
                   "is_adopted": is_adopted, "reserved_at": self.now()}  # fmt: skip
            connection.execute(insert(DRIVE_ITEMS), row)
            return Item(item_id, parent_id, name, is_made=is_adopted, is_adopted=is_adopted)

        # Of two that insert at once, the second runs again and finds the first one's row.
        return in_transaction(self.engine, work)

    def note_made(self, item: Item, md5: str | None = None) -> None:
        """Note that it exists, with this content."""
        self._update(item, is_made=True, md5=md5, sealed=None, key_id=None, session_md5=None)

    def keep_session(self, item: Item, address: str, md5: str) -> None:
        """Keep the address of an upload; whoever knows it may write, so it is encrypted."""
        sealed, key_id = self.keyring.encrypt(address.encode())
        self._update(item, sealed=sealed, key_id=key_id, session_md5=md5)

    def drop_session(self, item: Item) -> None:
        """Forget an upload that is over."""
        self._update(item, sealed=None, key_id=None, session_md5=None)

    def forget(self, item: Item) -> None:
        """Forget something that is gone, with all that was in it."""

        def work(connection: Connection) -> None:
            gone = [item.id]
            while gone:
                parent = gone.pop()
                inside = select(DRIVE_ITEMS.c.id).where(DRIVE_ITEMS.c.parent_id == parent)
                gone += connection.scalars(inside).all()
                connection.execute(delete(DRIVE_ITEMS).where(DRIVE_ITEMS.c.parent_id == parent))
            connection.execute(delete(DRIVE_ITEMS).where(*_is(item)))

        in_transaction(self.engine, work)

    def _read(self, connection: Connection, parent_id: str, name: str) -> Item | None:
        wanted = select(DRIVE_ITEMS).where(DRIVE_ITEMS.c.parent_id == parent_id, DRIVE_ITEMS.c.name == name)
        row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        session = self._opened(row.sealed)
        return Item(row.id, parent_id, name, row.is_made, row.is_adopted, row.md5, session, row.session_md5)

    def _opened(self, sealed: bytes | None) -> str | None:
        """Read an upload's address; without the key that sealed it, the upload begins anew."""
        try:
            return self.keyring.decrypt(sealed).decode() if sealed else None
        except SecretUnreadable:
            return None

    def _update(self, item: Item, **values: Any) -> None:
        statement = update(DRIVE_ITEMS).where(*_is(item)).values(**values)
        in_transaction(self.engine, lambda connection: connection.execute(statement))


def _is(item: Item) -> tuple[Any, ...]:
    return (
        DRIVE_ITEMS.c.parent_id == item.parent_id,
        DRIVE_ITEMS.c.name == item.name,
        DRIVE_ITEMS.c.id == item.id,
    )
