"""The settings' figures become buckets, and figures that can't be meant are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.config import Config, load_config
from store.errors import ConfigError
from store.pace import Bucket, Rates
from tiktok.routes import Operation

NOWHERE = Path("no-such.env")


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in (
        "EXIT_SECONDS",
        "EXIT_BURST",
        *(f"IDENTITY_{name}" for name in ("DETAIL", "PROFILE", "LISTS")),
    ):
        monkeypatch.delenv(f"PACE_{name}", raising=False)
    return load_config(NOWHERE)


def test_an_exit_sends_one_request_in_two_and_a_half_seconds(config: Config) -> None:
    assert Rates(config).exit(3) == Bucket("exit:3", 0.4, burst=1)


@pytest.mark.parametrize(
    ("operation", "bucket"),
    [
        (Operation.VIDEO, Bucket("identity:7:detail", 0.30, burst=5)),
        (Operation.HASHTAG, Bucket("identity:7:detail", 0.30, burst=5)),
        (Operation.PROFILE, Bucket("identity:7:profile", 0.20, burst=4)),
        (Operation.REPLIES, Bucket("identity:7:comments", 0.15, burst=3)),
        (Operation.PROFILE_VIDEOS, Bucket("identity:7:lists", 0.12, burst=3)),
        (Operation.SEARCH_USERS, Bucket("identity:7:lists", 0.12, burst=3)),
        (Operation.TRENDING, Bucket("identity:7:lists", 0.12, burst=3)),
    ],
)
def test_an_identity_has_a_bucket_per_kind_of_question(
    config: Config, operation: Operation, bucket: Bucket
) -> None:
    assert Rates(config).identity(7, operation) == bucket


def test_every_operation_has_its_bucket(config: Config) -> None:
    rates = Rates(config)

    assert all(rates.identity(1, operation).per_second > 0 for operation in Operation)


def test_the_figures_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACE_EXIT_SECONDS", "0.5")
    monkeypatch.setenv("PACE_EXIT_BURST", "2")
    monkeypatch.setenv("PACE_IDENTITY_LISTS", "9:1.5")

    rates = Rates(load_config(NOWHERE))

    assert rates.exit("direct") == Bucket("exit:direct", 2, burst=2)
    assert rates.identity(1, Operation.FOLLOWERS) == Bucket("identity:1:lists", 1.5, burst=9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PACE_EXIT_SECONDS", "0"),
        ("PACE_EXIT_SECONDS", "-1"),
        ("PACE_EXIT_SECONDS", "often"),
        ("PACE_EXIT_BURST", "0"),
        ("PACE_EXIT_BURST", "1.5"),
        ("PACE_IDENTITY_LISTS", "3"),
        ("PACE_IDENTITY_LISTS", "0:0.12"),
        ("PACE_IDENTITY_LISTS", "3:0"),
        ("PACE_IDENTITY_LISTS", "3:inf"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "http://127.0.0.1:6379"),
    ],
)
def test_a_figure_that_cant_be_meant_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=f"^{name}: .*; (write|use) ") as caught:
        load_config(NOWHERE)

    assert caught.value.variable == name


@pytest.mark.parametrize(
    "url", ["redis://:s3cret@127.0.0.1/0", "rediss://127.0.0.1", "unix:///run/redis.sock"]
)
def test_the_ways_to_redis_are_accepted_and_kept_secret(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)

    loaded = load_config(NOWHERE)

    assert loaded.redis_url == url
    assert url not in repr(loaded)


def test_a_mistaken_redis_url_does_not_show_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "http://:s3cret@127.0.0.1/0")

    with pytest.raises(ConfigError) as caught:
        load_config(NOWHERE)

    assert "s3cret" not in str(caught.value)
