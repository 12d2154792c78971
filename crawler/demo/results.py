"""What a crawl of the demo left in the database, and whether that is all it should have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, func, select
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
from tiktok.routes import Operation
from tiktok.verdicts import Verdict

TABLES = {
    "posts": VideoRow,
    "users": UserRow,
    "comments": CommentRow,
    "sounds": SoundRow,
    "hashtags": HashtagRow,
    "readings of posts' counters": VideoHistoryRow,
}
FEW_COMMENTS, MANY_COMMENTS = 20, 300
"""A post between these has more than one page of comments and takes a second or two."""


@dataclass(frozen=True, slots=True)
class Result:
    """A crawl and what it left."""

    run: Run
    outcome: OutcomeRow | None
    listing: ListingRow | None
    stored: int
    """Rows of the list that are in the database."""

    @property
    def declared(self) -> int | None:
        """How many the site says there are."""
        return self.listing.declared if self.listing else None

    def shortcomings(self) -> Iterator[str]:
        """Say what is missing; nothing when all is there."""
        if self.outcome is None or self.listing is None:
            yield f"the crawl ended with status {self.run.exit_code} and no result, see {self.run.log}"
        elif not self.stored:
            yield f"nothing was found; {self.outcome.outcome}: {self.outcome.reason}"
        elif self.run.crawl.is_whole:
            yield from self._shortcomings_of_whole(self.outcome, self.listing)

    def _shortcomings_of_whole(self, outcome: OutcomeRow, listing: ListingRow) -> Iterator[str]:
        if outcome.outcome != Verdict.OK or listing.state != ListState.COMPLETE:
            yield f"{outcome.outcome}: {outcome.reason}"
        elif not self.run.crawl.limit and self.stored < (self.declared or 0):
            yield f"only {self.stored:,} of {self.declared:,} are stored"


def read_result(engine: Engine, run: Run) -> Result:
    """Read how the only target of the crawl ended and how much of its list is there."""
    with Session(engine) as session:
        outcome = session.scalar(select(OutcomeRow).where(OutcomeRow.operation == run.crawl.spider))
        listing = session.scalar(select(ListingRow).where(ListingRow.operation == run.crawl.operation))
        stored = _count_stored(session, run, listing)
        session.expunge_all()
    return Result(run, outcome, listing, stored)


def _count_stored(session: Session, run: Run, listing: ListingRow | None) -> int:
    """Count rows, rather than believe the listing, where the table tells which belong to the list."""
    belongs: dict[Operation, ColumnElement[bool]] = {
        Operation.PROFILE_VIDEOS: VideoRow.username == run.crawl.target,
        Operation.COMMENTS: CommentRow.video_id == run.crawl.target,
    }
    if run.crawl.operation in belongs:
        return session.scalar(select(func.count()).where(belongs[run.crawl.operation])) or 0
    return listing.found if listing else 0


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
