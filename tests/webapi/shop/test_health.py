"""Health is found out by asking, and told by status, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from store.config import Config
from store.exits import ExitBook
from store.identities import IdentityBook
from store.secrets import Keyring
from tests.store.identities.samples import login_cookies, make_device
from tests.webapi.pretend_live import PretendLive
from tests.webapi.serving import Api
from tests.webapi.shop.contract import BASE

HEALTH = f"{BASE}/health"
NOW = datetime.now(UTC)


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, polite_pace=False)


@pytest.mark.parametrize(
    ("outcome", "route", "told"),
    [
        ("ok", "page", "healthy"),
        ("empty", "page", "healthy"),
        ("ok", "browser", "degraded"),
        ("ok", "curated", "degraded"),
        ("captcha", "page", "error"),
        ("network", None, "error"),
    ],
)
def test_health_says_what_asking_came_to(
    outcome: str, route: str | None, told: str, api: Api, live: PretendLive
) -> None:
    live.outcome, live.route = outcome, route

    answer = api.get(HEALTH)

    assert (answer.status, answer.document["status"]) == (200 if told == "healthy" else 503, told)
    assert answer.document["api_accessible"] is (told == "healthy")
    assert answer.document["endpoints_tested"] == ["search_general", "trending"]
    assert (answer.document["reason"] is None) is (told == "healthy")


def test_it_tells_how_long_the_answer_took(api: Api, live: PretendLive) -> None:
    live.seconds = 0.2

    assert 200 <= api.get(HEALTH).document["response_time_ms"] < 5000


def test_a_live_service_that_is_down_is_an_error(api: Api, live: PretendLive) -> None:
    live.status = 500

    answer = api.get(HEALTH)

    assert (answer.status, answer.document["status"]) == (503, "error")


def test_cookies_are_valid_as_long_as_those_of_one_account_are(
    api: Api, engine: Engine, config: Config
) -> None:
    assert api.get(HEALTH).document["cookies_valid"] is False
    keyring = Keyring.load(config)
    direct, book = ExitBook(engine, keyring).ensure_direct(NOW), IdentityBook(engine, keyring)
    for days in (-1, 20, 90):
        cookies = login_cookies(ends_at=NOW + timedelta(days=days))
        book.import_account(f"a{days}", cookies, NOW, device=make_device(), exit_id=direct.id)

    document = api.get(HEALTH).document

    assert document["cookies_valid"] is True
    assert document["cookie_expires"] == f"{NOW + timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}"


class TestOfTheRealSite:
    """Where the pace is polite."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, polite_pace=True)

    def test_whoever_watches_tiktok_is_asked_only_once_in_a_while(self, api: Api, live: PretendLive) -> None:
        assert {api.get(HEALTH).status for _ in range(5)} == {200}
        assert len(live.asked) == 2
        assert api.get(f"{BASE}/cache/stats").document["total_keys"] == 0
