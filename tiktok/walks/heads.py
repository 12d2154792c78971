"""Lists without a cursor: the head that an embed page shows, and feeds that answer anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tiktok.outcomes import ListState
from tiktok.parsing import ListPage
from tiktok.walks.steps import Continue, End, Row, counted

STALE_ANSWERS = 3
"""Answers of a feed without anything new before it has shown what it has for us."""


@dataclass(slots=True)
class HeadWalk:
    """The ten rows of an embed page, after which nothing can be asked."""

    cursor: str | None = field(default=None, init=False)
    found: int = 0
    declared: int | None = None
    newest_first: bool = field(default=False, init=False)

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:
        """Take note of the page; it is the only one."""
        self.found += new
        if page.declared is not None:
            self.declared = page.declared
        if self.declared is not None and self.found >= self.declared:
            return End(ListState.COMPLETE, counted(self.found, self.declared))
        if not self.found:
            return End(ListState.FAILED, "blocked_or_hidden: no rows although there should be")
        return End(ListState.TRUNCATED, f"head_only: {counted(self.found, self.declared)}, {len(rows)} shown")


@dataclass(slots=True)
class FeedWalk:
    """A feed: the same question brings other rows, until it brings none that are new."""

    cursor: str | None = field(default=None, init=False)
    found: int = 0
    declared: int | None = field(default=None, init=False)
    newest_first: bool = field(default=False, init=False)
    _stale: int = field(default=0, init=False)

    def advance(self, rows: Sequence[Row], page: ListPage, new: int) -> Continue | End:  # noqa: ARG002  # all walks are told the same
        """Take note of an answer."""
        self.found += new
        self._stale = 0 if new else self._stale + 1
        if self._stale < STALE_ANSWERS and page.has_more is not False:
            return Continue(None)
        if not self.found:
            return End(ListState.FAILED, "blocked_or_hidden: the feed shows nothing")
        is_told = page.has_more is False
        return End(
            ListState.COMPLETE,
            "the feed says no more" if is_told else f"nothing new in {self._stale} answers",
        )
