"""How far a job is: sums of small numbers, never a count over its ledger."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from store.jobs.counts import read_counts
from store.jobs.rows import Job, read_job
from store.jobs.states import SUCCEEDED, Ending
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
    def left(self) -> int:
        """Targets that nobody worked on, though the job has ended."""
        return self.outcomes.get(Ending.CANCELLED, 0) + self.outcomes.get(Ending.FAILED, 0)

    @property
    def percent(self) -> int:
        """How much was worked on, rounded down; the list of a job of one target counts, too."""
        if not self.total:
            return 100
        listed = min(self.found / self.declared, 0.99) if self.declared and self.total == 1 else 0
        return int(100 * max((self.done - self.left) / self.total, listed))


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
