"""Counters in each of their homes: the same answers, exact over processes, and safe when they are lost."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from store.limits import sqlite_counters
from store.limits.counters import Counters, CountersLost, MemoryCounters, SafeCounters, Use
from store.limits.limit import MICROSECONDS, Limit, Standing
from store.limits.redis_counters import RedisCounters
from store.limits.sqlite_counters import SqliteCounters
from tests.fixtures.pace import RedisServer

HOMES = ("memory", "sqlite", "redis")
SHARED = ("sqlite", "redis")
BEGUN = 1_800_000_000 * MICROSECONDS
MINUTE = Limit(3, 60)
HOUR = Limit(5, 3600)
BURST = Limit(10, 60, burst=20)


class Clock:
    """Stands still until a test moves it."""

    now = BEGUN

    def __call__(self) -> int:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += int(seconds * MICROSECONDS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


Open = Callable[[str, Clock | None], Counters]


@pytest.fixture
def open_home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    opened: list[Counters] = []

    def make(home: str, clock: Clock | None) -> Counters:
        made: Counters
        if home == "redis":
            server: RedisServer = request.getfixturevalue("empty_redis")
            made = RedisCounters(server.url, clock)
        elif home == "sqlite":
            made = SqliteCounters(tmp_path / "limits.db", **({"clock": clock} if clock else {}))
        else:
            made = MemoryCounters(**({"clock": clock} if clock else {}))
        opened.append(made)
        return made

    yield make
    for counters in opened:
        counters.close()


@pytest.fixture(params=HOMES)
def counters(request: pytest.FixtureRequest, open_home: Open, clock: Clock) -> Counters:
    return open_home(request.param, clock)


def passed(standings: Sequence[Standing]) -> bool:
    return not any(standing.wait_seconds for standing in standings)


def take(counters: Counters, limit: Limit, key: str = "somebody", times: int = 1) -> int:
    """Ask so often; return how often it was let through."""
    return sum(passed(counters.take([Use(key, limit)])) for _ in range(times))


def test_a_window_lets_its_amount_through_and_after_its_time_again(counters: Counters, clock: Clock) -> None:
    assert take(counters, MINUTE, times=10) == 3

    clock.go(59.9)
    assert take(counters, MINUTE) == 0

    clock.go(0.1)
    assert take(counters, MINUTE, times=10) == 3


def test_a_bucket_lets_its_burst_through_and_then_goes_on_evenly(counters: Counters, clock: Clock) -> None:
    assert take(counters, BURST, times=50) == 20

    clock.go(5.9)
    assert take(counters, BURST, times=3) == 0
    clock.go(0.1)
    assert take(counters, BURST, times=3) == 1
    clock.go(60)
    assert take(counters, BURST, times=50) == 10
    clock.go(3600)
    assert take(counters, BURST, times=50) == 20


def test_a_standing_tells_what_is_left_and_when_there_is_more(counters: Counters, clock: Clock) -> None:
    (first,) = counters.take([Use("a", MINUTE)])
    clock.go(15)
    take(counters, MINUTE, "a", times=2)
    (refused,) = counters.take([Use("a", MINUTE)])

    assert first == Standing(MINUTE, remaining=2, wait_seconds=0, reset_seconds=60)
    assert refused == Standing(MINUTE, remaining=0, wait_seconds=45, reset_seconds=45)


def test_a_bucket_tells_when_it_is_full_and_when_one_more_may_come(counters: Counters) -> None:
    (first,) = counters.take([Use("a", BURST)])
    take(counters, BURST, "a", times=19)
    (refused,) = counters.take([Use("a", BURST)])

    assert first == Standing(BURST, remaining=19, wait_seconds=0, reset_seconds=6)
    assert refused == Standing(BURST, remaining=0, wait_seconds=6, reset_seconds=120)


def test_a_request_that_one_limit_refuses_counts_in_none(counters: Counters, clock: Clock) -> None:
    uses = [Use("minute", MINUTE), Use("hour", HOUR)]

    assert sum(passed(counters.take(uses)) for _ in range(9)) == 3
    clock.go(60)
    assert sum(passed(counters.take(uses)) for _ in range(9)) == 2
    minute, hour = counters.take(uses)

    assert (minute.remaining, minute.wait_seconds) == (1, 0)
    assert (hour.remaining, hour.wait_seconds) == (0, 3540)


def test_everybody_has_counters_of_their_own(counters: Counters) -> None:
    assert [take(counters, MINUTE, name, times=5) for name in ("a", "b", "ä:\n*", "x" * 300)] == [3] * 4


@pytest.mark.parametrize("limit", [MINUTE, BURST], ids=["window", "bucket"])
def test_a_clock_that_was_set_back_locks_nobody_out(counters: Counters, clock: Clock, limit: Limit) -> None:
    take(counters, limit, times=50)

    clock.go(-24 * 3600)

    clock.go(150)
    assert take(counters, limit) == 1


@pytest.mark.parametrize("home", SHARED)
def test_every_home_answers_as_the_rules_in_python_do(home: str, open_home: Open, clock: Clock) -> None:
    dice = random.Random(home)  # noqa: S311  # no secret
    ours, theirs = MemoryCounters(clock), open_home(home, clock)
    limits = [MINUTE, HOUR, BURST, Limit(7, 60, burst=1), Limit(1, 1), Limit(13, 86_400, burst=40)]

    for _ in range(400):
        uses = [Use(f"{limit}", limit) for limit in dice.sample(limits, dice.randint(1, 3))]
        assert ours.take(uses) == theirs.take(uses)
        clock.go(dice.choice([0, 0, 0.000001, 0.7, 5, 61, 4000, -0.5, -100_000]))


PROCESS = """
import sys
from pathlib import Path
from store.limits.counters import Use
from store.limits.limit import Limit
from store.limits.redis_counters import RedisCounters
from store.limits.sqlite_counters import SqliteCounters

home, place = sys.argv[1:]
counters = RedisCounters(place) if home == "redis" else SqliteCounters(Path(place))
uses = [Use("bucket", Limit(1, 86_400, burst=150)), Use("window", Limit(400, 3600))]
print(sum(not any(one.wait_seconds for one in counters.take(uses)) for _ in range(120)))
"""


@pytest.mark.parametrize("home", SHARED)
def test_four_processes_together_get_exactly_what_is_allowed(
    home: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_redis = home == "redis"
    place = request.getfixturevalue("empty_redis").url if is_redis else str(tmp_path / "limits.db")
    command = [sys.executable, "-c", PROCESS, home, place]

    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]

    assert sum(counts) == 150


def test_counters_of_the_past_are_cleared_away(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_counters, "TAKES_PER_TIDYING", 10)
    counters = SqliteCounters(tmp_path / "limits.db", clock)
    for number in range(8):
        take(counters, MINUTE, f"past {number}")

    clock.go(600)
    for _ in range(2):
        take(counters, HOUR, "present")

    with counters._engine.connect() as connection:
        assert [row.key for row in connection.execute(sqlite_counters.COUNTERS.select())] == ["present"]
    counters.close()


def test_redis_forgets_counters_by_itself(empty_redis: RedisServer) -> None:
    counters = RedisCounters(empty_redis.url)
    take(counters, Limit(3, 1), "briefly")

    assert all(0 < counters._redis.pttl(key) < 70_000 for key in counters._redis.keys("*briefly*"))
    assert counters._redis.keys("*briefly*")
    counters.close()


class Fickle:
    """Shared counters that can be taken away."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0
        self.real = MemoryCounters()

    def take(self, uses: Sequence[Use]) -> list[Standing]:
        self.asked += 1
        if self.is_away:
            raise CountersLost("away")
        return self.real.take(uses)

    def close(self) -> None: ...


def test_a_process_whose_shared_counters_are_lost_counts_its_share_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, shared = [0.0], Fickle()
    counters = SafeCounters(shared, 4, lambda: clock[0])
    shared.is_away = True

    assert take(counters, Limit(40, 3600), times=60) == 10
    assert take(counters, Limit(10, 3600, burst=20), "bucket", times=60) == 5
    assert shared.asked == 1, "what is lost is left alone for a while"
    assert caplog.text.count("counters are lost") == 1

    shared.is_away = False
    clock[0] = 5.0
    assert take(counters, Limit(40, 3600), times=60) == 40
    assert "are back" in caplog.text


def test_a_redis_that_is_not_there_is_said_and_costs_no_request_its_answer() -> None:
    counters = RedisCounters("redis://127.0.0.1:1/0")

    with pytest.raises(CountersLost, match="Redis"):
        take(counters, MINUTE)

    assert take(SafeCounters(counters, 1), MINUTE, times=5) == 3


def test_a_file_that_was_spoilt_is_said(tmp_path: Path) -> None:
    counters = SqliteCounters(tmp_path / "limits.db")
    with counters._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE counters")

    with pytest.raises(CountersLost, match="no such table"):
        take(counters, MINUTE)
    counters.close()


@pytest.mark.parametrize("numbers", [(0, 60), (1, 0), (1, 60, -1)], ids=str)
def test_a_limit_that_makes_no_sense_can_not_be_made(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="never"):
        Limit(*numbers)


def test_a_limit_says_what_it_is() -> None:
    assert [str(limit) for limit in (MINUTE, Limit(100, 86_400), Limit(2, 90))] == [
        "3 per minute", "100 per day", "2 per 90 seconds",
    ]  # fmt: skip
