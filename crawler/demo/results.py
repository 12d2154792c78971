"""What a crawl of the demo left in the database, and whether that is all it should have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from crawler.demo.crawls import Run
from store.models import (
    CommentRow,
    HashtagRow,
    ListingRow,
    OutcomeRow,
    SoundRow,
    UserRow,
    VideoHistoryRow,
    VideoRow,
)
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict

TABLES = {
    "posts": VideoRow,
    "users": UserRow,
    "comments": CommentRow,
    "sounds": SoundRow,
    "hashtags": HashtagRow,
    "states of posts' counters": VideoHistoryRow,
}

FEW_COMMENTS, MANY_COMMENTS = 20, 300
"""A post between these has more than one page of comments and takes a second or two."""


@dataclass(frozen=True, slots=True)
class Result:
    """A crawl and what it left."""

    run: Run
    outcome: OutcomeRow | None
    listing: ListingRow | None

    @property
    def found(self) -> str:
        """Found against declared, in words."""
        if self.listing is None:
            return "nothing"
        declared = "" if self.listing.declared is None else f" of {self.listing.declared:,}"
        return f"{self.listing.found:,}{declared} {self.run.crawl.rows}, {self.listing.state}"

    def shortcomings(self) -> Iterator[str]:
        """Say what is missing; nothing when all is there."""
        if self.outcome is None:
            yield f"the crawl ended with status {self.run.exit_code} and no outcome, see {self.run.log}"
            return
        if self.outcome.outcome != Verdict.OK:
            yield f"{self.outcome.outcome}: {self.outcome.reason}"
        if self.listing is None or not self.listing.found:
            yield f"no {self.run.crawl.rows} were found"
        elif self.listing.state != ListState.COMPLETE:
            yield f"the list of {self.run.crawl.rows} is {self.listing.state}: {self.listing.reason}"


def read_result(engine: Engine, run: Run) -> Result:
    """Read how the only target of the crawl ended and how far its list was walked."""
    with Session(engine) as session:
        outcome = session.scalar(select(OutcomeRow).where(OutcomeRow.operation == run.crawl.spider))
        listing = session.scalar(select(ListingRow).where(ListingRow.operation == run.crawl.operation))
        session.expunge_all()
    return Result(run, outcome, listing)


def count_rows(engine: Engine) -> dict[str, int]:
    """Count what is in the database."""
    with Session(engine) as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in TABLES.items()
        }


def find_discussed_post(engine: Engine) -> str | None:
    """Give the id of a post whose comments are worth a look and quickly read."""
    with Session(engine) as session:
        return session.scalar(
            select(VideoRow.id)
            .where(VideoRow.comments_count.between(FEW_COMMENTS, MANY_COMMENTS))
            .order_by(VideoRow.comments_count.desc())
            .limit(1)
        )
