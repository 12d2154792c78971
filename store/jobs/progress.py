"""How far a job is: sums of small numbers, never a count over its ledger."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from store.jobs.counts import read_counts
from store.jobs.rows import Job, read_job
from store.jobs.states import JOB_ENDS, SUCCEEDED
from store.models.jobs import SHARDS


@dataclass(frozen=True, slots=True)
class Progress:
    """A job with its counts at one moment."""

    job: Job
    outcomes: dict[str, int]
    """How many targets ended how; a duplicate ends as what it repeats."""
    found: int
    """Rows that the job's lists gave so far."""
    declared: int | None
    """Rows that its lists are said to have, as far as known."""

    @property
    def total(self) -> int:
        """Targets that came in."""
        return self.job.targets_total

    @property
    def done(self) -> int:
        """Targets that have their outcome."""
        return sum(self.outcomes.values())

    @property
    def succeeded(self) -> int:
        """Targets that are there."""
        return sum(n for outcome, n in self.outcomes.items() if outcome in SUCCEEDED)

    @property
    def percent(self) -> int:
        """How much is done, rounded down; the lists of a job of one target count, too."""
        if self.job.state in JOB_ENDS or not self.total:
            return 100 * (self.done == self.total)
        listed = min(self.found / self.declared, 0.99) if self.declared and self.total == 1 else 0
        return int(100 * max(self.done / self.total, listed))


def read_progress(engine: Engine, job_id: int | str) -> Progress:
    """Say how far a job is."""
    with engine.connect() as connection:
        job = read_job(connection, job_id)
        wanted = select(func.sum(SHARDS.c.found), func.sum(SHARDS.c.declared)).where(
            SHARDS.c.job_id == job.id
        )
        found, declared = connection.execute(wanted).one()
        counts = read_counts(connection, job.id)
    return Progress(job, counts, int(found or 0), None if declared is None else int(declared))
