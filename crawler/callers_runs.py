"""The walk through a part of a list, for a caller: from where he went away to where he goes away again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.list_runs import ListRun, Page
from pipelines.selection import Selection
from tiktok.items import Item
from tiktok.outcomes import Listing, ListState
from tiktok.places import MOST_PINNED, Place, is_cursor
from tiktok.routes import Operation, Route
from tiktok.walks import Continue, End


@dataclass(slots=True)
class CallersRun(ListRun):
    """Knows from the caller's cursor alone what he has had, and where the next row is."""

    place: Place | None = None
    """Where he comes from; nothing at the first row."""
    next_place: Place | None = None
    """Where he goes on."""
    is_whole: bool = False
    """No row follows."""
    truncated: str | None = None
    """Why rows are missing."""
    _is_beyond: bool = field(default=True)
    """All further rows are new to him."""
    _counts_given: bool = field(default=False)
    """Rows that he had are among `found` although this run has not seen them."""
    _last: str | None = None
    _search_id: str | None = None
    _pinned: tuple[str, ...] = ()

    @classmethod
    def begin(
        cls,
        operation: Operation,
        target: str,
        selection: Selection,
        *,
        declared: int | None,
        place: Place | None,
    ) -> CallersRun:
        """Begin at a place."""
        run = cls(operation, target, selection, declared=declared, place=place)
        if place:
            run.cursor, run.cursor_route, run.found = place.cursor, place.route, place.given
            run.seen = OrderedDict.fromkeys(place.pinned)
            run._is_beyond, run._counts_given = False, True
            run._last, run._search_id, run._pinned = place.after, place.search_id, place.pinned
        return run

    def refuse(self, reason: str, route: Route | None, now: datetime) -> Listing:
        """End where no route got any further; he may go on behind what he gets."""
        self.truncated = reason
        return super(CallersRun, self).refuse(reason, route, now)

    def _begin_at_top(self) -> None:
        """What he had comes again, and is told apart by its last row, or by counting."""
        if self.place and self._counts_given:
            self._counts_given = False
            self.found -= self.place.given
            self.to_skip = self.place.given - len(self.place.pinned)  # those are known by their keys

    def _leave_out(self, fresh: list[Item], listed: Sequence[str]) -> list[Item]:
        if self._is_beyond or self.place is None:
            return fresh
        if self.place.after in listed:
            self._is_beyond, self.to_skip = True, 0
            behind = set(listed[listed.index(self.place.after) + 1 :])
            return [item for item in fresh if item.key in behind]
        if not self.is_from_top:
            # The page has changed since: a row twice is better than one left out.
            self._is_beyond = True
            return fresh
        skipped = min(self.to_skip, len(fresh))
        self.to_skip -= skipped
        self._is_beyond = not self.to_skip
        return fresh[skipped:]

    def _note(self, page: Page, kept: Sequence[Item]) -> None:
        step = page.step
        self._last = kept[-1].key if kept else self._last
        self._pinned += tuple(item.key for item in kept if getattr(item, "is_pinned", False))
        self._search_id = self._search_id or page.told.search_id
        self.is_whole = isinstance(step, End) and step.state is ListState.COMPLETE and not page.left_over
        is_full = self.selection.limit is not None and self.kept >= self.selection.limit
        is_stuck = isinstance(step, End) and not self.is_whole and not is_full
        self.truncated = step.reason if isinstance(step, End) and is_stuck else None
        self.next_place = self._place_behind(page)

    def _place_behind(self, page: Page) -> Place | None:
        """Say where he goes on; nowhere when nothing follows, or when he would come here again."""
        step = page.step
        leads_on = isinstance(step, Continue) or step.can_go_on or bool(page.left_over)
        if self.is_whole or not leads_on or not self.kept or self._last is None:
            return None
        if self.operation is Operation.TRENDING:  # the feed is another one at each call
            return None
        given = self.kept + (self.place.given if self.place else 0)
        cursor = page.asked_at if page.left_over else self.cursor
        if page.route is Route.BROWSER:
            cursor = None  # a visit begins at the top
        if page.route is Route.EMBED or (cursor is not None and not is_cursor(cursor)):
            return Place(given, self._last, pinned=self._pinned[:MOST_PINNED])
        return Place(given, self._last, page.route, cursor, self._search_id, self._pinned[:MOST_PINNED])
