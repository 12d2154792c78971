"""How a job's targets ended, in the order in which they came in, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from store.models.jobs import JOB_TARGETS

PAGE = 500


@dataclass(frozen=True, slots=True)
class Result:
    """One target and how it ended."""

    position: int
    given: str
    target: str | None
    """`Target.key`; empty when the target was invalid."""
    outcome: str | None
    """Empty as long as it is open."""
    reason: str | None
    record_id: str | None
    from_cache: bool
    finished_at: datetime | None


def read_results(engine: Engine, job_id: int, after: int = 0, most: int = PAGE) -> list[Result]:
    """Read the next rows behind a position; a duplicate ends as what it repeats."""
    given = JOB_TARGETS.alias("given")
    first = JOB_TARGETS.alias("first")
    answering = func.coalesce(given.c.same_as, given.c.position)
    columns = [
        first.c[name] for name in ("target", "outcome", "reason", "record_id", "from_cache", "finished_at")
    ]
    wanted = (
        select(given.c.position, given.c.given, *columns)
        .join(first, (first.c.job_id == given.c.job_id) & (first.c.position == answering))
        .where(given.c.job_id == job_id, given.c.position > after)
        .order_by(given.c.position)
        .limit(most)
    )
    with engine.connect() as connection:
        return [Result(*row) for row in connection.execute(wanted)]


def all_results(engine: Engine, job_id: int, page: int = PAGE) -> Iterator[Result]:
    """Stream all rows without holding more than a page of them."""
    after = 0
    while results := read_results(engine, job_id, after, page):
        yield from results
        after = results[-1].position
