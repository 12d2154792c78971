"""Processes agree upon which endpoints may be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from store.circuits import Circuits, Permit, Refused
from store.pace.memory_state import MemoryState
from store.pace.state import Change, State, StateLost
from tests.fixtures.pace import Home

NOON = 1_000_000.0
ENDPOINT = "comments:api"
WHY = "20 of 20 requests refused, to 3 or more identities"


async def refuse_all(circuits: Circuits, now: float, *, endpoint: str = ENDPOINT, times: int = 20) -> None:
    for number in range(times):
        await circuits.note(endpoint, number % 4, "gated", now=now, permit=Permit())


async def test_what_one_process_saw_all_know_a_second_later(home: Home) -> None:
    here, there = Circuits(home.open()), Circuits(home.open())
    before = await there.allows(ENDPOINT, NOON)

    await refuse_all(here, NOON)
    after = [await circuits.allows(ENDPOINT, NOON + 1) for circuits in (here, there)]

    assert before == Permit()
    assert after == [Refused(NOON + 61, WHY, "gated")] * 2


async def test_what_several_saw_is_added_up(home: Home) -> None:
    crowd = [Circuits(home.open()) for _ in range(4)]

    for circuits in crowd:
        await refuse_all(circuits, NOON, times=5)
    for circuits in crowd:
        await circuits.allows(ENDPOINT, NOON + 1)

    assert isinstance(await crowd[0].allows(ENDPOINT, NOON + 2), Refused)


async def test_other_endpoints_stay_open(home: Home) -> None:
    circuits = Circuits(home.open())
    await refuse_all(circuits, NOON)

    assert isinstance(await circuits.allows(ENDPOINT, NOON + 1), Refused)
    assert await circuits.allows("profile:page", NOON + 1) == Permit()


async def test_one_of_all_processes_may_probe_each_minute(home: Home) -> None:
    crowd = [Circuits(home.open()) for _ in range(3)]
    await refuse_all(crowd[0], NOON)
    for circuits in crowd:
        await circuits.allows(ENDPOINT, NOON + 1)

    answers = [await circuits.allows(ENDPOINT, NOON + 90) for circuits in crowd * 2]

    assert [answer for answer in answers if isinstance(answer, Permit)] == [Permit(is_probe=True)]


async def test_an_answered_probe_lets_everybody_ask_again(home: Home) -> None:
    here, there = Circuits(home.open()), Circuits(home.open())
    await refuse_all(here, NOON)
    await here.allows(ENDPOINT, NOON + 1)
    permit = await there.allows(ENDPOINT, NOON + 62)

    assert isinstance(permit, Permit)
    await there.note(ENDPOINT, 1, None, now=NOON + 63, permit=permit)

    assert permit.is_probe
    assert await here.allows(ENDPOINT, NOON + 65) == Permit()


async def test_most_questions_are_answered_from_memory() -> None:
    state = CountingState()
    circuits = Circuits(state)

    for tick in range(1000):
        permit = await circuits.allows(ENDPOINT, NOON + tick / 100)
        assert isinstance(permit, Permit)
        await circuits.note(ENDPOINT, 1, None, now=NOON + tick / 100, permit=permit)

    assert state.amendments <= 11


async def test_what_was_not_told_yet_is_told_at_the_end(home: Home) -> None:
    circuits = Circuits(home.open())
    await circuits.allows(ENDPOINT, NOON)
    await refuse_all(circuits, NOON)

    await circuits.close(NOON + 0.5)
    home.opened.clear()

    assert list(await Circuits(home.open()).standing(NOON + 1)) == [ENDPOINT]


async def test_a_lost_state_leaves_each_with_what_it_saw_itself() -> None:
    state = CountingState()
    circuits = Circuits(state)
    state.is_lost = True

    await refuse_all(circuits, NOON)
    alone = await circuits.allows(ENDPOINT, NOON + 2)
    state.is_lost = False

    assert isinstance(alone, Refused)
    assert await circuits.allows(ENDPOINT, NOON + 10) == Permit()


async def test_opening_and_closing_is_said_aloud_once(
    caplog: pytest.LogCaptureFixture, circuits: Circuits
) -> None:
    await refuse_all(circuits, NOON)
    for second in range(1, 60):
        await circuits.allows(ENDPOINT, NOON + second)
    permit = await circuits.allows(ENDPOINT, NOON + 61)
    assert isinstance(permit, Permit)
    await circuits.note(ENDPOINT, 1, None, now=NOON + 62, permit=permit)

    assert caplog.messages == [
        f"comments:api refuses everybody ({WHY}): not asked any more but once a minute, until it answers",
        "comments:api is asked again",
    ]


@pytest.fixture
async def circuits() -> AsyncIterator[Circuits]:
    circuits = Circuits(MemoryState())
    yield circuits
    await circuits.close(NOON)


class CountingState(MemoryState):
    """Counts, and can be lost."""

    def __init__(self) -> None:
        super().__init__()
        self.amendments = 0
        self.is_lost = False

    async def amend(self, name: str, change: Change) -> str:
        if self.is_lost:
            raise StateLost("unplugged")
        self.amendments += 1
        return await super().amend(name, change)


_: type[State] = CountingState
