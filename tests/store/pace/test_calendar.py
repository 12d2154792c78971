"""Slots obey the rule, come as early as it allows, and stay where they are; in Python and in Lua alike."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from store.pace.buckets import Bucket
from store.pace.calendar import Calendar, book
from store.pace.redis_state import HOUSE, LUA, PREFIX
from tests.fixtures.pace import RedisServer

SECOND = 1_000_000
BUCKETS = (Bucket("a", 1), Bucket("b", 0.4, burst=3), Bucket("c", 3, burst=2))

chosen = st.lists(st.sampled_from(BUCKETS), min_size=1, unique=True)
passing = st.integers(0, 4 * SECOND)
requests = st.lists(st.tuples(passing, chosen), min_size=1, max_size=25)
"""How long after the one before, and for which buckets."""


def obeys(slots: list[int], bucket: Bucket) -> bool:
    """The rule in its plain form: however many follow each other, they take as long as they must."""
    return all(
        later - earlier >= count * bucket.interval - bucket.tolerance
        for place, earlier in enumerate(slots)
        for count, later in enumerate(slots[place:])
    )


@given(requests)
def test_all_slots_obey_the_rule_and_none_is_in_the_past(asked: list[tuple[int, list[Bucket]]]) -> None:
    calendars = {bucket.key: Calendar() for bucket in BUCKETS}
    given: dict[str, list[int]] = {bucket.key: [] for bucket in BUCKETS}
    now = 100 * SECOND

    for pause, buckets in asked:
        now += pause
        slot = book([calendars[bucket.key] for bucket in buckets], buckets, now)
        assert slot >= now
        for bucket in buckets:
            given[bucket.key].append(slot)

    assert all(obeys(sorted(given[bucket.key]), bucket) for bucket in BUCKETS)


@given(requests, st.sampled_from(BUCKETS))
def test_no_moment_before_the_slot_would_have_obeyed_the_rule(
    asked: list[tuple[int, list[Bucket]]], bucket: Bucket
) -> None:
    calendars = {bucket.key: Calendar() for bucket in BUCKETS}
    given: list[int] = []
    now = 100 * SECOND
    for pause, buckets in asked:
        now += pause
        slot = book([calendars[one.key] for one in buckets], buckets, now)
        given += [slot] * (bucket in buckets)

    slot = book([calendars[bucket.key]], [bucket], now)

    sooner = {now, *(one + bucket.interval for one in given), *range(now, slot, SECOND // 10)}
    assert not any(obeys(sorted([*given, moment]), bucket) for moment in sooner if now <= moment < slot)


def test_nobody_who_asks_later_pushes_back_who_asked_before() -> None:
    exit_, slow = Bucket("exit", 1), Bucket("identity", 0.1)
    first, second = Calendar(), Calendar()
    book([second], [slow], 0)
    ahead = book([first, second], [exit_, slow], 0)

    for _ in range(20):
        book([first], [exit_], 0)

    assert first.slots.count(ahead) == 1
    assert min(later - earlier for earlier, later in pairwise(first.slots)) >= exit_.interval


def test_a_slower_rate_holds_from_the_next_request_on() -> None:
    calendar = Calendar()
    for _ in range(5):
        book([calendar], [Bucket("a", 10)], 0)

    slot = book([calendar], [Bucket("a", 1)], 0)

    assert slot >= calendar.slots[-2] + Bucket("a", 10).interval
    assert calendar.slots == sorted(calendar.slots)


@pytest.mark.parametrize(("rate", "seconds"), [(0.4, 10), (2, 10), (20, 10), (7, 3)])
def test_a_tenth_of_a_second_late_is_not_too_many_in_ten_seconds(rate: float, seconds: int) -> None:
    calendar, bucket = Calendar(), Bucket("a", rate)
    slots = [book([calendar], [bucket], 0) for _ in range(int(rate * seconds * 3))]

    # The worst that may happen: one is late, and all that follow are in time.
    late = [slot + seconds * SECOND // 100 if number == 5 else slot for number, slot in enumerate(slots)]

    windows = [sum(start <= slot < start + seconds * SECOND for slot in late) for start in late]
    assert max(windows) <= rate * seconds


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (float("inf"), 1), (float("nan"), 1), (1, 0)])
def test_a_limit_that_is_none_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="would never let anything through, or everything"):
        Bucket("a", rate, burst)


@pytest.mark.parametrize("key", ["", "x" * 192])
def test_a_key_that_no_database_holds_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="can't name a bucket"):
        Bucket(key, 1)


class Lua:
    """`calendar.lua` in a Redis, with the time we give it."""

    def __init__(self, client: Redis) -> None:
        client.flushall()
        client.hset(HOUSE, "floor", 0)
        self._run = client.register_script(LUA)

    def __call__(self, action: str, now: int, keys: list[str], *arguments: int) -> list[int] | int:
        names = [HOUSE, *(PREFIX + key for key in keys)]
        answer: list[int] | int = self._run(keys=names, args=[action, now, 0, *arguments])
        return answer


steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), passing, chosen),
        st.tuples(st.just("give_back"), passing, chosen),
        st.tuples(st.just("stands"), passing, chosen),
        st.tuples(st.just("hold"), passing, st.lists(st.sampled_from(BUCKETS), min_size=1, max_size=1)),
        st.tuples(st.just("set back"), st.integers(0, 90 * SECOND), chosen),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_lua_and_python_agree(shared_redis: RedisServer, taken: list[tuple[str, int, list[Bucket]]]) -> None:
    client = Redis(port=shared_redis.port)
    lua = Lua(client)
    calendars = {bucket.key: Calendar() for bucket in BUCKETS}
    slot, now = 0, 1_000_000 * SECOND

    for action, pause, buckets in taken:
        now += -pause if action == "set back" else pause
        keys = [bucket.key for bucket in buckets]
        ours = [calendars[key] for key in keys]
        if action in ("book", "set back"):
            slot = book(ours, buckets, now)
            shapes = [number for bucket in buckets for number in (bucket.interval, bucket.tolerance)]
            assert lua("book", now, keys, *shapes) == [slot, now]
        elif action == "stands":
            stands = all(calendar.stands(slot, now, SECOND) for calendar in ours)
            assert lua("stands", now, keys, slot, SECOND) == stands
        elif action == "hold":
            ours[0].hold(now, now + 5 * SECOND)
            lua("hold", now, keys, 5 * SECOND)
        else:
            for calendar in ours:
                calendar.give_back(slot)
            lua("give_back", now, keys, slot)

    client.close()
