"""API6: what costs others something, or us, can't be done without end by a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from store.clients.client import Plan
from store.config import Config
from store.limits.limit import Limit
from tests.security.belongings import BODIES
from tests.security.conftest import MakeClient
from tests.webapi.conftest import Tenant
from webapi import create_app


@pytest.fixture
def limited(config: Config) -> FlaskClient:
    """The API with its limits."""
    return create_app(replace(config, rate_limits=True)).test_client()


def test_a_client_has_one_list_of_profiles_under_way(http: FlaskClient, attacker: Tenant) -> None:
    where = "/api/tiktok/profiles"

    statuses = [http.post(where, json=BODIES[where], headers=attacker.key).status_code for _ in range(10)]

    assert (statuses[0], set(statuses[1:])) == (200, {409})


@pytest.mark.parametrize("where", ["/api/jobs", "/api/v1/jobs", "/api/v1/scheduled-jobs"])
def test_sent_a_hundred_times_it_is_made_once(where: str, http: FlaskClient, attacker: Tenant) -> None:
    headers = attacker.key | {"Idempotency-Key": "again and again"}

    answers = [http.post(where, json=BODIES[where], headers=headers).get_json() for _ in range(20)]

    assert len({answer.get("job_id") or answer["id"] for answer in answers}) == 1


def test_jobs_are_made_no_faster_than_the_limits_say(limited: FlaskClient, attacker: Tenant) -> None:
    made = {
        where: [limited.post(where, json=BODIES[where], headers=attacker.key).status_code for _ in range(130)]
        for where in ("/api/jobs", "/api/v1/jobs")
    }

    assert made["/api/jobs"].count(201) == 100
    assert made["/api/v1/jobs"].count(201) == 20


def test_more_keys_of_a_client_are_not_more_allowance(
    limited: FlaskClient, attacker: Tenant, config: Config
) -> None:
    token = limited.post("/api/v1/auth/token", json={"api_key": attacker.made.api_key}).get_json()
    ways = [attacker.key, {"Authorization": f"Bearer {token['access_token']}"}]

    statuses = [limited.get("/api/v1/jobs", headers=ways[number % 2]).status_code for number in range(40)]

    assert statuses.count(200) == config.rate_limit_burst


def test_a_day_of_the_shop_is_what_the_plan_says(config: Config, make_client: MakeClient) -> None:
    http = create_app(replace(config, rate_limits=True, rate_limit_plans={"free": 7})).test_client()
    free = make_client("free", Plan.FREE)

    statuses = [http.get("/api/v1/tiktok/api/cache/stats", headers=free.key).status_code for _ in range(12)]

    assert statuses == [200] * 7 + [429] * 5


def test_guesses_are_slowed_down_from_everywhere(config: Config, attacker: Tenant) -> None:
    settings = replace(config, rate_limits=True, rate_limit_tokens=(Limit(5, 60),))
    http = create_app(settings).test_client()

    statuses = [
        http.post(
            "/api/v1/auth/token",
            json={"client_id": attacker.id, "client_secret": f"cs_{number}"},
            environ_base={"REMOTE_ADDR": f"198.51.100.{number}"},
        ).status_code
        for number in range(9)
    ]

    assert statuses == [401] * 5 + [429] * 4
