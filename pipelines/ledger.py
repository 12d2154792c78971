"""The ledger's part in station 300: which targets are under way, and how those ended that have passed the stations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from store.jobs.claims import Claim
from store.jobs.found import note_videos
from store.jobs.ledger import Finding, finalise_in
from store.models.types import MAX_ID
from tiktok.outcomes import Listing, Outcome, Record
from tiktok.urls import TargetKind

REMEMBERED = 1_000
"""Ends kept for the case that another position means the same: a short link to a post that was asked for, too."""

Write = Callable[[Connection], None]


@dataclass(slots=True)
class UnderWay:
    """A target that is begun."""

    positions: list[int]
    record_id: str | None = None
    """The user, post or sound that it turned out to be."""


class Ledger:
    """One crawl's. Without a claim nothing is written: the crawl is nobody's job."""

    def __init__(self, claim: Claim | None = None) -> None:
        self.claim = claim
        self._under_way: dict[str, UnderWay] = {}
        self._ended: OrderedDict[str, Finding] = OrderedDict()
        self._findings: list[Finding] = []
        self._videos: dict[str, int] = {}

    def begin(self, position: int, key: str) -> bool:
        """Note that a target is begun; say whether to ask for it: not where another position has done so."""
        if key in self._under_way:
            self._under_way[key].positions.append(position)
            return False
        if key in self._ended:
            self._findings.append(replace(self._ended[key], position=position))
            return False
        self._under_way[key] = UnderWay([position])
        return True

    def recognise(self, key: str, record_id: str | None) -> None:
        """Note what a target turned out to be."""
        if key in self._under_way and record_id and _is_id(record_id):
            self._under_way[key].record_id = record_id

    def note(self, record: Record) -> None:
        """Take what a record that passes the stations says about its target."""
        match record:
            case Outcome():
                self._end(record)
            case Listing(video_ids=ids, target=key) if ids and key in self._under_way:
                position = self._under_way[key].positions[0]
                self._videos.update((video_id, position) for video_id in ids if _is_id(video_id))

    def take(self) -> Write | None:
        """What goes into the transaction of the rows that have come so far; nothing when there is nothing new."""
        findings, self._findings = self._findings, []
        videos, self._videos = self._videos, {}
        claim = self.claim
        if claim is None or not (findings or videos):
            return None

        def write(connection: Connection) -> None:
            now = datetime.now(UTC)
            if findings:
                finalise_in(connection, claim.shard.id, claim.shard.attempt, findings, now)
            note_videos(connection, claim.job.id, videos, now)

        return write

    def _end(self, outcome: Outcome) -> None:
        ended = self._under_way.pop(outcome.target, None)
        if ended is None:
            return
        for position in ended.positions:
            finding = Finding(
                position=position,
                outcome=str(outcome.outcome),
                reason=outcome.reason,
                record_id=ended.record_id,
                from_cache=outcome.from_cache,
            )
            self._findings.append(finding)
            self._ended[outcome.target] = finding
        if outcome.kind == TargetKind.VIDEO and ended.record_id:
            self._videos[ended.record_id] = ended.positions[0]
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= MAX_ID
