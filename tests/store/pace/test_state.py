"""Every home of the pace keeps the same promises."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from store.pace import Bucket
from tests.fixtures.pace import Home

SECOND = 1_000_000
NOON = 1_000_000 * SECOND

EXIT = Bucket("exit:1", 10)
IDENTITY = Bucket("identity:7:lists", 0.5, burst=3)


async def test_requests_of_all_processes_are_spaced_evenly(home: Home) -> None:
    home.time = NOON
    crowd = [home.open() for _ in range(3)]

    bookings = [await state.book([EXIT]) for state in crowd * 2]

    assert [booking.slot - NOON for booking in bookings] == [number * EXIT.interval for number in range(6)]
    assert [round(booking.wait_seconds, 3) for booking in bookings] == [0, 0.101, 0.202, 0.303, 0.404, 0.505]


async def test_a_burst_goes_out_at_once_and_no_further(home: Home) -> None:
    home.time = NOON
    state = home.open()

    waits = [(await state.book([IDENTITY])).wait_seconds for _ in range(5)]

    assert [round(wait, 2) for wait in waits] == [0, 0, 0, 2.02, 4.04]


async def test_two_buckets_get_one_slot_and_a_full_one_blocks_nobody_else(home: Home) -> None:
    home.time = NOON
    state = home.open()
    for _ in range(3):
        await state.book([IDENTITY])

    waits_for_identity = await state.book([EXIT, IDENTITY])
    others = [await state.book([EXIT]) for _ in range(3)]

    assert waits_for_identity.slot == NOON + IDENTITY.interval
    assert [booking.slot - NOON for booking in others] == [0, EXIT.interval, 2 * EXIT.interval]


async def test_a_slot_far_ahead_keeps_its_distance_from_those_that_come_sooner(home: Home) -> None:
    home.time = NOON
    state = home.open()
    slow = Bucket("identity:8:lists", 1)
    await state.book([slow])

    ahead = await state.book([EXIT, slow])
    between = [await state.book([EXIT]) for _ in range(12)]

    slots = sorted(booking.slot for booking in [ahead, *between])
    assert ahead.slot == NOON + slow.interval
    assert min(later - earlier for earlier, later in pairwise(slots)) >= EXIT.interval


async def test_a_slot_given_back_goes_to_whoever_asks_next(home: Home) -> None:
    home.time = NOON
    state = home.open()
    bookings = [await state.book([EXIT]) for _ in range(3)]

    await state.give_back(bookings[1])
    next_one = await state.book([EXIT])

    assert next_one.slot == bookings[1].slot


async def test_a_hold_voids_what_was_booked_and_ends_without_a_burst(home: Home) -> None:
    home.time = NOON
    here, there = home.open(), home.open()
    bookings = [await here.book([IDENTITY]) for _ in range(4)]

    await there.hold(IDENTITY.key, 60)
    stands = await here.stands(bookings[3], 0.1)
    slots = [(await here.book([IDENTITY])).slot - NOON for _ in range(3)]

    assert not stands
    assert slots == [60 * SECOND + number * IDENTITY.interval for number in range(3)]


async def test_a_shorter_hold_does_not_end_a_longer_one(home: Home) -> None:
    home.time = NOON
    state = home.open()

    await state.hold(EXIT.key, 60)
    await state.hold(EXIT.key, 5)

    assert (await state.book([EXIT])).slot == NOON + 60 * SECOND


async def test_a_booking_stands_at_its_time_and_not_much_later(home: Home) -> None:
    home.time = NOON
    state = home.open()
    await state.book([EXIT])
    booking = await state.book([EXIT])

    home.time = booking.slot + SECOND // 20
    in_time = await state.stands(booking, 0.1)
    home.time = booking.slot + SECOND // 5
    late = await state.stands(booking, 0.1)

    assert (in_time, late) == (True, False)


async def test_a_clock_set_back_makes_nobody_wait_and_lets_nobody_burst(home: Home) -> None:
    home.time = NOON
    state = home.open()
    for _ in range(2):
        await state.book([EXIT])

    home.time = NOON - 3600 * SECOND
    booking = await state.book([EXIT])

    assert booking.slot - home.time == 2 * EXIT.interval


async def test_a_clock_that_jitters_moves_nothing(home: Home) -> None:
    home.time = NOON
    state = home.open()
    await state.book([EXIT])

    home.time = NOON - 1000
    booking = await state.book([EXIT])

    assert booking.slot == NOON + EXIT.interval


async def test_a_clock_set_forward_saves_up_no_more_than_a_burst(home: Home) -> None:
    home.time = NOON
    state = home.open()
    for _ in range(20):
        await state.book([IDENTITY])

    home.time = NOON + 3600 * SECOND
    waits = [(await state.book([IDENTITY])).wait_seconds for _ in range(4)]

    assert [round(wait, 2) for wait in waits] == [0, 0, 0, 2.02]


async def test_governors_at_work_are_counted_and_the_gone_forgotten(home: Home) -> None:
    home.time = NOON
    state = home.open()

    counts = [await state.meet(name) for name in ("one", "two", "one")]
    home.time = NOON + 61 * SECOND

    assert counts == [1, 2, 2]
    assert await state.meet("three") == 1


async def test_records_are_changed_by_all_and_no_change_is_lost(home: Home) -> None:
    def add_one(text: str | None) -> str:
        return str(int(text or 0) + 1)

    crowd = [home.open() for _ in range(4)]

    await asyncio.gather(*(state.amend("visits", add_one) for state in crowd for _ in range(5)))

    assert await crowd[0].records() == {"visits": "20"}


async def test_a_restart_of_the_process_forgets_nothing(home: Home) -> None:
    home.time = NOON
    first = home.open()
    await first.book([EXIT])
    await first.hold("exit:2", 30)
    await first.close()
    home.opened.clear()

    second = home.open()

    assert (await second.book([EXIT])).slot == NOON + EXIT.interval
    assert (await second.book([Bucket("exit:2", 10)])).slot == NOON + 30 * SECOND
