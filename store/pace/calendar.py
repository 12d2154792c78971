"""When requests may be sent: each bucket's calendar of slots. Pure; `calendar.lua` does the same inside Redis.

The rule is the generic cell rate algorithm: evenly spaced, earlier by at most the burst's tolerance. A request
gets its slot when it asks, and keeps it: nobody who asks later can push it back, so nobody starves. One that must
wait for its identity does not block the exit meanwhile: whoever is ready sooner gets the slots in between, as long
as every slot already given still obeys the rule.

All times are whole microseconds of one clock, the state's.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from store.pace.buckets import MICROSECONDS, Bucket

KEPT = 2 * MICROSECONDS
"""How long past slots stay in the calendar: until then their owners may ask whether they still stand."""
JITTER = MICROSECONDS
"""A clock that goes back by less stands still for us; one that goes back by more was set back."""


@dataclass(slots=True)
class Calendar:
    """One bucket's slots, past and to come."""

    due: int = 0
    """When the next request would be due if all were evenly spaced, not counting `slots`."""
    held_until: int = 0
    """Nothing is sent before; the bucket is empty then."""
    seen_at: int = 0
    """Time of the last change, to notice a clock that was set back."""
    slots: list[int] = field(default_factory=list)
    """In order."""

    def follow_clock(self, now: int) -> None:
        """Move with a clock that was set back, or everybody would wait until it is where it was."""
        gap = self.seen_at - now
        if gap > JITTER:
            self.due -= gap
            self.held_until -= gap
            self.seen_at = now
            self.slots = [slot - gap for slot in self.slots]

    def forget_past(self, bucket: Bucket, now: int) -> None:
        """Fold slots that nobody asks about any more into `due`."""
        horizon = max(now - KEPT, self.held_until)
        while self.slots and self.slots[0] < horizon:
            self.due = max(self.due, self.slots.pop(0)) + bucket.interval
        self.due = max(self.due, self.held_until + bucket.tolerance)

    def earliest(self, bucket: Bucket, at: int) -> int:
        """Find the first moment from `at` on at which one more request obeys the rule."""
        due = self._due_before_each(bucket)
        spare = self._spare_before_each(bucket, due)
        for place, slot in enumerate(self.slots):
            candidate = max(at, due[place] - bucket.tolerance)
            if (
                candidate <= slot
                and max(due[place], candidate) + bucket.interval - due[place] <= spare[place]
            ):
                return candidate
            at = max(at, slot)
        return max(at, due[-1] - bucket.tolerance)

    def _due_before_each(self, bucket: Bucket) -> list[int]:
        due = [self.due]
        for slot in self.slots:
            due.append(max(due[-1], slot) + bucket.interval)
        return due

    def _spare_before_each(self, bucket: Bucket, due: list[int]) -> list[int]:
        """By how much `due` may grow before each slot while it and all later ones still obey the rule."""
        spare: list[int] = []
        for slot, expected in zip(reversed(self.slots), reversed(due[:-1]), strict=True):
            own = slot + bucket.tolerance - expected
            later = spare[-1] + max(0, slot - expected) if spare else own
            spare.append(min(own, later))
        return spare[::-1]

    def hold(self, now: int, until: int) -> None:
        """Send nothing before `until`. Slots to come are void; their owners ask again, in the same order."""
        self.follow_clock(now)
        self.seen_at = max(self.seen_at, now)
        self.held_until = max(self.held_until, until)
        self.slots = [slot for slot in self.slots if slot <= now]

    def stands(self, slot: int, now: int, patience: int) -> bool:
        """True while this slot is in the calendar, nothing is held, and it isn't longer past than `patience`."""
        return slot in self.slots and self.held_until <= now <= slot + patience

    def give_back(self, slot: int) -> None:
        """Strike a slot that was not used."""
        if slot in self.slots:
            self.slots.remove(slot)


def book(calendars: Sequence[Calendar], buckets: Sequence[Bucket], now: int) -> int:
    """Enter one request into all calendars at the first moment that suits all; return it."""
    for calendar in calendars:
        calendar.follow_clock(now)
    now = max(now, *(calendar.seen_at for calendar in calendars))
    for calendar, bucket in zip(calendars, buckets, strict=True):
        calendar.seen_at = now
        calendar.forget_past(bucket, now)
    slot = _first_common(calendars, buckets, now)
    for calendar in calendars:
        insort(calendar.slots, slot)
    return slot


def _first_common(calendars: Sequence[Calendar], buckets: Sequence[Bucket], at: int) -> int:
    while True:
        later = max(
            calendar.earliest(bucket, at) for calendar, bucket in zip(calendars, buckets, strict=True)
        )
        if later == at:
            return at
        at = later
