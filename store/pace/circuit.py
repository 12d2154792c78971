"""When an endpoint is to blame, not those who ask it. Pure: `store.circuits` shares it.

An endpoint that refuses most requests of several identities has changed, or wants something we lack. Its circuit
opens: nothing is sent, but for a probe once a minute. The first probe that is answered closes it; each refused one
keeps it open for another five minutes. When nobody probes, it closes by itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

REFUSED_SHARE = 0.6
"""More refusals than this open the circuit (facts of a crawler with many accounts, as all figures here)."""
SAMPLES = 20
IDENTITIES = 3
"""So many must have been refused: of fewer, each may be to blame itself."""
WINDOW_SECONDS = 300
OPEN_SECONDS = 300
PROBE_SECONDS = 60
SKEW_SECONDS = 60
"""The clocks of two nodes differ by less."""
SLICE_SECONDS = 10
"""Answers are counted by slices of the window, not one by one."""


class Note(NamedTuple):
    """One answer of an endpoint."""

    identity_id: str
    refusal: str | None
    """The verdict of a refusal; nothing where it answered."""
    at: float
    is_probe: bool


@dataclass(slots=True)
class Slice:
    """Answers of ten seconds."""

    start: int
    samples: int = 0
    refusals: int = 0
    refused: list[str] = field(default_factory=list)
    """Identities that were refused, no more than it takes."""
    verdicts: dict[str, int] = field(default_factory=dict)
    """How many refusals there were of each kind."""


class Tally(NamedTuple):
    """Answers of the last five minutes."""

    samples: int
    refusals: int
    identities: int

    def __str__(self) -> str:
        return f"{self.refusals} of {self.samples} requests refused, to {self.identities} or more identities"


@dataclass(slots=True)
class Circuit:
    """One endpoint's; all times are seconds since 1970."""

    slices: list[Slice] = field(default_factory=list)
    opened_at: float | None = None
    open_until: float = 0.0
    probe_at: float = 0.0
    """When the next probe may go out."""
    why: str = ""
    verdict: str = ""
    """What most refusals said that opened it."""

    @classmethod
    def from_text(cls, text: str | None) -> Circuit:
        """Read what `to_text` wrote."""
        if text is None:
            return cls()
        slices, *rest = json.loads(text)
        return cls([Slice(*row) for row in slices], *rest)

    def to_text(self) -> str:
        """Write it as a short line of JSON."""
        slices = [[one.start, one.samples, one.refusals, one.refused, one.verdicts] for one in self.slices]
        return json.dumps([slices, self.opened_at, self.open_until, self.probe_at, self.why, self.verdict])

    def is_open(self, now: float) -> bool:
        """False again once the time is over, or when the clock was set back behind the opening."""
        return self.opened_at is not None and now < self.open_until <= now + OPEN_SECONDS + SKEW_SECONDS

    def tally(self, now: float) -> Tally:
        """Count the window's answers."""
        window = self._window(now)
        return Tally(
            sum(one.samples for one in window),
            sum(one.refusals for one in window),
            len({identity for one in window for identity in one.refused}),
        )

    def take(self, notes: Iterable[Note], now: float) -> None:
        """Count answers, and open or close."""
        for note in notes:
            if not self.is_open(now):
                self._count(note)
            elif note.is_probe:
                self._take_probe(note, now)
            # else it answers what was sent before the opening, and says nothing new.
        self.slices = self._window(now)
        if not self.is_open(now):
            self._judge(now)

    def claim_probe(self, now: float) -> bool:
        """Take the next probe, if it is due; the one after it is due a minute later."""
        if not self.is_open(now) or now < self.probe_at:
            return False
        self.probe_at = now + PROBE_SECONDS
        return True

    def _window(self, now: float) -> list[Slice]:
        return [one for one in self.slices if now - WINDOW_SECONDS < one.start <= now + SKEW_SECONDS]

    def _take_probe(self, note: Note, now: float) -> None:
        if note.refusal:
            self.open_until = now + OPEN_SECONDS
        else:
            self._close()

    def _count(self, note: Note) -> None:
        start = int(note.at // SLICE_SECONDS) * SLICE_SECONDS
        current = next((one for one in self.slices if one.start == start), None)
        if current is None:
            current = Slice(start)
            self.slices.append(current)
        current.samples += 1
        if note.refusal:
            current.refusals += 1
            current.verdicts[note.refusal] = current.verdicts.get(note.refusal, 0) + 1
            if note.identity_id not in current.refused and len(current.refused) < IDENTITIES:
                current.refused.append(note.identity_id)

    def _judge(self, now: float) -> None:
        tally = self.tally(now)
        if (
            tally.samples >= SAMPLES
            and tally.refusals > REFUSED_SHARE * tally.samples
            and tally.identities >= IDENTITIES
        ):
            self.opened_at, self.open_until, self.probe_at = now, now + OPEN_SECONDS, now + PROBE_SECONDS
            self.why = str(tally)
            self.verdict = self._commonest()
            self.slices = []
        else:
            self.opened_at = None

    def _commonest(self) -> str:
        verdicts: Counter[str] = Counter()
        for one in self.slices:
            verdicts.update(one.verdicts)
        return max(verdicts, key=lambda verdict: (verdicts[verdict], verdict))

    def _close(self) -> None:
        self.slices = []
        self.opened_at = None
        self.open_until = self.probe_at = 0.0
