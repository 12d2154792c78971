"""How to walk a list to its end, and how to tell that it was the end.

A walk is asked for the cursor of the next request (`walk.cursor`), told what came (`walk.advance`), and says
whether to go on. It knows nothing of requests; stopping early (`limit`, `since`, `only_new`) is its caller's
business, `passed` helps with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import Operation, Route


@dataclass(frozen=True, slots=True)
class Row:
    """What a walk needs to know of a listed thing."""

    key: str
    created_at: datetime | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Continue:
    """Ask for the page at `cursor`, after the `change` if there is one."""

    cursor: str | None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The walk is over."""

    state: ListState
    reason: str


class Walk(Protocol):
    """What all walks can do."""

    cursor: str | None
    """Where the next request starts; also where a stopped walk goes on."""
    found: int
    """Rows so far, none counted twice."""
    declared: int | None
    """Rows the site says there are; may be set as soon as it is known."""
    newest_first: bool
    """True when rows come newest first (pinned ones apart), so that `since` may end the walk."""

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        """Take note of a page; `new` of its rows had not been seen before in this walk."""
        ...


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
    raise NotImplementedError


def passed(rows: Sequence[Row], since: datetime) -> bool:
    """True when the page reaches behind `since`: a row that is not pinned is older."""
    raise NotImplementedError


def carry_cursor(operation: Operation, before: Route, after: Route, cursor: str | None) -> str | None:
    """The cursor with which another route goes on where this one stopped; `None` when it must start anew."""
    raise NotImplementedError
