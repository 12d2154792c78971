"""The walk through a profile's whole history by `creator/item_list`.

Each page holds posts older than the cursor, which is a time in milliseconds and made by us: that of the page's
last post. Pinned posts head the first page whatever their age and are left out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tiktok.aftermath import Change
from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.walks.steps import ENOUGH, Continue, End, Row, counted, last_moment_ms

WEEK_MS = 604_800_000
OLDEST_MS = 1_472_706_000_000
"""September 2016: nothing on TikTok is listed from before (yt-dlp and gallery-dl stop here too)."""
EMPTY_WEEKS = 12
"""Steps back over nothing before the end is believed: `hasMorePrevious` was seen false after 726 of 1,702 posts,
and pages kept coming (2026-10)."""
REPEATS = 3
"""How often a page that repeats the one before is asked again with another device id."""


@dataclass(slots=True)
class HistoryWalk:
    """A walk back in time."""

    cursor: str | None
    found: int = 0
    declared: int | None = None
    newest_first: bool = field(default=True, init=False)
    _has_rows: bool = field(init=False)
    _was_doubted: bool = field(default=False, init=False)
    _previous: frozenset[str] = field(default=frozenset(), init=False)
    _repeats: int = field(default=0, init=False)
    _empty_weeks: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._has_rows = self.found > 0

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        """Take note of a page and find the next cursor."""
        self.found += new
        if not rows and not self._has_rows:
            return self._nothing_yet()
        self._has_rows = True
        chronological = frozenset(row.key for row in rows if not row.is_pinned)
        if self._has_all() and (page.has_more is False or not chronological):
            return End(ListState.COMPLETE, counted(self.found, self.declared))
        if chronological and chronological == self._previous and not new:
            return self._repeated()
        self._previous = chronological
        self._repeats = 0
        last = last_moment_ms(rows)
        if last is None or (last >= self._at and not new):
            return self._step_back(page.has_more)
        self._empty_weeks = 0
        # Posts of one second may fill a page and more: with new ones among them, no day may be skipped.
        return self._go_to(min(last, self._at - 1000))

    @property
    def _at(self) -> int:
        return int(self.cursor or 0)

    def _nothing_yet(self) -> Continue | End:
        if self.declared == 0:
            return End(ListState.COMPLETE, "there are no posts")
        if not self._was_doubted:
            self._was_doubted = True
            return Continue(self.cursor, Change.IDENTITY)
        # Some answers look back a week only, and not everybody posts every week.
        return self._step_back(has_more=None)

    def _repeated(self) -> Continue | End:
        self._repeats += 1
        if self._repeats > REPEATS:
            return End(
                ListState.TRUNCATED, f"stuck: the same page again, {counted(self.found, self.declared)}"
            )
        return Continue(self.cursor, Change.DEVICE_ID)

    def _step_back(self, has_more: bool | None) -> Continue | End:
        self._empty_weeks += 1
        if has_more is False and self.declared is not None and self._has_enough():
            return End(ListState.COMPLETE, f"the list says no more, {counted(self.found, self.declared)}")
        if self._empty_weeks >= EMPTY_WEEKS:
            return self._end(f"nothing in {EMPTY_WEEKS} steps of a week")
        return self._go_to(self._at - WEEK_MS)

    def _go_to(self, cursor_ms: int) -> Continue | End:
        if cursor_ms < OLDEST_MS:
            return self._end("walked back to 2016")
        self.cursor = str(cursor_ms)
        return Continue(self.cursor)

    def _end(self, reason: str) -> End:
        reason = f"{reason}, {counted(self.found, self.declared)}"
        if not self.found:
            return End(ListState.FAILED, f"blocked_or_hidden: {reason}", can_go_on=False)
        state = ListState.COMPLETE if self._has_enough() else ListState.TRUNCATED
        return End(state, reason, can_go_on=False)

    def _has_all(self) -> bool:
        return self.declared is not None and self.found >= self.declared

    def _has_enough(self) -> bool:
        return self.declared is None or self.found >= ENOUGH * self.declared
