"""A line of the demo's table, and how it is read from what a crawl left in the database."""

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
    MediaFileRow,
    OutcomeRow,
    ProductRow,
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
    "products": ProductRow,
    "files": MediaFileRow,
    "readings of posts' counters": VideoHistoryRow,
}
FEW_COMMENTS, MANY_COMMENTS = 20, 300
"""A post between these has more than one page of comments and takes a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was asked for, what came of it, and what of that is missing."""

    title: str
    outcome: str | None
    listing: str | None = None
    """How far its list was walked, where it has one."""
    stored: int = 0
    declared: int | None = None
    """How many the site says there are."""
    route: str | None = None
    seconds: float
    remark: str | None = None
    missing: tuple[str, ...] = ()
    """What was expected and is not there; nothing when all is."""


def read_result(engine: Engine, run: Run) -> Result:
    """Read how the only target of the crawl ended and how much of its list is there."""
    crawl = run.crawl
    with Session(engine) as session:
        outcome = session.scalar(select(OutcomeRow).where(OutcomeRow.operation == crawl.asks))
        listing = session.scalar(select(ListingRow).where(ListingRow.operation == crawl.operation))
        stored = _count_stored(session, run, listing)
        cut = listing.reason if listing and not crawl.is_whole else None
        return Result(
            title=crawl.title,
            outcome=outcome.outcome if outcome else None,
            listing=listing.state if listing else None,
            stored=stored,
            declared=listing.declared if listing else None,
            route=(listing.route if listing else None) or (outcome.route if outcome else None),
            seconds=run.seconds,
            remark=f"{crawl.title} is cut, and says so: {cut}" if cut else None,
            missing=tuple(_shortcomings(run, outcome, listing, stored)),
        )


def _shortcomings(
    run: Run, outcome: OutcomeRow | None, listing: ListingRow | None, stored: int
) -> Iterator[str]:
    """Say what is missing."""
    crawl = run.crawl
    if outcome is None or (crawl.operation and listing is None):
        yield f"the crawl ended with status {run.exit_code} and no result, see {run.log}"
    elif not stored:
        yield f"nothing was found; {outcome.outcome}: {outcome.reason}"
    elif crawl.is_whole and (
        outcome.outcome != Verdict.OK or (listing and listing.state != ListState.COMPLETE)
    ):
        yield f"{outcome.outcome}: {outcome.reason}"
    elif crawl.is_whole and listing and not crawl.limit and stored < (listing.declared or 0):
        yield f"only {stored:,} of {listing.declared:,} are stored"


def _count_stored(session: Session, run: Run, listing: ListingRow | None) -> int:
    """Count rows, rather than believe the listing, where the table tells which belong to what was asked."""
    target = run.crawl.target
    belongs: dict[Operation | None, ColumnElement[bool]] = {
        Operation.PROFILE_VIDEOS: VideoRow.username == target,
        Operation.COMMENTS: CommentRow.video_id == target,
        Operation.SHOP_SEARCH: ProductRow.id.is_not(None),  # nothing else brings products
        None: MediaFileRow.video_id == target.rpartition("/")[2],
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


def count_users(engine: Engine, usernames: list[str]) -> int:
    """Count which of these profiles are stored."""
    with Session(engine) as session:
        wanted = UserRow.username.in_(usernames)
        return session.scalar(select(func.count()).select_from(UserRow).where(wanted)) or 0


def find_discussed_post(engine: Engine) -> str | None:
    """Give the id of a post whose comments are worth a look and quickly read."""
    with Session(engine) as session:
        return session.scalar(
            select(VideoRow.id)
            .where(VideoRow.comments_count.between(FEW_COMMENTS, MANY_COMMENTS))
            .order_by(VideoRow.comments_count.desc())
            .limit(1)
        )
