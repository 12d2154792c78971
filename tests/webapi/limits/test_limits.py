"""Who is refused, when, and how an answer says so."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.clients.book import create_client
from store.clients.client import Plan
from store.config import Config
from store.limits.limit import Limit
from tests.webapi.conftest import MakeTenant, Tenant
from webapi import create_app
from webapi.current import now
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.limits.groups import (
    ARCHIVE,
    LIVE_OTHER,
    LIVE_SEARCH,
    LIVE_TRENDING,
    PROFILES,
    SHOP,
    SHOP_REFRESH,
    Group,
    limited_by,
)
from webapi.limits.limiter import limiter, origin

UNLIMITED = {"/api/v1/auth/me", "/api/v1/auth/revoke", "/openapi.json", "/metrics"}
"""Cheap, or nothing without a good token."""


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """Counters are not in the database."""
    return sqlite_engine


@pytest.fixture
def config(config: Config) -> Config:
    """As it is by default."""
    return replace(config, rate_limits=True)


def statuses(http: FlaskClient, path: str, times: int, **options: Any) -> list[int]:
    return [http.get(path, **options).status_code for _ in range(times)]


def test_an_address_gets_a_hundred_requests_a_minute_and_is_told_where_it_stands(
    http: FlaskClient, tenant: Tenant
) -> None:
    before = time.time()

    first = http.get("/api/videos", headers=tenant.key)
    later = statuses(http, "/api/users", 99, headers=tenant.key)
    refused = http.get("/api/jobs", headers=tenant.key)

    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("100", "99")
    assert before + 59 < int(first.headers["X-RateLimit-Reset"]) < time.time() + 61
    assert later == [200] * 99
    assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.get_json()["error"]["code"] == "RATE_LIMITED"
    assert re.fullmatch(
        r"More than 100 per minute are not allowed; try again in \d+ s",
        refused.get_json()["error"]["message"],
    )


def test_an_address_has_a_limit_per_hour_too(config: Config, tenant: Tenant) -> None:
    limits = (Limit(50, 1), Limit(60, 3600))
    http = create_app(replace(config, rate_limit_address=limits)).test_client()

    found = statuses(http, "/api/videos", 40, headers=tenant.key)
    time.sleep(1.1)
    found += statuses(http, "/api/videos", 40, headers=tenant.key)
    refused = http.get("/api/videos", headers=tenant.key)

    assert found.count(200) == 60
    assert refused.headers["X-RateLimit-Limit"] == "60"
    assert int(refused.headers["Retry-After"]) > 3500


def test_wrong_credentials_count_for_their_address(http: FlaskClient) -> None:
    found = statuses(http, "/api/videos", 101, headers={"X-API-Key": "tk_abcdefgh_0"})

    assert found == [401] * 100 + [429]


def test_whoever_watches_the_health_uses_up_nothing(http: FlaskClient, tenant: Tenant) -> None:
    assert set(statuses(http, "/health", 150)) == {200}

    answer = http.get("/api/videos", headers=tenant.key)
    assert answer.headers["X-RateLimit-Remaining"] == "99"


def test_addresses_are_counted_apart_and_networks_of_ipv6_together(config: Config, tenant: Tenant) -> None:
    http = create_app(replace(config, rate_limit_address=(Limit(1, 3600),))).test_client()

    def ask(address: str) -> int:
        return http.get("/api/users", headers=tenant.key, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(one) for one in ("198.51.100.1", "198.51.100.1", "198.51.100.2")] == [200, 429, 200]
    assert [ask(one) for one in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")] == [200, 429, 200]
    assert ask("::ffff:198.51.100.1") == 429


def test_what_is_no_address_still_counts_for_one() -> None:
    assert origin("not an address") == origin("not an address") != origin("another")
    assert len(origin("x" * 10_000)) == len(origin(None)) == 32


@pytest.mark.parametrize(("proxies", "expected"), [(0, [200, 429, 429]), (1, [200, 200, 429])])
def test_only_a_trusted_proxy_is_believed_who_asks(
    config: Config, tenant: Tenant, proxies: int, expected: list[int]
) -> None:
    settings = replace(config, rate_limit_address=(Limit(1, 3600),), trusted_proxies=proxies)
    http = create_app(settings).test_client()

    # Clients write the first addresses themselves; the last one is the proxy's word.
    found = [
        http.get("/api/users", headers=tenant.key | {"X-Forwarded-For": f"203.0.113.{number}, {said}"})
        for number, said in enumerate(("198.51.100.1", "198.51.100.2", "198.51.100.2"))
    ]

    assert [answer.status_code for answer in found] == expected


def test_limits_can_be_switched_off(config: Config, tenant: Tenant) -> None:
    http = create_app(replace(config, rate_limits=False)).test_client()

    answers = [http.get("/api/videos", headers=tenant.key) for _ in range(120)]

    assert {answer.status_code for answer in answers} == {200}
    assert "X-RateLimit-Limit" not in answers[0].headers


class TestTokens:
    """Guessing."""

    def test_an_address_has_thirty_tries_a_minute(self, http: FlaskClient) -> None:
        found = [
            http.post("/api/v1/auth/token", json={"client_id": f"cl_{number}", "client_secret": "cs_x"})
            for number in range(31)
        ]

        assert [answer.status_code for answer in found] == [401] * 30 + [429]
        assert int(found[-1].headers["Retry-After"]) > 0

    @pytest.mark.parametrize("is_known", [True, False])
    def test_so_has_everybody_who_is_guessed_whether_there_is_such_a_client_or_not(
        self, http: FlaskClient, tenant: Tenant, *, is_known: bool
    ) -> None:
        body = {"client_id": tenant.id if is_known else "cl_nobody", "client_secret": "cs_x"}

        found = [
            http.post("/api/v1/auth/token", json=body, environ_base={"REMOTE_ADDR": f"198.51.100.{number}"})
            for number in range(31)
        ]

        assert [answer.status_code for answer in found] == [401] * 30 + [429]

    def test_so_has_a_key_with_another_end_each_time(self, http: FlaskClient, tenant: Tenant) -> None:
        prefix = tenant.made.api_key.rpartition("_")[0]

        found = [
            http.post(
                "/api/v1/auth/token",
                json={"api_key": f"{prefix}_{number}"},
                environ_base={"REMOTE_ADDR": f"198.51.100.{number}"},
            ).status_code
            for number in range(31)
        ]

        assert found == [401] * 30 + [429]

    def test_refresh_tokens_are_counted_too(self, http: FlaskClient) -> None:
        found = [
            http.post("/api/v1/auth/refresh", json={"refresh_token": f"tr_{number}"}).status_code
            for number in range(31)
        ]

        assert found == [401] * 30 + [429]


def families(config: Config) -> Flask:
    """An application with a small family per group of limits that belongs to clients."""
    app = create_app(config)
    groups: dict[str, Group] = {
        "archive": ARCHIVE, "profiles": PROFILES, "shop": SHOP,
        "trending": LIVE_TRENDING, "search": LIVE_SEARCH, "other": LIVE_OTHER,
    }  # fmt: skip
    for name, group in groups.items():
        blueprint = FamilyBlueprint(f"test {name}", __name__, url_prefix=f"/test/{name}", limits=group)
        blueprint.route("/any")(lambda: "ok")
        if name == "shop":
            blueprint.route("/refresh")(limited_by(SHOP, SHOP_REFRESH)(lambda: "ok"))
        app.register_blueprint(blueprint)
    return app


def let_through(http: FlaskClient, path: str, tenant: Tenant, most: int) -> int:
    return statuses(http, path, most, headers=tenant.key).count(200)


@pytest.mark.parametrize(
    ("path", "allowed"), [("archive", 20), ("search", 50), ("trending", 200), ("other", 100)]
)
def test_each_group_has_its_own_allowance_per_client(
    config: Config, make_tenant: MakeTenant, path: str, allowed: int
) -> None:
    http = families(config).test_client()
    one, other = make_tenant("one"), make_tenant("other")

    assert let_through(http, f"/test/{path}/any", one, allowed + 20) == allowed
    assert let_through(http, f"/test/{path}/any", other, 1) == 1
    assert let_through(http, "/test/profiles/any", one, 1) == 1


def test_the_hourly_quota_is_what_the_settings_say(config: Config, tenant: Tenant) -> None:
    http = families(replace(config, rate_limit_profiles=(Limit(7, 3600),))).test_client()

    assert let_through(http, "/test/profiles/any", tenant, 12) == 7


@pytest.mark.parametrize(
    ("plan", "per_day", "refreshes"), [(Plan.FREE, 30, 30), (Plan.PRO, 90, 5), (Plan.ENTERPRISE, 100, 20)]
)
def test_a_plan_decides_how_much_of_the_shop_a_client_gets_a_day(
    config: Config, engine: Engine, plan: Plan, per_day: int, refreshes: int
) -> None:
    settings = replace(config, rate_limit_plans={"free": 30, "pro": 90})
    http = families(settings).test_client()
    tenant = Tenant(create_client(engine, "reader", plan, now()))
    other = Tenant(create_client(engine, "refresher", plan, now()))

    assert let_through(http, "/test/shop/any", tenant, 100) == per_day
    assert let_through(http, "/test/shop/refresh", other, 35) == refreshes


def test_a_refused_refresh_costs_nothing_of_the_day(config: Config, engine: Engine) -> None:
    http = families(replace(config, rate_limit_plans={"pro": 10})).test_client()
    tenant = Tenant(create_client(engine, "pro", Plan.PRO, now()))

    assert let_through(http, "/test/shop/refresh", tenant, 12) == 5
    assert let_through(http, "/test/shop/any", tenant, 12) == 5


def test_every_endpoint_has_a_limit_or_is_known_to_need_none(app: Flask) -> None:
    with app.app_context():
        without = {rule.rule for rule in app.url_map.iter_rules() if not limiter().groups_of(rule.endpoint)}

    assert {path for path in without if not path.startswith(("/docs", "/redoc", "/<any"))} == UNLIMITED


def test_a_lost_counter_neither_opens_the_door_nor_shuts_it(config: Config, tenant: Tenant) -> None:
    away = replace(config, redis_url="redis://127.0.0.1:1/0", rate_limit_address=(Limit(20, 3600),))
    http = create_app(away).test_client()

    found = statuses(http, "/api/videos", 30, headers=tenant.key)

    assert found.count(200) == 20 // config.api_workers
    assert set(found) == {200, 429}
