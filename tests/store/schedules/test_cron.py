"""Cron expressions mean what cron means by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import ScheduleRefused
from store.schedules.cron import Cron
from store.schedules.intervals import Interval

SUNDAY = datetime(2026, 11, 1, tzinfo=UTC)


def due_times(timing: Cron | Interval, after: datetime, count: int) -> list[datetime]:
    times = []
    for _ in range(count):
        due = timing.next_after(after)
        assert due is not None
        times.append(due)
        after = due
    return times


def weekdays(expression: str) -> str:
    cron = Cron(expression)
    week = due_times(cron, SUNDAY - timedelta(seconds=1), 7)
    return " ".join(dict.fromkeys(f"{due:%a}" for due in week if due < SUNDAY + timedelta(days=7)))


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("1", "Mon"), ("0", "Sun"), ("7", "Sun"), ("6", "Sat"), ("mon", "Mon"), ("SUN", "Sun"),
        ("1-5", "Mon Tue Wed Thu Fri"), ("mon-fri", "Mon Tue Wed Thu Fri"), ("0-6", "Sun Mon Tue Wed Thu Fri Sat"),
        ("5-7", "Sun Fri Sat"), ("fri-mon", "Sun Mon Fri Sat"), ("1,3", "Mon Wed"), ("6,7", "Sun Sat"),
        ("*/2", "Sun Tue Thu Sat"), ("1-5/2", "Mon Wed Fri"), ("3/2", "Wed Fri"), ("*", "Sun Mon Tue Wed Thu Fri Sat"),
    ],
)  # fmt: skip
def test_weekdays_count_from_sunday(field: str, days: str) -> None:
    assert weekdays(f"0 0 * * {field}") == days


def test_a_day_of_the_month_and_a_weekday_need_not_fall_together() -> None:
    assert [due.day for due in due_times(Cron("0 12 13 * 5"), SUNDAY, 5)] == [6, 13, 20, 27, 4]


@pytest.mark.parametrize(
    ("nickname", "expression"), [("@daily", "0 0 * * *"), ("@weekly", "0 0 * * 0"), ("@HOURLY", "0 * * * *")]
)
def test_nicknames_stand_for_expressions(nickname: str, expression: str) -> None:
    assert due_times(Cron(nickname), SUNDAY, 3) == due_times(Cron(expression), SUNDAY, 3)


def test_an_hour_is_one_of_its_time_zone() -> None:
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    cron = Cron("30 6 * * *", "Europe/Berlin")

    assert [cron.next_after(moment).hour for moment in (summer, winter)] == [4, 5]  # type: ignore[union-attr]  # daily


def test_a_fixed_hour_runs_once_on_the_days_when_the_clock_is_changed() -> None:
    cron = Cron("30 2 * * *", "Europe/Berlin")

    spring = due_times(cron, datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    autumn = due_times(cron, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)

    assert spring == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)]
    assert autumn == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)]
)
def test_every_hour_is_every_hour_also_when_the_clock_is_changed(day: datetime) -> None:
    times = due_times(Cron("0 * * * *", "Europe/Berlin"), day, 12)

    assert times == [day + timedelta(hours=hour) for hour in range(1, 13)]


@pytest.mark.parametrize(
    "expression",
    [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 32 * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
        "* * * * mon-", "*/0 * * * *", "5-1 * * * *", "a * * * *", "* * last * *", "* * 2nd mon * *", "@reboot",
        "0 0 30 2 *", "0 0 31 4 *", "* * * * 1" * 50, "-1 * * * *", "١ * * * *", "* * * * */0",
    ],
)  # fmt: skip
def test_what_cron_would_not_understand_is_refused_by_name(expression: str) -> None:
    with pytest.raises(ScheduleRefused, match=r"^cron: "):
        Cron(expression)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "UTC\0"]
)
def test_an_unknown_time_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(ScheduleRefused, match=r"^time_zone: "):
        Cron("@daily", zone)


@given(
    moment=st.timedeltas(timedelta(0), timedelta(days=5000)).map(lambda since: SUNDAY - since),
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
)
def test_due_times_only_go_forward_and_a_daily_one_comes_once_a_day(
    moment: datetime, minute: int, hour: int, zone: str
) -> None:
    times = due_times(Cron(f"{minute} {hour} * * *", zone), moment, 4)

    gaps = [later - earlier for earlier, later in zip([moment, *times], times, strict=False)]
    assert all(gap > timedelta(0) for gap in gaps)
    assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in islice(gaps, 1, None))


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_midnight_comes_on_each_day_around_a_change_of_clocks(zone: str) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)

    times = due_times(Cron("@daily", zone), begin, 365)

    days = {due.astimezone(ZoneInfo(zone)).date() for due in times}
    assert len(days) == 365
    assert times[-1] - begin <= timedelta(days=365)


CHANGES = [
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
]


@given(
    change=st.sampled_from(CHANGES),
    offset=st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=3),
    hours=st.one_of(
        st.sets(st.integers(0, 23), min_size=1, max_size=3),
        st.integers(1, 12).map(lambda step: f"*/{step}"),
    ),
)
def test_around_a_change_of_clocks_it_is_due_when_the_clock_says_so(
    change: tuple[str, datetime], offset: timedelta, minutes: set[int], hours: set[int] | str
) -> None:
    name, changed_at = change
    zone, moment = ZoneInfo(name), changed_at + offset
    text = hours if isinstance(hours, str) else ",".join(map(str, hours))
    cron = Cron(f"{','.join(map(str, minutes))} {text} * * *", name)

    def moments() -> Iterator[datetime]:
        """All of the days around, one by one."""
        every = range(0, 24, int(hours.removeprefix("*/"))) if isinstance(hours, str) else hours
        today = moment.astimezone(zone).date()
        for day, hour, minute in product(range(-1, 4), every, minutes):
            date = today + timedelta(days=day)
            shown = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)
            first, second = shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
            yield first
            if second > first and isinstance(hours, str):
                yield second

    expected = sorted(due for due in set(moments()) if due > moment)[:4]

    assert due_times(cron, moment, 4)[: len(expected)] == expected


def test_an_interval_keeps_its_beat_however_late_it_is_asked() -> None:
    interval = Interval(15, anchor=SUNDAY)

    late = SUNDAY + timedelta(hours=3, minutes=7)

    assert interval.next_after(SUNDAY) == SUNDAY + timedelta(minutes=15)
    assert interval.next_after(late) == SUNDAY + timedelta(hours=3, minutes=15)
    assert interval.next_after(SUNDAY - timedelta(hours=1)) == SUNDAY + timedelta(minutes=15)


@pytest.mark.parametrize("minutes", [-1, 0, 4, 366 * 24 * 60 + 1])
def test_an_interval_has_at_least_five_minutes(minutes: int) -> None:
    with pytest.raises(ScheduleRefused, match=r"^interval_minutes: "):
        Interval(minutes, anchor=SUNDAY)
