"""How to walk a list to its end, and how to tell that it was the end.

A walk is asked for the cursor of the next request (`walk.cursor`), told what came (`walk.advance`), and says
whether to go on. It knows nothing of requests; stopping early (`limit`, `since`, `only_new`) is its caller's
business, `passed` helps with it.

What the site says about the end of a list is not to be trusted: `hasMorePrevious` lies in mid-history, a
missing `hasMore` is not false, a cursor may stand still for ever. So a list is complete when counting agrees
or asking again agrees, and otherwise truncated, with the cursor kept.
"""

from __future__ import annotations

from datetime import datetime

from tiktok.routes import SHOP_LISTS, Operation, Route
from tiktok.walks.cursors import CursorWalk
from tiktok.walks.heads import FeedWalk, HeadWalk
from tiktok.walks.history import HistoryWalk
from tiktok.walks.steps import Continue, End, Row, Walk, passed
from tiktok.walks.visits import VisitWalk

__all__ = ["Continue", "End", "Row", "Walk", "carry_cursor", "passed", "start_walk"]


def start_walk(
    operation: Operation,
    route: Route,
    *,
    now: datetime,
    cursor: str | None = None,
    declared: int | None = None,
    found: int = 0,
) -> Walk:
    """A walk from the start of the list, or from where an earlier one stopped."""
    if route is Route.EMBED:
        return HeadWalk(found=found, declared=declared)
    if route is Route.BROWSER:
        return VisitWalk(operation, found=found, declared=declared)
    if operation is Operation.TRENDING:
        return FeedWalk(found=found)
    if route is Route.LIST and operation not in SHOP_LISTS:
        return HistoryWalk(cursor=cursor or str(int(now.timestamp() * 1000)), found=found, declared=declared)
    return CursorWalk(operation, cursor=cursor, found=found, declared=declared)


def carry_cursor(operation: Operation, before: Route, after: Route, cursor: str | None) -> str | None:
    """The cursor with which another route goes on where this one stopped; `None` when it must start anew.

    Embed pages have no cursor, and a browser starts at the top of its page. A profile's posts are paged by time on
    all other routes, and otherwise these routes ask the same endpoints. A page of the shop is its list's start, and
    tells how to ask for the rest.
    """
    if operation in SHOP_LISTS:
        return cursor if after is Route.LIST and before is not Route.BROWSER else None
    if {Route.EMBED, Route.BROWSER} & {before, after}:
        return None
    return cursor if operation is Operation.PROFILE_VIDEOS or Route.LIST not in (before, after) else None
