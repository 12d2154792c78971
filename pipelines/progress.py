"""Station 900: what has passed all other stations is counted, for the progress bar, the summary and the job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from tiktok.items import Item
from tiktok.outcomes import Listing, ListState, Outcome
from tiktok.verdicts import PERMANENT, Verdict

KEPT = 1_000
"""Outcomes and lists kept to be told one by one; of a crawl of millions the others are only counted."""
ANSWERS = frozenset({Verdict.OK, Verdict.EMPTY, *PERMANENT})
"""Outcomes in which the site spoke about the target."""


@dataclass(slots=True)
class Counted:
    """Lists that are no longer kept."""

    lists: int = 0
    incomplete: int = 0
    found: int = 0
    declared: int | None = 0
    """Unknown when one of them is."""

    def add(self, listing: Listing) -> None:
        self.lists += 1
        self.incomplete += listing.state is not ListState.COMPLETE
        self.found += listing.found
        is_known = self.declared is not None and listing.declared
        self.declared = (self.declared or 0) + (listing.declared or 0) if is_known else None


class ProgressPipeline:
    """Counts items by type, and keeps each target's list state and outcome where the extensions read them."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.listings: dict[tuple[str, str], Listing] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.counted = Counted()
        self.ended = 0
        """Targets that have an outcome."""
        self.unanswered = 0
        """Those of them that the site said nothing about."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    @property
    def is_whole(self) -> bool:
        """Whether no list is known to lack rows."""
        kept = all(listing.state is ListState.COMPLETE for listing in self.listings.values())
        return kept and not self.counted.incomplete

    @property
    def lists(self) -> tuple[int, int]:
        """How many lists there are, and how many of them are done."""
        done = sum(listing.state is not ListState.RUNNING for listing in self.listings.values())
        return len(self.listings) + self.counted.lists, done + self.counted.lists

    @property
    def rows(self) -> tuple[int, int | None]:
        """How many rows the lists gave, and how many they are said to have, where all of them say so."""
        declared = [listing.declared for listing in self.listings.values()]
        found = sum(listing.found for listing in self.listings.values()) + self.counted.found
        if not declared or not all(declared) or self.counted.declared is None:
            return found, None
        return found, sum(filter(None, declared)) + self.counted.declared

    def process_item(self, item: Any) -> Any:
        match item:
            case Item():
                self.stats.inc_value(f"items/{item.type}")
            case Listing():
                self._keep_listing(item)
            case Outcome():
                self._keep_outcome(item)
        return item

    def _keep_listing(self, listing: Listing) -> None:
        self.listings[listing.operation, listing.target] = listing
        if len(self.listings) > KEPT:
            ended = (key for key, kept in self.listings.items() if kept.state is not ListState.RUNNING)
            if key := next(ended, None):
                self.counted.add(self.listings.pop(key))

    def _keep_outcome(self, outcome: Outcome) -> None:
        self.ended += (outcome.operation, outcome.target) not in self.outcomes
        self.unanswered += outcome.outcome not in ANSWERS
        self.outcomes[outcome.operation, outcome.target] = outcome
        if len(self.outcomes) > KEPT:  # refusals are worth more to whoever reads them
            answered = (key for key, kept in self.outcomes.items() if kept.outcome in ANSWERS)
            self.outcomes.pop(next(answered, next(iter(self.outcomes))))
