"""Lists that a browser walked in one visit: all that the page showed comes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.routes import Operation
from tiktok.walks.cursors import HABITS, Habit
from tiktok.walks.steps import ENOUGH, End, Row, counted


@dataclass(slots=True)
class VisitWalk:
    """One visit. Complete only when the page's last answer said so, or nine tenths of the declared rows came."""

    operation: Operation
    found: int = 0
    declared: int | None = None
    cursor: str | None = field(default=None, init=False)

    @property
    def newest_first(self) -> bool:
        """True for the posts of a profile."""
        return self._habit.newest_first

    @property
    def _habit(self) -> Habit:
        return HABITS.get(self.operation, Habit(counts_rows=False))

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> End:  # noqa: ARG002  # all walks are told the same
        """Take note of the visit; no other follows it."""
        self.found += new
        if page.declared is not None:
            self.declared = page.declared
        count = counted(self.found, self.declared)
        if self._has_enough():
            return End(ListState.COMPLETE, count)
        if page.has_more is False:
            return self._told_the_end(count)
        if not self.found:
            return End(ListState.FAILED, f"blocked_or_hidden: {page.stopped or 'nothing was shown'}")
        return End(ListState.TRUNCATED, f"{page.stopped or 'has_more_missing'}, {count}")

    def _told_the_end(self, count: str) -> End:
        if not self.found and self.declared:
            return End(ListState.FAILED, f"blocked_or_hidden: {count}")
        if self._habit.false_is_final or self.declared is None:
            return End(
                ListState.COMPLETE, f"the list says no more, {count}" if self.found else "the list is empty"
            )
        return End(ListState.TRUNCATED, f"depth_cap: the list says no more, {count}", can_go_on=False)

    def _has_enough(self) -> bool:
        return self._habit.counts_rows and self.declared is not None and self.found >= ENOUGH * self.declared
