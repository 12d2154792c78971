"""How crawling ended: records about the crawl itself, passing the same stations as the items.

A `Listing` says how far a list was walked, an `Outcome` how a target ended. Neither is exported to feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ListState(StrEnum):
    """How complete a list is."""

    RUNNING = "running"
    """Still being walked, or the crawl was stopped: `cursor` says where to go on."""
    COMPLETE = "complete"
    """Everything the site offers was seen."""
    TRUNCATED = "truncated"
    """Something is known to be missing; `cursor` says where to go on."""
    FAILED = "failed"
    """Nothing could be read."""


@dataclass(slots=True, kw_only=True)
class Listing:
    """The state of one list (a profile's posts, a post's comments, …) after the page just stored."""

    operation: str
    """`tiktok.routes.Operation` that lists."""
    target: str
    """`Target.key` of what is listed."""
    scope: str = ""
    """What narrows the list (`since=…`), so that different questions keep different cursors."""
    state: ListState
    cursor: str | None = None
    """Where the next page starts."""
    found: int = 0
    """Rows seen so far, none counted twice."""
    declared: int | None = None
    """Rows the site says there are."""
    reason: str | None = None
    """Why the list ended, or is not complete."""
    route: str | None = None
    """Route the cursor belongs to; without a cursor the one that answered last."""
    video_ids: tuple[str, ...] = ()
    """Posts among the rows that came with this page."""
    at: datetime
    """When, UTC."""
    started_at: datetime | None = None
    """When the walk began, maybe in an earlier crawl that this one resumed; empty when it begins with this page."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How one target ended. Each target has exactly one per crawl."""

    operation: str
    """`tiktok.routes.Operation`."""
    kind: str
    """`tiktok.urls.TargetKind`."""
    target: str
    """`Target.key`."""
    outcome: str
    """A `tiktok.verdicts.Verdict`."""
    reason: str
    """One line for a person: what happened, with codes and counts."""
    route: str | None = None
    """Route that gave the last answer."""
    from_cache: bool = False
    """Nobody was asked: what is stored is fresh enough."""
    again_at: datetime | None = None
    """When it may be otherwise, UTC; empty where nothing says that it will change."""
    at: datetime
    """When, UTC."""


Record = Listing | Outcome
