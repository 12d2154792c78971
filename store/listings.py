"""Where a list was left: what lets a stopped crawl go on instead of starting over."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Engine, select

from store.models import ListingRow
from store.models.crawls import TARGET_LENGTH
from tiktok.outcomes import Listing, ListState

DIGEST_LENGTH = 32


def find_listing(engine: Engine, operation: str, target: str, scope: str = "") -> Listing | None:
    """Find the last checkpoint of a list."""
    wanted = select(ListingRow.__table__).where(
        ListingRow.operation == str(operation),
        ListingRow.target == target_key(target),
        ListingRow.scope == target_key(scope),
    )
    with engine.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Listing(
        operation=row.operation,
        target=target,
        scope=scope,
        state=ListState(row.state),
        cursor=row.cursor,
        found=row.found,
        declared=row.declared,
        reason=row.reason,
        route=row.route,
        at=row.updated_at,
        started_at=row.started_at,
    )


def target_key(target: str) -> str:
    """Fit a target into its column: a search's words may be longer, so a digest takes the place of their end."""
    if len(target) <= TARGET_LENGTH:
        return target
    digest = sha256(target.encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]
    return f"{target[: TARGET_LENGTH - DIGEST_LENGTH - 1]}~{digest}"
