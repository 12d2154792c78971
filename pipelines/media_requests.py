"""Posts whose media are wanted are noted in the transaction that stores them.

A crawl that is killed between two files, and goes on behind the page that listed their posts, so finds what it left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from store.media.book import Order, ask
from tiktok.items import Item, Video

Write = Callable[[Connection], None]


def asking(items: Sequence[Item], spider: Any) -> Write | None:
    """What is to be written besides the rows; nothing when nobody wants their media."""
    order_of: Callable[[Video], Order | None] | None = getattr(spider, "media_asked_for", None)
    if order_of is None:
        return None
    orders = [order for item in items if isinstance(item, Video) and (order := order_of(item))]
    if not orders:
        return None
    return lambda connection: ask(connection, orders, datetime.now(UTC))


def together(*writes: Write | None) -> Write | None:
    """All of them in one."""
    some = [write for write in writes if write]

    def write_all(connection: Connection) -> None:
        for write in some:
            write(connection)

    return write_all if some else None
