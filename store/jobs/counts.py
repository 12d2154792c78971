"""How many targets ended how, per shard and outcome: small numbers beside the big ledger."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import mysql, sqlite

from store.engine import is_mysql
from store.models.jobs import JOB_COUNTS


def add_counts(connection: Connection, job_id: int, shard: int, counts: Mapping[str, int]) -> None:
    """Add to the counts of a shard, in the transaction that changes its ledger."""
    rows = [
        {"job_id": job_id, "shard": shard, "outcome": str(outcome), "targets": targets}
        for outcome, targets in sorted(counts.items())
        if targets
    ]
    if not rows:
        return
    added = JOB_COUNTS.c.targets
    if is_mysql(connection):
        into = mysql.insert(JOB_COUNTS)
        connection.execute(into.on_duplicate_key_update(targets=added + into.inserted.targets), rows)
    else:
        other = sqlite.insert(JOB_COUNTS)
        changes = {"targets": added + other.excluded.targets}
        connection.execute(
            other.on_conflict_do_update(index_elements=[*JOB_COUNTS.primary_key], set_=changes), rows
        )


def read_counts(connection: Connection, job_id: int) -> dict[str, int]:
    """How many targets of a job ended how."""
    wanted = (
        select(JOB_COUNTS.c.outcome, func.sum(JOB_COUNTS.c.targets))
        .where(JOB_COUNTS.c.job_id == job_id)
        .group_by(JOB_COUNTS.c.outcome)
    )
    return {outcome: int(targets) for outcome, targets in connection.execute(wanted) if targets}
