"""Scripts in Redis run again after it forgot them, and after it hung up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from store.scripts import Script
from tests.fixtures.pace import RedisServer


@pytest.fixture
def redis(empty_redis: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(empty_redis.url) as client:
        yield client


def test_a_script_that_redis_has_never_seen_or_forgotten_is_told_again(redis: Redis) -> None:
    count = Script(redis, "return redis.call('INCRBY', KEYS[1], ARGV[1])")

    found = [count(["n"], [2])]
    redis.script_flush()
    found.append(count(["n"], [3]))
    found.append(count(["n"], [4]))

    assert found == [2, 5, 9]


def test_a_connection_that_redis_closed_is_opened_again(redis: Redis) -> None:
    echo = Script(redis, "return {KEYS[1], ARGV[1]}")
    echo(["a"], ["b"])
    redis.client_kill_filter(_type="normal", skipme=False)

    assert echo(["a"], ["b"]) == [b"a", b"b"]


def test_a_script_that_fails_says_so_and_leaves_a_good_connection(redis: Redis) -> None:
    fail = Script(redis, "return redis.error_reply('NO')")

    for _ in range(3):
        with pytest.raises(ResponseError, match="NO"):
            fail([], [])
    assert redis.ping()
