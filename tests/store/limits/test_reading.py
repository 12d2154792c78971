"""Limits as settings write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.config import load_config
from store.errors import ConfigError
from store.limits.limit import Limit


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE_LIMIT_ADDRESS", "100"),
        ("RATE_LIMIT_ADDRESS", "100/fortnight"),
        ("RATE_LIMIT_ADDRESS", "0/minute"),
        ("RATE_LIMIT_ADDRESS", "-5/minute"),
        ("RATE_LIMIT_TOKENS", "many/minute"),
        ("RATE_LIMIT_TOKENS", "10/minute,"),
        ("RATE_LIMIT_LIVE", "trending"),
        ("RATE_LIMIT_LIVE", "comments:5"),
        ("RATE_LIMIT_PLANS", "gold:5"),
        ("RATE_LIMIT_PLANS", "free:0"),
        ("RATE_LIMIT_REFRESH", "pro:²"),
        ("RATE_LIMIT_BURST", "0"),
        ("TRUSTED_PROXIES", "all"),
        ("RATE_LIMITS", "maybe"),
    ],
)
def test_a_limit_that_can_not_be_used_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=f"^{name}: .*; write ") as caught:
        load_config(Path("no-such.env"))

    assert "\n" not in str(caught.value)


def test_limits_are_read_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_ADDRESS", "5/second, 1000/day")
    monkeypatch.setenv("RATE_LIMIT_PLANS", "pro:7")

    config = load_config(Path("no-such.env"))

    assert config.rate_limit_address == (Limit(5, 1), Limit(1000, 86_400))
    assert dict(config.rate_limit_plans) == {"pro": 7}
