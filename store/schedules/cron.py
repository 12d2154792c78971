"""Cron expressions, read as cron reads them; APScheduler does only the maths of days and months.

It counts weekdays from Monday where cron counts from Sunday, wants both a day of the month and a weekday to match
where cron wants either, and adds hours that a change of clocks has not: a daily midnight is left out on the day after.
So it is asked on a clock that is never changed, and what that clock shows is looked up in the time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from store.errors import ScheduleRefused

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
PART = re.compile(rf"(\*|(?:[0-9]{{1,2}}|{MONTH_NAMES})(?:-(?:[0-9]{{1,2}}|{MONTH_NAMES}))?)(/[0-9]{{1,2}})?")
WEEKDAY_PART = re.compile(
    rf"(?:\*|(?P<first>[0-7]|{'|'.join(WEEKDAYS)})(?:-(?P<last>[0-7]|{'|'.join(WEEKDAYS)}))?)(?:/(?P<step>[1-7]))?"
)
MAX_LENGTH = 100
A_MOMENT = timedelta(microseconds=1)
A_WHILE = timedelta(hours=3)
"""No clock is changed by more, nor twice within it."""


@dataclass(frozen=True)
class Cron:
    """When a cron expression is due, in a time zone."""

    expression: str
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        """Refuse at once what can't be read or is never due."""
        if self.next_after(datetime.now(UTC)) is None:
            raise ScheduleRefused(f"cron: {self.expression!r} is never due; check the day and the month")

    def next_after(self, moment: datetime) -> datetime | None:
        """The first due time after a moment."""
        found = [self._next_of(trigger, moment) for trigger in self._triggers]
        return min((due for due in found if due), default=None)

    def _next_of(self, trigger: CronTrigger, moment: datetime) -> datetime | None:
        shown = self._shown_at(moment)
        changed = self._changed_around(moment)
        found: datetime | None = None
        candidate = trigger.get_next_fire_time(None, shown - changed + A_MOMENT)
        # Where the clock is changed, what it shows later may come earlier.
        while candidate and (found is None or candidate <= self._shown_at(found) + changed):
            dues = [due for due in self._moments_of(candidate) if due > moment]
            found = min([*dues, found] if found else dues, default=None)
            candidate = trigger.get_next_fire_time(None, candidate + A_MOMENT)
        return found

    def _shown_at(self, moment: datetime) -> datetime:
        """What the zone's clock shows, as if it were UTC."""
        return moment.astimezone(self._zone).replace(tzinfo=UTC, fold=0)

    def _moments_of(self, shown: datetime) -> Iterator[datetime]:
        """When the clock shows it: what it leaves out, an hour later; what it shows twice, once for a fixed hour."""
        first, second = (shown.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        yield first
        if second > first and self._is_for_every_hour:
            yield second

    def _changed_around(self, moment: datetime) -> timedelta:
        """By how much the clock was changed a while ago, or will be in a while."""
        around = (moment - A_WHILE, moment, moment + A_WHILE)
        before, now, after = (self._shown_at(each) - each for each in around)
        return max(abs(now - before), abs(after - now))

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ScheduleRefused(
                f"time_zone: {self.time_zone!r} is none; write one like Europe/Berlin or UTC"
            ) from None

    @cached_property
    def _fields(self) -> list[str]:
        text = self.expression.strip().lower()
        fields = NICKNAMES.get(text, text).split()
        readable = len(text) <= MAX_LENGTH and len(fields) == 5
        if not readable or not all(PART.fullmatch(part) for field in fields[:4] for part in field.split(",")):
            raise self._unreadable("write minute, hour, day, month and weekday, like 30 6 * * 1-5")
        return fields

    @property
    def _is_for_every_hour(self) -> bool:
        return self._fields[1].startswith("*")

    @cached_property
    def _triggers(self) -> list[CronTrigger]:
        minute, hour, day, month, weekday = self._fields
        days = [(day, self._weekday_names(weekday))]
        if not day.startswith("*") and not weekday.startswith("*"):
            days = [(day, "*"), ("*", self._weekday_names(weekday))]
        try:
            return [
                CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=names, timezone=UTC)
                for day, names in days
            ]
        except ValueError as error:
            raise self._unreadable(str(error)) from None

    def _weekday_names(self, field: str) -> str:
        if field == "*":
            return field
        numbers = {number for part in field.split(",") for number in self._weekdays_of(part)}
        return ",".join(WEEKDAYS[number] for number in sorted(numbers))

    def _weekdays_of(self, part: str) -> set[int]:
        match = WEEKDAY_PART.fullmatch(part)
        if not match:
            raise self._unreadable("weekdays are 0 to 7, both Sunday, or sun to sat")
        step = int(match["step"] or 1)
        if match["first"] is None:
            return set(range(0, 7, step))
        first = _weekday(match["first"])
        last = _weekday(match["last"]) if match["last"] else (6 if match["step"] else first)
        # "fri-mon" and "5-7" go over the end of the week.
        length = (last - first) % 7
        return {(first + days) % 7 for days in range(0, length + 1, step)}

    def _unreadable(self, problem: str) -> ScheduleRefused:
        return ScheduleRefused(f"cron: can't read {self.expression!r}; {problem}")


def _weekday(text: str) -> int:
    return int(text) % 7 if text.isdigit() else WEEKDAYS.index(text)
