"""The governor waits for turns, honours holds, and goes on slower when the shared state is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from store.config import load_config
from store.errors import SchemaOutdated
from store.pace import Bucket, Governor, TurnTooLate, open_governor
from store.pace.memory_state import MemoryState
from store.pace.redis_state import RedisState
from store.pace.sql_state import SqlState
from store.pace.state import Booking, State, StateLost
from tests.fixtures.pace import Home, RedisServer

EXIT = Bucket("exit:1", 10)


@pytest.fixture
async def governors(home: Home) -> AsyncIterator[list[Governor]]:
    """Two, as if in two processes."""
    governors = [Governor(home.open()) for _ in range(2)]
    yield governors
    home.opened.clear()
    for governor in governors:
        await governor.close()


async def seconds_of_turns(governor: Governor, count: int, bucket: Bucket = EXIT) -> float:
    begun = time.monotonic()
    for _ in range(count):
        await governor.turn([bucket])
    return time.monotonic() - begun


async def test_turns_of_two_processes_take_turns(governors: list[Governor]) -> None:
    begun = time.monotonic()

    each = await asyncio.gather(*(seconds_of_turns(governor, 4) for governor in governors))

    assert time.monotonic() - begun >= 7 * 0.101
    assert max(each) - min(each) < 0.4


async def test_reserve_tells_how_long_to_sleep(governors: list[Governor]) -> None:
    waits = [await governor.reserve([EXIT]) for governor in governors * 2]

    assert waits == [pytest.approx(number * 0.101, abs=0.09) for number in range(4)]


async def test_a_request_without_buckets_goes_out_at_once(governors: list[Governor]) -> None:
    assert await governors[0].reserve([]) == 0
    assert await governors[0].turn([]) < 0.05


async def test_a_hold_stops_those_who_wait_already_in_other_processes(governors: list[Governor]) -> None:
    here, there = governors
    begun = time.monotonic()
    await there.turn([EXIT])
    waiting = asyncio.create_task(there.turn([EXIT]))
    await asyncio.sleep(0.02)

    await here.hold(EXIT.key, 0.6)
    await waiting

    assert time.monotonic() - begun >= 0.6


async def test_who_cannot_wait_is_told_at_once_and_keeps_no_turn(governors: list[Governor]) -> None:
    await governors[0].hold(EXIT.key, 5)
    begun = time.monotonic()

    for governor in governors:
        with pytest.raises(TurnTooLate) as late:
            await governor.turn([EXIT], most_seconds=1)
        assert 2 < late.value.wait_seconds <= 5

    assert time.monotonic() - begun < 3
    assert await governors[0].reserve([EXIT]) <= 5


async def test_a_cancelled_caller_gives_its_turn_to_the_next(governors: list[Governor]) -> None:
    here, there = governors
    slow = Bucket("exit:slow", 1)
    await here.turn([slow])
    cancelled = asyncio.create_task(here.turn([slow]))
    await asyncio.sleep(0.1)

    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    await asyncio.sleep(0.1)

    assert await there.reserve([slow]) < 1.0


class Unplugged(MemoryState):
    """A shared state with a plug."""

    def __init__(self) -> None:
        super().__init__()
        self.is_plugged = True
        self.peers = 1

    async def book(self, buckets: Sequence[Bucket]) -> Booking:
        self._check()
        return await super().book(buckets)

    async def stands(self, booking: Booking, patience_seconds: float) -> bool:
        self._check()
        return await super().stands(booking, patience_seconds)

    async def hold(self, key: str, seconds: float) -> None:
        self._check()
        await super().hold(key, seconds)

    async def meet(self, name: str) -> int:  # noqa: ARG002  # as declared
        self._check()
        return self.peers

    def _check(self) -> None:
        if not self.is_plugged:
            raise StateLost("unplugged")


@pytest.fixture
def state() -> Unplugged:
    return Unplugged()


@pytest.fixture
async def governor(state: Unplugged) -> AsyncIterator[Governor]:
    governor = Governor(state, last_try_seconds=0.1)
    yield governor
    await governor.close()


async def until(governor: Governor, *, is_lost: bool) -> None:
    async with asyncio.timeout(5):
        while governor.is_lost is not is_lost:  # noqa: ASYNC110  # nobody but the test wants an event
            await asyncio.sleep(0.01)


async def test_it_closes_though_a_state_swallows_the_cancellation() -> None:
    class Deaf(MemoryState):
        async def meet(self, name: str) -> int:  # noqa: ARG002  # as declared
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            return 1

    governor = Governor(Deaf())
    await governor.turn([EXIT])
    await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await governor.close()


async def test_alone_it_begins_empty_and_takes_a_sixteenth(state: Unplugged, governor: Governor) -> None:
    await governor.turn([EXIT])
    state.is_plugged = False

    waits = [await governor.reserve([EXIT]) for _ in range(3)]

    assert waits == [pytest.approx(16 * 0.101 * number, abs=0.05) for number in (1, 2, 3)]


async def test_the_more_governors_were_met_the_less_each_takes(state: Unplugged, governor: Governor) -> None:
    state.peers = 50
    await governor.turn([EXIT])
    await asyncio.sleep(0.01)
    state.is_plugged = False

    assert await governor.reserve([EXIT]) == pytest.approx(100 * 0.101, abs=0.05)


async def test_a_burst_is_not_saved_up_while_alone(state: Unplugged, governor: Governor) -> None:
    state.is_plugged = False
    bursting = Bucket("identity:1:detail", 10, burst=5)

    waits = [await governor.reserve([bursting]) for _ in range(2)]

    assert waits == [pytest.approx(16 * 0.101 * number, abs=0.05) for number in (1, 2)]


async def test_a_loss_and_a_return_are_said_once(
    state: Unplugged, governor: Governor, caplog: pytest.LogCaptureFixture
) -> None:
    await governor.turn([EXIT])
    state.is_plugged = False
    for _ in range(5):
        await governor.reserve([EXIT])
    state.is_plugged = True
    await until(governor, is_lost=False)

    assert caplog.messages == [
        "The shared pace is lost (unplugged): going on at 6.2 % of it until it is back",
        "The shared pace is back",
    ]


async def test_those_who_wait_when_it_is_lost_wait_anew(state: Unplugged, governor: Governor) -> None:
    fast = Bucket("exit:1", 100)
    await governor.turn([fast])
    for _ in range(9):
        await governor.reserve([fast])
    waiting = asyncio.create_task(governor.turn([fast]))
    await asyncio.sleep(0.01)
    state.is_plugged = False

    seconds = await waiting

    assert seconds >= 16 * 0.0101


async def test_on_return_it_pays_for_what_it_sent_alone(state: Unplugged, governor: Governor) -> None:
    slow = Bucket("exit:slow", 0.5)
    state.is_plugged = False
    await governor.reserve([slow])
    state.is_plugged = True
    await until(governor, is_lost=False)

    assert await governor.reserve([slow]) == pytest.approx(2.02, abs=0.2)


async def test_a_hold_set_alone_is_told_on_return(state: Unplugged, governor: Governor) -> None:
    state.is_plugged = False
    await governor.hold(EXIT.key, 30)
    alone = await governor.reserve([EXIT])
    state.is_plugged = True
    await until(governor, is_lost=False)

    assert alone == pytest.approx(30, abs=1)
    assert (await state.book([EXIT])).wait_seconds > 29


async def test_a_hold_set_before_the_loss_is_kept(state: Unplugged, governor: Governor) -> None:
    await governor.hold(EXIT.key, 30)
    state.is_plugged = False

    assert await governor.reserve([EXIT]) == pytest.approx(30, abs=1)


async def test_a_redis_that_hangs_is_a_lost_one(doomed_redis: RedisServer) -> None:
    governor = Governor(RedisState(doomed_redis.url, grace_seconds=0))
    await governor.turn([EXIT])
    assert doomed_redis.process
    with doomed_redis.hanging():
        begun = time.monotonic()
        wait = await governor.reserve([EXIT])

    assert time.monotonic() - begun < 3
    assert wait > 1
    await governor.close()


async def test_a_connection_that_redis_closed_is_no_loss(empty_redis: RedisServer) -> None:
    governor = Governor(RedisState(empty_redis.url, grace_seconds=0))
    await asyncio.gather(*(governor.reserve([EXIT]) for _ in range(4)))

    with Redis(port=empty_redis.port) as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    for _ in range(8):
        await governor.reserve([EXIT])

    assert not governor.is_lost
    await governor.close()


async def test_a_restarted_redis_lets_nothing_through_until_all_are_back(doomed_redis: RedisServer) -> None:
    state = RedisState(doomed_redis.url, grace_seconds=30)
    await state.meet("somebody")
    await state.close()
    with Redis(port=doomed_redis.port) as client:
        client.hset("{tiktok:pace}:house", "floor", 0)
    before = RedisState(doomed_redis.url, grace_seconds=30)
    first = await before.book([EXIT])
    doomed_redis.kill()
    doomed_redis.start()

    second = await before.book([EXIT])

    assert first.wait_seconds == 0
    assert second.wait_seconds == pytest.approx(30, abs=1)
    await before.close()


@pytest.mark.parametrize("burst", [1, 5])
async def test_a_flushed_redis_lets_nothing_through_either(empty_redis: RedisServer, burst: int) -> None:
    state = RedisState(empty_redis.url, grace_seconds=30)
    bucket = replace(EXIT, burst=burst)
    await state.book([bucket])

    with Redis(port=empty_redis.port) as client:
        client.flushall()

    assert (await state.book([bucket])).wait_seconds == pytest.approx(30, abs=1)
    await state.close()


def configured(monkeypatch: pytest.MonkeyPatch, directory: Path, **settings: str) -> State:
    monkeypatch.setenv("DATA_DIR", str(directory))
    for name in ("REDIS_URL", "DATABASE_URL"):
        monkeypatch.setenv(name, settings.get(name, ""))
    return open_governor(load_config(directory / "no-such.env"))._shared


async def test_redis_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = configured(monkeypatch, tmp_path, REDIS_URL="redis://127.0.0.1:1/0")

    assert isinstance(state, RedisState)
    await state.close()


async def test_without_redis_a_file_of_its_own_keeps_the_pace(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = configured(monkeypatch, tmp_path)

    assert isinstance(state, SqlState)
    assert (tmp_path / "pace.db").exists()
    assert not (tmp_path / "tiktok.db").exists()
    await state.close()


async def test_with_mysql_all_nodes_share_its_tables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("mysql_engine").url.render_as_string(hide_password=False)

    state = configured(monkeypatch, tmp_path, DATABASE_URL=url)

    assert isinstance(state, SqlState)
    assert not (tmp_path / "pace.db").exists()
    await state.close()


async def test_a_mysql_without_tables_is_said_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("fresh_mysql_url").render_as_string(hide_password=False)

    with pytest.raises(SchemaOutdated, match="alembic upgrade head"):
        configured(monkeypatch, tmp_path, DATABASE_URL=url)
