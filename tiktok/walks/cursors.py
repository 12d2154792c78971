"""Lists whose answers say where the next page starts: the gated JSON endpoints, also when a browser asks them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import SHOP_LISTS, Operation
from tiktok.walks.steps import ENOUGH, Continue, End, Row, counted, last_moment_ms

REPEATS = 3
"""How often a page that stands still, is empty, or does not say whether there is more, is asked again."""
STALE_PAGES = 10
"""Pages in a row without anything new before the list is taken to turn in circles."""

_DIGITS = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Habit:
    """How a list behaves."""

    falls: bool = False
    """Its cursor falls (a time) rather than rises (an offset)."""
    newest_first: bool = False
    """Its rows are in the order of their own age."""
    counts_rows: bool = True
    """The number that it declares is that of the rows it lists."""
    false_is_final: bool = True
    """An explicit `hasMore: false` is the end, whatever was declared."""
    doubts_nothing: bool = False
    """That it is empty is believed only when somebody else is told the same."""
    full_page: int | None = None
    """A page of so many rows that says no more was cut short."""


HABITS: Mapping[Operation, Habit] = MappingProxyType(
    {
        Operation.PROFILE_VIDEOS: Habit(falls=True, newest_first=True),
        # Some 500 to 5,000 posts of a hashtag or sound are listed, in no order; then the list says no more.
        Operation.HASHTAG_VIDEOS: Habit(false_is_final=False),
        Operation.SOUND_VIDEOS: Habit(false_is_final=False),
        # `total` counts the replies too.
        Operation.COMMENTS: Habit(counts_rows=False),
        Operation.REPLIES: Habit(counts_rows=False),
        # A full page that says no more was throttled; the numbers are the pages' sizes.
        Operation.SEARCH_VIDEOS: Habit(counts_rows=False, full_page=12),
        Operation.SEARCH_USERS: Habit(counts_rows=False, full_page=20),
        # The newest 5,000 to 10,000 can be reached, newest first by when they followed.
        Operation.FOLLOWERS: Habit(falls=True, false_is_final=False),
        Operation.FOLLOWING: Habit(falls=True, false_is_final=False),
        # Visitors from elsewhere are shown nothing; that there are no such products is not said any other way.
        **{each: Habit(counts_rows=False, doubts_nothing=True) for each in SHOP_LISTS},
    }
)
"""The lists that are walked by their own cursor."""


@dataclass(slots=True)
class CursorWalk:
    """A walk from cursor to cursor."""

    operation: Operation
    cursor: str | None = None
    found: int = 0
    declared: int | None = None
    _has_rows: bool = field(init=False)
    _was_doubted: bool = field(default=False, init=False)
    _previous: frozenset[str] = field(default=frozenset(), init=False)
    _repeats: int = field(default=0, init=False)
    _stale: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._has_rows = self.found > 0

    @property
    def newest_first(self) -> bool:
        """True for the posts of a profile."""
        return self._habit.newest_first

    @property
    def _habit(self) -> Habit:
        return HABITS[self.operation]

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        """Take note of a page; what it says decides, and so does what it does not say."""
        self.found += new
        if page.declared is not None:
            self.declared = page.declared
        if not rows and not self._has_rows:
            return self._nothing_yet(page)
        self._has_rows = True
        if page.has_more is False:
            return self._told_the_end(rows, page)
        if page.has_more is None and self._has_enough():
            return End(ListState.COMPLETE, self._count())
        return self._next(rows, page, new)

    def _nothing_yet(self, page: ListPage) -> Continue | End:
        is_told = self.declared == 0 or (self.declared is None and page.has_more is False)
        if is_told and (self._was_doubted or not self._habit.doubts_nothing):
            return End(ListState.COMPLETE, "the list is empty")
        if not self._was_doubted:
            return self._doubt(self.cursor)
        return End(ListState.FAILED, f"blocked_or_hidden: {self._count()}")

    def _told_the_end(self, rows: Sequence[Row], page: ListPage) -> Continue | End:
        habit = self._habit
        is_cut = habit.full_page is not None and len(rows) >= habit.full_page
        if is_cut and page.cursor and not self._was_doubted:
            return self._doubt(page.cursor)
        if habit.false_is_final or self.declared is None or self._has_enough():
            return End(ListState.COMPLETE, f"the list says no more, {self._count()}")
        reason = f"depth_cap: the list says no more, {self._count()}"
        return End(ListState.TRUNCATED, reason, can_go_on=False)

    def _next(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        keys = frozenset(row.key for row in rows)
        is_repeated = keys == self._previous and not new
        cursor = None if is_repeated else self._next_cursor(rows, page)
        self._previous = keys
        self._stale = 0 if new else self._stale + 1
        is_clean = cursor is not None and page.has_more is not None and bool(rows)
        self._repeats = 0 if is_clean else self._repeats + 1
        if self._repeats > REPEATS or self._stale >= STALE_PAGES:
            return self._lost(cursor, page)
        self.cursor = cursor or self.cursor
        return Continue(self.cursor, self._change(cursor, page))

    def _next_cursor(self, rows: Sequence[Row], page: ListPage) -> str | None:
        """The next page's cursor if it lies in the list's direction, else one made of the last row's time."""
        if page.cursor and self._leads_on(page.cursor):
            return page.cursor
        last = last_moment_ms(rows) if self._habit.newest_first else None
        return str(last) if last is not None and self._leads_on(str(last)) else None

    def _leads_on(self, cursor: str) -> bool:
        here = self.cursor or "0"
        if not (_DIGITS.fullmatch(cursor) and _DIGITS.fullmatch(here)):
            return cursor != here
        if self._habit.falls and int(here):
            return int(cursor) < int(here)
        return int(cursor) > int(here)

    def _change(self, cursor: str | None, page: ListPage) -> Change | None:
        if cursor is None:
            return Change.DEVICE_ID
        # Flagged visitors get a good first page and then pages that do not say whether there is more.
        return Change.IDENTITY if page.has_more is None else None

    def _lost(self, cursor: str | None, page: ListPage) -> End:
        if self._has_enough():
            return End(ListState.COMPLETE, self._count())
        if cursor is None:
            return End(ListState.TRUNCATED, f"stuck: the cursor does not advance, {self._count()}")
        if page.has_more is None:
            return End(ListState.TRUNCATED, f"has_more_missing: {self._count()}")
        return End(ListState.TRUNCATED, f"nothing_new: pages without new rows, {self._count()}")

    def _doubt(self, cursor: str | None) -> Continue:
        """Ask once more, as somebody else."""
        self._was_doubted = True
        self.cursor = cursor
        return Continue(cursor, Change.IDENTITY)

    def _has_enough(self) -> bool:
        return self._habit.counts_rows and self.declared is not None and self.found >= ENOUGH * self.declared

    def _count(self) -> str:
        return counted(self.found, self.declared)
