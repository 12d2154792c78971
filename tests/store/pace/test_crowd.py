"""Many processes keep one pace: evenly, fairly, and without a burst when Redis dies among them."""

from __future__ import annotations

import asyncio
import os

import pytest
from sqlalchemy import Engine

from benchmarks.pace import Crowd, fullest
from store.pace.governor import PATIENCE_SECONDS
from store.pace.memory_state import process_clock
from tests.fixtures.pace import RedisServer, settle

SECOND = 1_000_000
RATE = 20.0
LIMIT = RATE * (2 + PATIENCE_SECONDS) * 1.02
"""In any two seconds, which is quicker to test than ten; there a request in time or late makes more of a difference."""

LONG = pytest.mark.skipif(
    os.environ.get("LONG_TESTS") != "1", reason="takes a minute per home; LONG_TESTS=1 runs it"
)


@pytest.fixture(params=["sqlite", "mysql", "redis"])
async def where(request: pytest.FixtureRequest, tmp_path: object) -> str:
    if request.param == "redis":
        url: str = request.getfixturevalue("empty_redis").url
        await settle(url)
        return url
    if request.param == "mysql":
        engine: Engine = request.getfixturevalue("mysql_engine")
        return engine.url.render_as_string(hide_password=False)
    return f"{tmp_path}/pace.db"


def run(crowd: Crowd) -> list[list[int]]:
    crowd.start()
    return crowd.finish()


def test_eight_processes_keep_the_rate_and_share_it_fairly(where: str) -> None:
    each = run(Crowd(where, RATE, seconds=5, processes=8))

    times = sorted(moment for one in each for moment in one)
    assert fullest(times, 2 * SECOND) <= LIMIT
    assert len(times) > RATE * 5 / 2
    assert len(each) == 8


@LONG
@pytest.mark.timeout(240)
def test_eight_processes_keep_the_rate_for_a_minute(where: str) -> None:
    each = run(Crowd(where, 2.0, seconds=60, processes=8))

    times = sorted(moment for one in each for moment in one)
    assert fullest(times) <= 2.0 * 10 * 1.02
    assert len(times) > 2.0 * 60 * 0.8
    assert len(each) == 8


@pytest.mark.parametrize(
    ("processes", "seconds", "lost_for"),
    [(4, 11, 3), pytest.param(8, 60, 20, marks=[LONG, pytest.mark.timeout(240)])],
)
async def test_a_killed_redis_makes_everybody_slower_and_nobody_bursts(
    doomed_redis: RedisServer, processes: int, seconds: int, lost_for: int
) -> None:
    await settle(doomed_redis.url)
    crowd = Crowd(doomed_redis.url, RATE, seconds=seconds, processes=processes)

    crowd.start()
    await asyncio.sleep(lost_for)
    doomed_redis.kill()
    killed = process_clock()
    await asyncio.sleep(lost_for)
    doomed_redis.start()
    back = process_clock()
    times = sorted(moment for one in crowd.finish() for moment in one)

    while_lost = [moment for moment in times if killed + SECOND // 10 < moment < back]
    at_the_end = [moment for moment in times if moment > times[-1] - SECOND]
    assert fullest(times, 2 * SECOND) <= LIMIT
    assert 0 < len(while_lost) <= RATE * lost_for / 2
    assert len(at_the_end) > RATE / 3
