"""How everything a crawl found gets into the database: `write`, one transaction per batch.

    items ── rows ──┐ merged by key, sorted
                    ├── stored: what is there already, locked
                    └── decisions ── inserts · updates · history · hashtags      (tables, statements)
    records, rejects ── records

A list's checkpoint shares the transaction of its page's rows, so resuming from it loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from store.rejects import Reject
from store.transactions import in_transaction
from store.upserts.decisions import Counts
from store.upserts.records import write_records, write_rejects
from store.upserts.rows import ENCODERS, Misfit, moment_text
from store.upserts.shapes import SHAPES, Row
from store.upserts.tables import write_rows
from tiktok.items import Item
from tiktok.outcomes import Record

__all__ = ["Counts", "Written", "write"]


@dataclass(slots=True)
class Written:
    """What a batch brought."""

    by_type: dict[str, Counts] = field(default_factory=dict)
    """`Item.type` → how many things were new, changed, unchanged. A thing seen twice counts once."""
    rejected: int = 0
    """Items kept aside: those handed in, and those that no column holds."""


def write(
    engine: Engine,
    items: Sequence[Item],
    records: Sequence[Record] = (),
    rejects: Sequence[Reject] = (),
    *,
    now: datetime | None = None,
    also: Callable[[Connection], None] | None = None,
) -> Written:
    """Store a batch in one transaction: all of it, or nothing and a `StoreError`.

    `now` is the moment for items and rejects that carry none, `also` what else belongs into the transaction.
    """
    now = now or datetime.now(UTC)
    rows, misfits = _encode(items, moment_text(now))
    all_rejects = [*rejects, *misfits]

    def write_batch(connection: Connection) -> Written:
        written = Written(rejected=len(all_rejects))
        for shape in SHAPES:
            if batch := rows.get(shape.item_type):
                written.by_type[shape.item_type.type] = write_rows(connection, shape, batch)
        write_records(connection, records)
        write_rejects(connection, all_rejects, now)
        if also is not None:
            also(connection)
        return written

    return in_transaction(engine, write_batch)


def _encode(items: Iterable[Item], now: str) -> tuple[dict[type[Item], list[Row]], list[Reject]]:
    rows: dict[type[Item], list[Row]] = {}
    misfits: list[Reject] = []
    for item in items:
        try:
            rows.setdefault(type(item), []).append(ENCODERS[type(item)].encode(item, now))
        except Misfit as misfit:
            misfits.append(Reject.of(item, str(misfit)))
    return rows, misfits
