"""Four processes of the API share one cache: one question per key, exact figures, clearing that hits its own only."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.webapi.pretend_live import SECRET, PretendLive
from tests.webapi.processes import running_api
from tests.webapi.serving import Api
from tests.webapi.shop.contract import BASE

CALLS = 10_000 if os.environ.get("LONG_TESTS") == "1" else 1_500
KEY = "a-key-of-the-operator-for-tests"
PATHS = [
    *(f"{BASE}/search?q=word+{number}" for number in range(30)),
    *(f"{BASE}/trending?category=category+{number}" for number in range(10)),
]


@pytest.fixture
def processes(tmp_path: Path, live_port: int, engine: Engine, cache_url: str) -> Iterator[Api]:
    with running_api(
        tmp_path,
        api_workers=4,
        api_keys=KEY,
        live_port=live_port,
        live_secret=SECRET,
        database_url=engine.url.render_as_string(hide_password=False),
        redis_url=cache_url,
        rate_limits="false",
    ) as api:
        yield Api(api.port, {"X-API-Key": KEY})


def ask_all(api: Api, paths: list[str]) -> Counter[int]:
    with ThreadPoolExecutor(16) as pool:
        return Counter(pool.map(lambda path: api.get(path).status, paths))


@pytest.mark.timeout(400)
def test_figures_of_mixed_calls_are_exact_and_clearing_removes_just_its_own(
    processes: Api, live: PretendLive
) -> None:
    live.seconds = 0.05
    paths = PATHS * (CALLS // len(PATHS))
    random.Random(1).shuffle(paths)  # noqa: S311  # the same order each time

    assert ask_all(processes, paths) == {200: len(paths)}

    stats = processes.get(f"{BASE}/cache/stats").document
    assert len(live.asked) == len(PATHS)
    assert (stats["total_keys"], stats["misses"], stats["hits"]) == (
        len(PATHS),
        len(PATHS),
        len(paths) - len(PATHS),
    )
    assert (stats["search_queries_cached"], stats["trending_cached"]) == (30, True)
    assert stats["memory_used_mb"] > 0.1

    cleared = processes.ask("POST", f"{BASE}/cache/clear?pattern=trending:*").document
    assert cleared["message"] == "Cache limpo: 10 chaves removidas"
    assert {processes.get(path).document["cached"] for path in PATHS[:30]} == {True}
    assert {processes.get(path).document["cached"] for path in PATHS[30:]} == {False}


def test_a_thousand_equal_calls_at_once_on_a_cold_cache_ask_once(processes: Api, live: PretendLive) -> None:
    live.seconds = 1.0

    assert ask_all(processes, [f"{BASE}/search?q=iphone+case"] * 1_000) == {200: 1_000}

    stats = processes.get(f"{BASE}/cache/stats").document
    assert (len(live.asked), stats["hits"], stats["misses"]) == (1, 999, 1)
