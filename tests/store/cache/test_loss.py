"""A cache that can't be reached slows nobody down for long, and is an error for nobody who only wants an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from store.cache import Cache, CacheLost, Fresh, open_cache
from store.cache.redis_state import RedisState
from store.cache.sqlite_state import SqliteState
from store.cache.sqlite_tables import FILE
from store.config import load_config
from tests.fixtures.pace import RedisServer


def found() -> Fresh:
    return Fresh(b"found")


@pytest.fixture
def on_redis(doomed_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    monkeypatch.setattr("store.cache.cache.RETRY_SECONDS", 0.2)
    cache = Cache(RedisState(doomed_redis.url, "room", 1_000_000))
    cache.read_through("a", 600, found)
    yield cache
    cache.close()


def test_without_redis_answers_are_found_and_it_is_said_once(
    on_redis: Cache, doomed_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    doomed_redis.kill()

    answers = [on_redis.read_through("a", 600, found) for _ in range(20)]

    assert {(answer.body, answer.cached) for answer in answers} == {(b"found", False)}
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "The cache is lost, answers are found without it: Redis:" in caplog.text
    for ask in (on_redis.stats, on_redis.clear_all, lambda: on_redis.invalidate("a")):
        with pytest.raises(CacheLost, match="Redis: "):
            ask()


def test_a_redis_that_comes_back_is_used_again(
    on_redis: Cache, doomed_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    doomed_redis.kill()
    on_redis.read_through("a", 600, found)
    doomed_redis.start()
    time.sleep(0.25)

    on_redis.read_through("a", 600, found)

    assert on_redis.read_through("a", 600, found).cached
    assert "The cache is back" in caplog.text


def test_a_redis_that_is_lost_during_a_fill_costs_nothing_but_the_storing(
    on_redis: Cache, doomed_redis: RedisServer
) -> None:
    asked = []

    def fill() -> Fresh:
        asked.append(1)
        doomed_redis.kill()
        return found()

    assert on_redis.read_through("b", 600, fill).body == b"found"
    assert asked == [1]


def test_a_redis_that_hangs_is_waited_for_once_not_by_everybody(
    on_redis: Cache, doomed_redis: RedisServer
) -> None:
    with doomed_redis.hanging():
        started = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: on_redis.read_through("a", 600, found).body, range(40)))
        taken = time.monotonic() - started

    assert set(answers) == {b"found"}
    assert taken < 10


def test_a_broken_file_is_no_error_and_the_log_says_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 1000)
    cache = Cache(SqliteState(tmp_path, 1_000_000))

    assert cache.read_through("a", 600, found).body == b"found"
    assert f"{tmp_path / FILE}: file is not a database; it may be deleted" in caplog.text
    cache.close()


def test_a_folder_that_takes_no_file_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache").touch()
    cache = Cache(SqliteState(tmp_path / "cache", 1_000_000))

    assert cache.read_through("a", 600, found).body == b"found"
    assert "The cache is lost" in caplog.text
    cache.close()


def test_it_lies_in_data_dir_unless_there_is_a_redis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_redis: RedisServer
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    config = load_config(tmp_path / "no.env")

    for settings, cached in [
        (config, False),
        (config, True),
        (replace(config, redis_url=empty_redis.url), False),
        (replace(config, redis_url=empty_redis.url), True),
    ]:
        cache = open_cache(settings, "shop")
        assert cache.read_through("a", 600, found).cached is cached
        cache.close()
    assert (tmp_path / "cache" / "shop" / FILE).is_file()
