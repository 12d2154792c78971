"""When a schedule is due: an interval or a cron expression, and what lies between two looks at the clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.errors import ScheduleRefused
from store.schedules.cron import Cron
from store.schedules.intervals import Interval

Timing = Interval | Cron

MOST_COUNTED = 1000
"""Missed due times are counted up to here: nobody asks whether it was a thousand or more."""


@dataclass(frozen=True, slots=True)
class Due:
    """The newest due time that has come, and how many passed unnoticed before it."""

    at: datetime
    missed: int


def read_timing(
    *, interval_minutes: int | None, cron: str | None, time_zone: str, anchor: datetime
) -> Timing:
    """Make a timing of what a user says; raise `ScheduleRefused`."""
    if (interval_minutes is None) == (cron is None):
        raise ScheduleRefused("interval_minutes: give either an interval or a cron expression")
    if interval_minutes is not None:
        return Interval(interval_minutes, anchor)
    assert cron is not None
    return Cron(cron, time_zone)


def newest_due(timing: Timing, first: datetime, now: datetime) -> Due:
    """Of the due times from `first` until now, take the newest; the others were missed."""
    due, missed = first, 0
    while (following := timing.next_after(due)) and following <= now:
        if isinstance(timing, Interval):
            steps = (now - due) // timedelta(minutes=timing.minutes)
            return Due(due + steps * timedelta(minutes=timing.minutes), steps)
        due, missed = following, missed + 1
        if missed == MOST_COUNTED:
            # After a year of nobody there, what counts is that it runs once, and now.
            due = _last_before(timing, now)
            break
    return Due(due, missed)


def next_due(timing: Timing, after: datetime, taken: Collection[datetime] = ()) -> datetime | None:
    """The first due time after a moment that nobody has dealt with yet."""
    due = timing.next_after(after)
    while due is not None and due in taken:
        due = timing.next_after(due)
    return due


def _last_before(timing: Cron, now: datetime) -> datetime:
    """The newest due time until now, looked for in ever larger steps back."""
    step = timedelta(hours=1)
    while (due := timing.next_after(now - step)) is None or due > now:
        step *= 2
    while (following := timing.next_after(due)) and following <= now:
        due = following
    return due
