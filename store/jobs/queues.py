"""Shards that a node has taken and not started: in its queue they are safe, though they can't say so themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from store.jobs.rows import Shard
from store.jobs.states import ShardState
from store.models.jobs import SHARDS
from store.transactions import in_transaction


def waiting_shards(engine: Engine, since: datetime, most: int = 100) -> list[Shard]:
    """Find shards that were given to a node, or last seen in its queue, before a moment."""
    wanted = (
        select(SHARDS)
        .where(SHARDS.c.state == ShardState.SCHEDULED, SHARDS.c.scheduled_at <= since)
        .order_by(SHARDS.c.scheduled_at)
        .limit(most)
    )
    with engine.connect() as connection:
        return [Shard.of(row) for row in connection.execute(wanted)]


def still_waits(engine: Engine, shard_id: int, attempt: int, now: datetime) -> None:
    """Note that a shard was seen in its node's queue."""

    def work(connection: Connection) -> None:
        waits = (
            SHARDS.c.id == shard_id,
            SHARDS.c.attempt == attempt,
            SHARDS.c.state == ShardState.SCHEDULED,
        )
        connection.execute(update(SHARDS).where(*waits).values(scheduled_at=now))

    in_transaction(engine, work)
