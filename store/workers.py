"""Which workers are there: each says so every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from store.models.workers import WORKERS
from store.transactions import in_transaction

ALIVE = timedelta(seconds=30)
"""Who said something since then is there."""
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProcess:
    """Which process a worker is."""

    name: str
    host: str
    pid: int
    started_at: datetime


def say_hello(engine: Engine, worker: WorkerProcess, now: datetime) -> None:
    """Note that a worker is there, and forget those that have been gone for long."""

    def work(connection: Connection) -> None:
        ours = WORKERS.c.name == worker.name
        if not connection.execute(update(WORKERS).where(ours).values(seen_at=now)).rowcount:
            row = {"host": worker.host, "pid": worker.pid, "started_at": worker.started_at, "seen_at": now}
            connection.execute(delete(WORKERS).where(ours))
            connection.execute(insert(WORKERS).values(name=worker.name, **row))
        connection.execute(delete(WORKERS).where(WORKERS.c.seen_at <= now - KEPT))

    in_transaction(engine, work)


def say_goodbye(engine: Engine, name: str) -> None:
    """Note that a worker ended."""
    in_transaction(
        engine, lambda connection: connection.execute(delete(WORKERS).where(WORKERS.c.name == name))
    )


def living_workers(engine: Engine, now: datetime) -> list[WorkerProcess]:
    """List the workers that are there."""
    names = ("name", "host", "pid", "started_at")
    wanted = select(*(WORKERS.c[name] for name in names)).where(WORKERS.c.seen_at > now - ALIVE)
    with engine.connect() as connection:
        rows = connection.execute(wanted.order_by(WORKERS.c.name))
        return [WorkerProcess(**dict(zip(names, row, strict=True))) for row in rows]
