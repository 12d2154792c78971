"""What is to be done once in a while, by one worker of all."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, or_, select, update

from store.models.chores import CHORES
from store.transactions import in_transaction


def take_chore(engine: Engine, name: str, now: datetime, every: timedelta) -> bool:
    """Say whether a chore is due, and put it off: of all who ask, one is told yes. A new one is due at once."""
    ours = CHORES.c.name == name
    # One that lies further ahead than ever planned shows that the clock was set back since.
    is_due = or_(CHORES.c.due_at <= now, CHORES.c.due_at > now + every)
    with engine.connect() as connection:
        known = connection.execute(select(is_due).where(ours)).one_or_none()
    if known is not None and not known[0]:
        return False

    def work(connection: Connection) -> bool:
        taken = update(CHORES).where(ours, is_due).values(due_at=now + every)
        if connection.execute(taken).rowcount:
            return True
        if connection.scalar(select(CHORES.c.name).where(ours)):
            return False
        connection.execute(insert(CHORES).values(name=name, due_at=now + every))
        return True

    return in_transaction(engine, work)


def put_off_chore(engine: Engine, name: str, due_at: datetime) -> None:
    """Have it done at another time than planned."""
    statement = update(CHORES).where(CHORES.c.name == name).values(due_at=due_at)
    in_transaction(engine, lambda connection: connection.execute(statement))
