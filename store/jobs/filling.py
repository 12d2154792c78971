"""Filling a ledger: rows in the order in which targets come, each thing once, cut into shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from store.jobs.counts import add_counts
from store.jobs.rows import Job
from store.jobs.states import Ending, ShardState, TargetState
from store.listings import target_key
from store.models.jobs import GIVEN_LENGTH, JOB_TARGETS, JOBS
from store.upserts.rows import clean_text, moment_text
from store.upserts.statements import insert_sql

BATCH = 5_000
"""Rows per transaction."""
LOOKUP = 900
"""Keys per question for duplicates: from 1,000 on, MariaDB turns the list into a table and may scan the ledger."""

COLUMNS = (
    "job_id", "position", "given", "target", "state", "same_as", "answers",
    "outcome", "reason", "from_cache", "finished_at",
)  # fmt: skip
OPEN, DONE, DUPLICATE = (state.value for state in TargetState)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target as it came in: readable, or with the reason why it is not."""

    given: str
    """As the user wrote it."""
    target: str | None
    """`Target.key`; empty when it names nothing that can be crawled."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """How far a ledger is filled. Each batch gives a new one, so that a transaction can be tried again."""

    job_id: int
    shard_size: int
    position: int = 0
    """Of the last row."""
    shards_with_work: frozenset[int] = frozenset()

    def add(self, connection: Connection, batch: Sequence[Wanted], now: datetime) -> Filling:
        """Add rows behind the last one."""
        first_seen = self._find(connection, batch) if self.position else {}
        more_answers: Counter[int] = Counter()
        invalid: Counter[int] = Counter()
        rows: list[tuple[Any, ...]] = []
        at = moment_text(now)
        for position, wanted in enumerate(batch, self.position + 1):
            given = clean_text(wanted.given)[:GIVEN_LENGTH]
            if wanted.target is None:
                invalid[self._shard_of(position)] += 1
                ending = (Ending.INVALID.value, clean_text(wanted.problem), False, at)
                rows.append((self.job_id, position, given, None, DONE, None, 1, *ending))
                continue
            target = _key(wanted.target)
            first = first_seen.setdefault(target, position)
            if first == position:
                rows.append((self.job_id, position, given, target, OPEN, None, 1, None, None, False, None))
            else:
                more_answers[first] += 1
                rows.append(
                    (self.job_id, position, given, None, DUPLICATE, first, 0, None, None, False, None)
                )
        return self._write(connection, rows, more_answers, invalid, now)

    def shards(self, job: Job, now: datetime) -> list[dict[str, Any]]:
        """Cut the ledger into shards; those in which nothing is to be done are done."""
        return [
            {
                "job_id": self.job_id,
                "number": number,
                "first_position": first,
                "last_position": min(first + self.shard_size - 1, self.position),
                "turn": -job.priority,
                "state": ShardState.PENDING if number in self.shards_with_work else ShardState.DONE,
                "attempt": 0,
                "failures": 0,
                "due_at": now,
            }
            for number, first in enumerate(range(1, self.position + 1, self.shard_size), 1)
        ]

    def _write(
        self,
        connection: Connection,
        rows: list[tuple[Any, ...]],
        more_answers: Counter[int],
        invalid: Counter[int],
        now: datetime,
    ) -> Filling:
        if rows:
            connection.exec_driver_sql(insert_sql(JOB_TARGETS, COLUMNS, connection.dialect), rows)
        for more, positions in _by_number(more_answers).items():
            weighted = update(JOB_TARGETS).where(
                JOB_TARGETS.c.job_id == self.job_id, JOB_TARGETS.c.position.in_(positions)
            )
            connection.execute(weighted.values(answers=JOB_TARGETS.c.answers + more))
        for shard, targets in sorted(invalid.items()):
            add_counts(connection, self.job_id, shard, {Ending.INVALID: targets})
        connection.execute(update(JOBS).where(JOBS.c.id == self.job_id).values(filled_at=now))
        with_work = {self._shard_of(row[1]) for row in rows if row[4] == OPEN}
        return replace(
            self, position=self.position + len(rows), shards_with_work=self.shards_with_work | with_work
        )

    def _find(self, connection: Connection, batch: Sequence[Wanted]) -> dict[str, int]:
        """Which of these targets have a row already, and where."""
        keys = list({_key(wanted.target) for wanted in batch if wanted.target is not None})
        found: dict[str, int] = {}
        for start in range(0, len(keys), LOOKUP):
            wanted = select(JOB_TARGETS.c.target, JOB_TARGETS.c.position).where(
                JOB_TARGETS.c.job_id == self.job_id, JOB_TARGETS.c.target.in_(keys[start : start + LOOKUP])
            )
            found |= {row.target: row.position for row in connection.execute(wanted)}
        return found

    def _shard_of(self, position: int) -> int:
        return (position - 1) // self.shard_size + 1


def _by_number(counts: Counter[int]) -> dict[int, list[int]]:
    """The positions that share a number, so that one statement serves them all."""
    positions: dict[int, list[int]] = {}
    for position, number in sorted(counts.items()):
        positions.setdefault(number, []).append(position)
    return positions


def _key(target: str) -> str:
    return target_key(clean_text(target))
