"""Which shards are to be started, and which have lost their process. Called by workers; any number may do so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select, update

from store import leases
from store.jobs.endings import settle_shard
from store.jobs.rows import Shard, lock_shard
from store.jobs.states import JOB_ACTIVE, SHARD_ENDS, ShardState
from store.models.jobs import JOBS, SHARDS
from store.transactions import in_transaction

LEASE = timedelta(seconds=60)
"""A worker that dies between taking a shard and telling a node keeps it for so long."""
SILENCE = timedelta(seconds=30)
"""A process that says nothing for so long is gone."""
PATIENCE = timedelta(minutes=5)
"""A node that was told to start a shard may take so long."""


def is_any_due(engine: Engine, now: datetime) -> bool:
    """Say whether there is something to schedule: a glance that locks nothing."""
    with engine.connect() as connection:
        wanted = select(SHARDS.c.id).where(leases.is_free(SHARDS, now), _is_due(connection, now)).limit(1)
        return connection.scalar(wanted) is not None


def shards_to_schedule(engine: Engine, holder: str, now: datetime, most: int) -> list[Shard]:
    """Take shards that are due, the most urgent first; each has a new attempt number, to be given to its process."""

    def work(connection: Connection) -> list[Shard]:
        rows = leases.take(
            connection,
            SHARDS,
            holder,
            now,
            until=now + LEASE,
            most=most,
            where=_is_due(connection, now),
            order_by=(SHARDS.c.turn, SHARDS.c.id),
            attempt=SHARDS.c.attempt + 1,
        )
        return [Shard.of(row) for row in rows]

    return in_transaction(engine, work)


def mark_scheduled(
    engine: Engine, shard_id: int, attempt: int, now: datetime, *, node: str, scrapyd_job: str
) -> bool:
    """Note which node was told to start a shard; say whether that still is the newest attempt.

    Its process may have claimed it before this; then only the node is noted.
    """

    def work(connection: Connection) -> bool:
        at = {
            "node": node,
            "scrapyd_job": scrapyd_job,
            "scheduled_at": now,
            "leased_by": None,
            "leased_until": None,
        }
        ours = (SHARDS.c.id == shard_id, SHARDS.c.attempt == attempt)
        waits = (*ours, SHARDS.c.state == ShardState.PENDING)
        if connection.execute(update(SHARDS).where(*waits).values(state=ShardState.SCHEDULED, **at)).rowcount:
            return True
        return bool(connection.execute(update(SHARDS).where(*ours).values(**at)).rowcount)

    return in_transaction(engine, work)


def give_back(engine: Engine, holder: str, shard_ids: list[int], due_at: datetime) -> None:
    """Return shards that no node would take; they are due again at the given moment."""

    def work(connection: Connection) -> None:
        held = (
            SHARDS.c.id.in_(shard_ids),
            SHARDS.c.leased_by == holder,
            SHARDS.c.state == ShardState.PENDING,
        )
        connection.execute(update(SHARDS).where(*held).values(due_at=due_at))
        leases.give_back(connection, SHARDS, holder, shard_ids)

    in_transaction(engine, work)


def recover_lost_shards(
    engine: Engine,
    now: datetime,
    *,
    silence: timedelta = SILENCE,
    patience: timedelta = PATIENCE,
    most: int = 100,
) -> list[Shard]:
    """Settle shards whose process is gone, or never came; return them as they were."""
    is_lost = or_(
        and_(SHARDS.c.state == ShardState.RUNNING, SHARDS.c.heartbeat_at <= now - silence),
        and_(SHARDS.c.state == ShardState.SCHEDULED, SHARDS.c.scheduled_at <= now - patience),
    )
    wanted = select(SHARDS).where(is_lost).order_by(SHARDS.c.id).limit(most)
    with engine.connect() as connection:
        lost = [Shard.of(row) for row in connection.execute(wanted)]
    return [
        shard
        for shard in lost
        if settle(engine, shard.id, shard.attempt, _why(shard), now, is_failure=True, still=is_lost)
    ]


def settle(
    engine: Engine,
    shard_id: int,
    attempt: int,
    reason: str,
    now: datetime,
    *,
    is_failure: bool = False,
    still: ColumnElement[bool] | None = None,
) -> bool:
    """Settle a shard whose process is gone; say whether it was this attempt's until now, and `still` held."""

    def work(connection: Connection) -> bool:
        found = lock_shard(connection, shard_id)
        if found is None or found[1].attempt != attempt or found[1].state in SHARD_ENDS:
            return False
        if still is not None and not _holds(connection, shard_id, still):
            return False
        settle_shard(connection, *found, reason, now, is_failure=is_failure)
        return True

    return in_transaction(engine, work)


def record_exit(engine: Engine, shard_id: int, attempt: int, exit_code: int, now: datetime) -> bool:
    """Note how a process ended; if it left its shard behind, settle that at once. Say whether it did."""
    ours = (SHARDS.c.id == shard_id, SHARDS.c.attempt == attempt)
    noted = update(SHARDS).where(*ours).values(exit_code=exit_code)
    in_transaction(engine, lambda connection: connection.execute(noted))
    reason = f"its process ended with exit code {exit_code}"
    at_work = SHARDS.c.state.in_([ShardState.SCHEDULED, ShardState.RUNNING])
    return settle(engine, shard_id, attempt, reason, now, is_failure=True, still=at_work)


def _is_due(connection: Connection, now: datetime) -> ColumnElement[bool]:
    """The condition that a shard may be started, but for leases.

    Jobs that are held up are few; as a list, and not as a join, they let the shards' index keep its order.
    """
    held_up = select(JOBS.c.id).where(
        JOBS.c.state.in_(JOB_ACTIVE),
        or_(
            JOBS.c.cancel_requested_at.is_not(None), JOBS.c.pause_requested_at.is_not(None), JOBS.c.is_by_hand
        ),
    )
    jobs = list(connection.scalars(held_up))
    return and_(SHARDS.c.state == ShardState.PENDING, SHARDS.c.due_at <= now, SHARDS.c.job_id.not_in(jobs))


def _holds(connection: Connection, shard_id: int, condition: ColumnElement[bool]) -> bool:
    return connection.scalar(select(SHARDS.c.id).where(SHARDS.c.id == shard_id, condition)) is not None


def _why(shard: Shard) -> str:
    if shard.state is ShardState.SCHEDULED:
        return f"node {shard.node} did not start it"
    return f"no heartbeat from process {shard.pid} on {shard.host} since {shard.heartbeat_at:%Y-%m-%d %H:%M:%S} UTC"
