"""What a walk is told and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.urls import uploaded_at

ENOUGH = 0.9
"""Share of the declared rows that a complete list holds: some are private, deleted or hidden from our region."""


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
    can_go_on: bool = field(default=True, compare=False)
    """False when nothing follows the cursor: the list was walked to where the site stops listing."""


class Walk(Protocol):
    """What all walks can do."""

    cursor: str | None
    """Where the next request starts; also where a stopped walk goes on."""
    found: int
    """Rows so far, none counted twice."""
    declared: int | None
    """Rows the site says there are; may be set as soon as it is known."""

    @property
    def newest_first(self) -> bool:
        """True when rows come newest first (pinned ones apart), so that `since` may end the walk."""
        ...

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        """Take note of a page; `new` of its rows had not been seen before in this walk."""
        ...


def passed(rows: Sequence[Row], since: datetime) -> bool:
    """True when a page of a list that comes newest first reaches behind `since`."""
    last = last_moment_ms(rows)
    return last is not None and last < since.timestamp() * 1000


def last_moment_ms(rows: Sequence[Row]) -> int | None:
    """When the last row that is not pinned was made, in epoch milliseconds.

    The last and not the oldest: should an old pinned post not be marked as such, it stands at the head.
    """
    return next((_moment_ms(row) for row in reversed(rows) if not row.is_pinned), None)


def counted(found: int, declared: int | None) -> str:
    """How far counting agrees, for a person."""
    return f"found {found}" if declared is None else f"found {found} of {declared}"


def _moment_ms(row: Row) -> int:
    created_at = row.created_at or uploaded_at(row.key)
    return int(created_at.timestamp()) * 1000
