"""What `/metrics` tells, to whom, and from how many processes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from store.answers import add_answers
from store.cache import Fresh, open_cache
from store.clients.book import create_client
from store.clients.client import Plan, Role
from store.config import Config
from store.models.jobs import JOBS, SHARDS
from store.queries.figures import read_figures
from store.upserts import write
from store.workers import WorkerProcess, say_hello
from tests.store.factories import make_product
from tests.store.jobs_made import bulk_job, done_job
from tests.webapi.conftest import Tenant
from tests.webapi.processes import running_api
from tests.webapi.serving import Api

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def operator(engine: Engine) -> Tenant:
    """Somebody who may read metrics, and nothing else of others."""
    return Tenant(create_client(engine, "prometheus", Plan.FREE, datetime.now(UTC), [Role.METRICS]))


def samples(text: str) -> Samples:
    """Each number by its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(http: FlaskClient, reader: Tenant) -> Samples:
    response = http.get("/metrics", headers=reader.key)
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain; version=")
    return samples(response.text)


def test_only_who_has_the_role_may_read(http: FlaskClient, tenant: Tenant, operator: Tenant) -> None:
    bearer = {"Authorization": f"Bearer {operator.made.api_key}"}

    assert http.get("/metrics").status_code == 401
    assert http.get("/metrics", headers=tenant.key).status_code == 403
    assert http.get("/metrics", headers=operator.key).status_code == 200
    assert http.get("/metrics", headers=bearer).status_code == 200, "as Prometheus sends it"


def test_requests_are_counted_by_endpoint_and_status(
    http: FlaskClient, tenant: Tenant, operator: Tenant
) -> None:
    for path in ("/api/users/1", "/api/users/2", "/api/users", "/no/such/thing", "/another"):
        http.get(path, headers=tenant.key)
    http.get("/api/users")

    found = read(http, operator)

    def count(endpoint: str, status: str) -> float:
        labels = (("endpoint", endpoint), ("status", status))
        return found.get(("tiktok_api_requests_total", labels), 0)

    assert count("GET /api/users/{user_id}", "404") == 2
    assert count("GET /api/users", "200") == count("GET /api/users", "401") == 1
    assert count("none", "404") == 2, "addresses that lead nowhere make no names"
    assert found["tiktok_api_response_time_seconds_count", (("endpoint", "GET /api/users"),)] == 2
    assert found["tiktok_api_requests_in_progress", ()] == 1, "this one"


def test_a_method_nobody_knows_makes_no_name(http: FlaskClient, operator: Tenant) -> None:
    http.open("/api/users", method="BREW")
    http.open("/api/users", method="X" * 100)

    names = {dict(labels).get("endpoint", "") for _, labels in read(http, operator)}

    assert not any("BREW" in name or "XXX" in name for name in names)


def test_what_the_database_knows_is_told(http: FlaskClient, engine: Engine, operator: Tenant) -> None:
    now = datetime.now(UTC)
    done_job(engine, now)
    write(engine, [make_product()])
    add_answers(engine, {("page", "ok"): 12, ("list", "captcha"): 3})
    say_hello(engine, WorkerProcess(name="w", host="h", pid=1, started_at=now), now)

    found = read(http, operator)

    assert found["tiktok_database_up", ()] == 1
    assert found["tiktok_jobs", (("state", "completed"),)] == 1
    assert found["tiktok_jobs", (("state", "paused"),)] == 0
    assert found["tiktok_answers_total", (("route", "page"), ("verdict", "ok"))] == 12
    assert found["tiktok_workers", ()] == 1
    assert found["tiktok_products_scraped_total", ()] == 1
    assert sum(value for (name, _), value in found.items() if name == "tiktok_targets") > 0
    assert found["tiktok_queue_age_seconds", (("queue", "callbacks"),)] >= 0
    assert ("tiktok_cookies_expiry_days", ()) not in found


def test_a_database_that_is_away_is_told_and_the_rest_still_is(
    http: FlaskClient, operator: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr("webapi.metrics.stored.read_figures", fail)

    found = read(http, operator)

    assert found["tiktok_database_up", ()] == 0
    assert ("tiktok_api_requests_in_progress", ()) in found


def test_the_age_of_a_queue_is_that_of_its_first(engine: Engine) -> None:
    now = datetime.now(UTC)
    job = bulk_job(engine, ["khaby.lame"], now)
    with engine.begin() as connection:
        connection.execute(update(SHARDS).values(due_at=now - timedelta(seconds=90)))

    waiting = read_figures(engine, now).queue_ages_seconds["crawls"]
    with engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(state="paused"))
    paused = read_figures(engine, now).queue_ages_seconds["crawls"]

    assert waiting == pytest.approx(90, abs=1)
    assert paused == 0, "who was told to wait is not late"


def test_the_cache_tells_its_share_of_hits(config: Config, http: FlaskClient, operator: Tenant) -> None:
    cache = open_cache(config, "shop")
    for _ in range(4):
        cache.read_through("a key", 60, lambda: Fresh(b"{}"))
    cache.close()

    found = read(http, operator)

    shop = (("cache", "shop"),)
    assert found["tiktok_cache_hit_ratio", shop] == 0.75
    assert (found["tiktok_cache_hits_total", shop], found["tiktok_cache_misses_total", shop]) == (3, 1)


def test_four_processes_count_together_and_begin_at_nothing(tmp_path: Path) -> None:
    settings = {"api_workers": 4, "api_threads": 4, "rate_limits": False}

    def storm() -> Samples:
        with running_api(tmp_path, **settings) as api:
            if not keys:
                keys.update(re.findall(r"api_key +(tk_\w+)", (tmp_path / "output").read_text()))
            asking = Api(api.port, {"X-API-Key": next(iter(keys))})
            with ThreadPoolExecutor(16) as threads:
                list(threads.map(lambda _: asking.get("/api/users").status, range(200)))
            return samples(asking.get("/metrics").body.decode())

    keys: set[str] = set()
    for found in (storm(), storm()):
        labels = (("endpoint", "GET /api/users"), ("status", "200"))
        assert found["tiktok_api_requests_total", labels] == 200
        assert found["tiktok_api_response_time_seconds_count", labels[:1]] == 200
        assert found["tiktok_api_requests_in_progress", ()] == 1
