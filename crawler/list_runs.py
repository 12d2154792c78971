"""The walk through one list: which rows of a page count, where to go on, when it is over, how complete it is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.selection import Selection
from tiktok.aftermath import Change
from tiktok.items import Item
from tiktok.outcomes import Listing, ListState
from tiktok.parsing import ListPage, Parsed
from tiktok.routes import Operation, Route
from tiktok.walks import Continue, End, Row, Walk, carry_cursor, passed, start_walk

REMEMBERED = 10_000
"""Row keys remembered: more than the longest list that repeats rows at a distance (facts B.7: about 5,000)."""


@dataclass(slots=True)
class Turn:
    """What one page of the list comes to."""

    rows: list[Item]
    """Rows to store and export: new in this list, in the asked-for time, within the limit."""
    companions: list[Item]
    """Authors, sounds and hashtags that came along."""
    listing: Listing
    """The list's state after this page."""
    change: Change | None = None
    """What the next request must change, for example the device id."""

    @property
    def is_last(self) -> bool:
        return self.listing.state is not ListState.RUNNING


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the walk saw it."""

    told: ListPage
    route: Route
    asked_at: str | None
    """Its own cursor."""
    step: Continue | End
    left_over: int
    """New rows on it that were not kept."""


@dataclass(slots=True)
class ListRun:
    """One list on its way from the first page to its end, over as many routes as it takes."""

    operation: Operation
    target: str
    """`Target.key`."""
    selection: Selection
    scope: str = ""
    declared: int | None = None
    cursor: str | None = None
    """Where a later crawl goes on: the last cursor of a route that pages."""
    cursor_route: Route | None = None
    """Route the cursor belongs to."""
    found: int = 0
    """Rows seen, none twice; in a resumed run those of the earlier runs too."""
    kept: int = 0
    """Rows of these that the selection wanted."""
    walk: Walk | None = None
    walked_by: Route | None = None
    seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    started_at: datetime | None = None
    """When the first page was taken, by whichever crawl."""
    is_resumed: bool = False
    is_from_top: bool = True
    """The walk under way began at the list's first row."""
    to_skip: int = 0
    """Rows that come first and that nobody wants again."""
    is_recount: bool = False
    """The walk began anew in a resumed run: its rows may be those that the earlier run counted."""

    @classmethod
    def resume(cls, selection: Selection, checkpoint: Listing, seen: Iterable[str] = ()) -> ListRun:
        """Go on where an earlier crawl stopped; `seen` are rows that it counted and that will come again."""
        return cls(
            operation=Operation(checkpoint.operation),
            target=checkpoint.target,
            selection=selection,
            scope=checkpoint.scope,
            declared=checkpoint.declared,
            cursor=checkpoint.cursor,
            cursor_route=Route(checkpoint.route) if checkpoint.route else None,
            found=checkpoint.found,
            kept=checkpoint.found,
            seen=OrderedDict.fromkeys(seen),
            started_at=checkpoint.started_at,
            is_resumed=True,
        )

    def cursor_on(self, route: Route, now: datetime) -> str | None:
        """Tell the cursor of the next request over this route."""
        return self._walk_on(route, now).cursor

    def take(self, parsed: Parsed, route: Route, now: datetime, known: frozenset[str] = frozenset()) -> Turn:
        """Sort a page into rows and companions and decide how to go on.

        `known` holds the keys of rows that the database already has: meeting one ends a crawl for what is new.
        """
        page = parsed.page or ListPage()
        listed = dict.fromkeys(page.keys)
        rows = {item.key: item for item in parsed.items if item.key in listed}
        fresh = [rows[key] for key in listed if key in rows and self._is_first(key)]
        if page.declared is not None:
            self.declared = page.declared
        walk = self._walk_on(route, now)
        asked_at = walk.cursor
        fresh = self._leave_out(fresh, page.keys)
        new = 0 if self.is_recount else len(fresh)
        step = walk.advance([_row(row) for row in rows.values()], page, new)
        self.found += new
        if isinstance(step, Continue):
            self.cursor = step.cursor
            self.cursor_route = None if step.cursor is None else route
        elif not step.can_go_on:
            self.cursor = self.cursor_route = None
        wanted = self._choose(fresh)
        self._note(Page(page, route, asked_at, step, len(fresh) - len(wanted)), wanted)
        ending = self._early_end(fresh, walk, known) or (step if isinstance(step, End) else None)
        return Turn(
            rows=wanted,
            companions=[item for item in parsed.items if rows.get(item.key) is not item],
            listing=self._listing(ending or End(ListState.RUNNING, ""), route, now),
            change=step.change if isinstance(step, Continue) else None,
        )

    def refuse(self, reason: str, route: Route | None, now: datetime) -> Listing:
        """End the list where no route got any further; what was found stays, and so does the cursor."""
        state = ListState.TRUNCATED if self.found else ListState.FAILED
        return self._listing(End(state, reason), route, now)

    def _listing(self, ending: End, route: Route | None, now: datetime) -> Listing:
        self.started_at = self.started_at or now
        return Listing(
            operation=self.operation,
            target=self.target,
            scope=self.scope,
            state=ending.state,
            cursor=self.cursor,
            found=self.found,
            declared=self.declared,
            reason=ending.reason or None,
            route=self.cursor_route or route,
            at=now,
            started_at=self.started_at,
        )

    def _walk_on(self, route: Route, now: datetime) -> Walk:
        if self.walk is None or self.walked_by is not route:
            cursor = self.cursor
            if self.cursor_route and self.cursor_route is not route:
                cursor = carry_cursor(self.operation, self.cursor_route, route, cursor)
            self.is_from_top = cursor is None
            if self.is_from_top:
                self._begin_at_top()
            self.walk = start_walk(
                self.operation, route, now=now, cursor=cursor, declared=self.declared, found=self.found
            )
            self.walked_by = route
            self.is_recount = self.is_resumed and cursor is None
        return self.walk

    def _begin_at_top(self) -> None:
        """Hear that a walk begins at the first row. A hook."""

    def _leave_out(self, fresh: list[Item], listed: Sequence[str]) -> list[Item]:  # noqa: ARG002  # a hook
        """Choose the rows that count, of those that are new; all."""
        return fresh

    def _note(self, page: Page, kept: Sequence[Item]) -> None:
        """Hear what a page came to. A hook."""

    def _is_first(self, key: str) -> bool:
        if key in self.seen:
            return False
        self.seen[key] = None
        if len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)
        return True

    def _choose(self, fresh: Sequence[Item]) -> list[Item]:
        wanted = [item for item in fresh if self.selection.wants(item)]
        if self.selection.limit is not None:
            wanted = wanted[: self.selection.limit - self.kept]
        if not self.is_recount:
            self.kept += len(wanted)
        return wanted

    def _early_end(self, fresh: Sequence[Item], walk: Walk, known: frozenset[str]) -> End | None:
        """Say whether what was asked for is complete although the list goes on."""
        if self.selection.limit is not None and self.kept >= self.selection.limit:
            return End(ListState.COMPLETE, f"limit of {self.selection.limit} reached")
        if not walk.newest_first:
            return None
        rows = [row for row in map(_row, fresh) if not row.is_pinned]
        if any(row.key in known for row in rows):
            return End(ListState.COMPLETE, "reached posts that are already stored")
        if self.selection.since and passed(rows, self.selection.since):
            return End(ListState.COMPLETE, f"reached posts before {self.selection.since:%Y-%m-%d}")
        return None


def _row(item: Item) -> Row:
    return Row(item.key, getattr(item, "created_at", None), bool(getattr(item, "is_pinned", False)))
