"""What is told when TikTok, or the live service, does not answer: the truth, in the document's codes."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from flask import Flask

from store.config import Config
from tests.webapi.pretend_live import PretendLive, product
from tests.webapi.serving import Api, close, serving
from tests.webapi.shop.conftest import MakeApi
from tests.webapi.shop.contract import BASE
from webapi import create_app

SEARCH = f"{BASE}/search?q=capa"


@pytest.mark.parametrize(
    ("route", "tier", "source"),
    [
        ("page", "api", "tiktok_api"),
        ("ssr", "api", "tiktok_api"),
        ("list", "api", "tiktok_api"),
        ("browser", "browser", "tiktok_browser"),
        ("curated", "static", "curated"),
    ],
)
def test_an_answer_says_which_tier_it_is_from(
    route: str, tier: str, source: str, api: Api, live: PretendLive
) -> None:
    live.route = route

    document = api.get(SEARCH).document

    assert document["scraper_type"] == tier
    assert {product["source"] for product in document["products"]} == {source}


def test_what_came_before_a_refusal_is_told_and_not_kept(api: Api, live: PretendLive) -> None:
    live.outcome, live.reason, live.got_through = "captcha", "asked to solve one", 12

    for _ in range(2):
        document = api.get(SEARCH).document
        assert (document["total"], document["cached"], document["complete"]) == (12, False, False)
        assert document["truncated"] == "captcha: asked to solve one"

    live.outcome = "ok"
    assert api.get(SEARCH).document["total"] == 20


def test_samples_that_come_with_a_refusal_are_labelled(api: Api, live: PretendLive) -> None:
    live.outcome, live.route, live.got_through = "captcha", "curated", 3

    document = api.get(SEARCH).document

    assert (document["scraper_type"], document["total"], document["cached"]) == ("static", 3, False)
    assert {product["source"] for product in document["products"]} == {"curated"}
    assert api.get(f"{BASE}/cache/stats").document["total_keys"] == 0


def test_each_product_of_a_list_says_by_which_route_it_came(api: Api, live: PretendLive) -> None:
    live.route = "browser"
    live.stock = [product(1, route="page"), product(2, route="browser")]

    document = api.get(SEARCH).document

    assert document["scraper_type"] == "browser"
    assert [one["source"] for one in document["products"]] == ["tiktok_api", "tiktok_browser"]


def test_sample_data_is_never_kept_and_gives_way_to_what_is_real(api: Api, live: PretendLive) -> None:
    live.route = "curated"
    assert [api.get(SEARCH).document["cached"] for _ in range(2)] == [False, False]

    live.route = "page"
    assert api.get(SEARCH).document["scraper_type"] == "api"

    live.route = "curated"
    api.ask("POST", f"{BASE}/cache/clear?all=true")
    assert api.get(SEARCH).document["scraper_type"] == "static"


def test_an_old_answer_is_told_before_sample_data_or_nothing(app: Flask, api: Api, live: PretendLive) -> None:
    real = api.get(SEARCH).document
    for route, outcome in (("curated", "ok"), (None, "captcha")):
        app.extensions["shop"].products.cache.expire("search")
        live.route, live.outcome = route, outcome

        old = api.get(SEARCH).document

        assert (old["scraper_type"], old["stale"], old["cached"], old["cache_ttl"]) == ("api", True, True, 0)
        assert old["products"] == real["products"]


def test_nothing_found_is_an_empty_answer(api: Api, live: PretendLive) -> None:
    live.outcome = "empty"

    answer = api.get(SEARCH)

    assert (answer.status, answer.document["products"], answer.document["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ("blocked", 503, "API_UNAVAILABLE"),
        ("captcha", 503, "API_UNAVAILABLE"),
        ("waf_challenge", 503, "API_UNAVAILABLE"),
        ("rate_limited", 503, "API_UNAVAILABLE"),
        ("region_blocked", 503, "API_UNAVAILABLE"),
        ("network", 503, "API_UNAVAILABLE"),
        ("schema_changed", 500, "SCRAPER_ERROR"),
        ("not_found", 400, "INVALID_QUERY"),
    ],
)
def test_a_refusal_is_told_as_what_it_is_and_never_as_empty(
    outcome: str, status: int, code: str, api: Api, live: PretendLive
) -> None:
    live.outcome, live.reason, live.retry_after_seconds = outcome, "that is why", 61.2

    answer = api.get(SEARCH)

    assert (answer.status, answer.document["error_code"]) == (status, code)
    assert "that is why" in answer.document["detail"]
    assert answer.headers.get("Retry-After") == ("62" if status == 503 else None)
    assert api.get(f"{BASE}/cache/stats").document["total_keys"] == 0


def test_a_busy_live_service_says_when_to_come_back(api: Api, live: PretendLive) -> None:
    live.status, live.retry_after_seconds = 429, 3

    answer = api.get(SEARCH)

    assert (answer.status, answer.document["error_code"]) == (503, "API_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "3"


def test_what_takes_too_long_is_an_error_of_the_scraper(api: Api, live: PretendLive) -> None:
    live.status = 504

    answer = api.get(SEARCH)

    assert (answer.status, answer.document["error_code"]) == (500, "SCRAPER_ERROR")
    assert "Connection timeout" in answer.document["detail"]


def test_without_a_live_service_callers_hear_of_it_at_once(
    config: Config, make_api: MakeApi, live_port: int
) -> None:
    headers = make_api().api.headers
    app = create_app(replace(config, live_port=1))
    with serving(app) as port:
        started = time.monotonic()
        answer = Api(port, headers).get(SEARCH)
        taken = time.monotonic() - started
    close(app)

    assert (answer.status, answer.document["error_code"]) == (503, "API_UNAVAILABLE")
    assert taken < 3
    assert live_port != 1
