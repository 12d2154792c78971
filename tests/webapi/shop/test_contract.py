"""Every endpoint, parameter, field and code of the family's document, through real HTTP, cold and warm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from store.clients.client import Plan, Role
from tests.webapi.checks import wrong_fields
from tests.webapi.pretend_live import PretendLive, product
from tests.webapi.serving import Answer, Api
from tests.webapi.shop import contract
from tests.webapi.shop.conftest import MakeApi
from tests.webapi.shop.contract import BASE


def refused(answer: Answer) -> tuple[int, str]:
    """Check the envelope; return what it says."""
    assert wrong_fields(answer.document, contract.ERROR) == []
    return answer.status, answer.document["error_code"]


@pytest.mark.parametrize("path", list(contract.ENDPOINTS))
def test_an_endpoint_answers_with_all_its_fields_cold_and_warm(path: str, api: Api) -> None:
    for _ in range(2):
        answer = api.get(path)

        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert wrong_fields(answer.document, contract.ENDPOINTS[path]) == []


@pytest.mark.parametrize(("path", "ttl"), [("/search?q=iphone+case", 900), ("/trending", 1800)])
def test_the_second_answer_comes_from_the_cache_and_says_for_how_long(
    path: str, ttl: int, api: Api, live: PretendLive
) -> None:
    cold, warm = api.get(BASE + path).document, api.get(BASE + path).document

    assert (cold["cached"], cold["cache_ttl"]) == (False, None)
    assert warm["cached"] is True
    assert ttl - 5 < warm["cache_ttl"] < ttl
    assert warm["products"] == cold["products"]
    assert len(live.asked) == 1


def test_a_product_is_told_in_the_words_of_the_document(api: Api) -> None:
    (first, *others) = api.get(f"{BASE}/search", {"q": "capa"}).document["products"]

    told = {name: first[name] for name in contract.PRODUCT}
    assert told == {
        "id": "7382941023847000000",
        "title": "Capa iPhone 0",
        "price": 29.9,
        "original_price": 59.9,
        "discount": "50% OFF",
        "image_url": "https://p16-oec.example/1.jpeg",
        "product_url": "https://shop.tiktok.com/us/pdp/0",
        "shop_name": "TechStore BR",
        "sales_count": 15420,
        "rating": 4.8,
        "source": "tiktok_api",
    }
    assert len(others) == contract.DEFAULT_RESULTS - 1


def test_what_tiktok_masks_or_does_not_tell_is_null(api: Api, live: PretendLive) -> None:
    bare: dict[str, Any] = {"type": "product", "id": "1", "price": None, "image_urls": [], "discount": None}
    live.stock = [bare, product(2, price=None, original_price=None, discount=None, rating=None)]

    found = api.get(f"{BASE}/search", {"q": "capa"}).document["products"]

    assert [one["price"] for one in found] == [None, None]
    assert [one["discount"] for one in found] == [None, None]
    assert found[0]["image_url"] is None
    assert found[1]["rating"] is None


@pytest.mark.parametrize("path", list(contract.GOOD))
def test_a_parameter_takes_every_value_within_its_bounds(path: str, api: Api) -> None:
    for query in contract.GOOD[path]:
        answer = api.get(BASE + path, query)
        assert answer.status == 200, query
        assert answer.document["total"] == query.get("max_results", contract.DEFAULT_RESULTS)
        assert len(answer.document["products"]) == answer.document["total"]


@pytest.mark.parametrize("path", list(contract.BAD))
def test_a_parameter_refuses_what_is_outside_of_its_bounds_and_is_named(
    path: str, api: Api, live: PretendLive
) -> None:
    for name, query in contract.BAD[path]:
        answer = api.get(BASE + path, query)
        assert refused(answer) == (400, "INVALID_QUERY"), query
        assert name in answer.document["detail"], query
    assert live.asked == []


def test_the_same_words_are_one_search_however_they_are_written(api: Api, live: PretendLive) -> None:
    for query in ("iPhone  case", "iphone case", " IPHONE CASE "):
        api.get(f"{BASE}/search", {"q": query})

    assert [question["target"] for question in live.asked] == ["iPhone case"]


def test_use_cache_false_asks_again_and_leaves_the_answer_to_others(api: Api, live: PretendLive) -> None:
    api.get(f"{BASE}/trending")
    live.stock = [product(77)]

    fresh = api.get(f"{BASE}/trending", {"use_cache": "false"}).document
    others = api.get(f"{BASE}/trending").document

    assert (fresh["cached"], fresh["total"], len(live.asked)) == (False, 1, 2)
    assert (others["cached"], others["products"]) == (True, fresh["products"])


def test_a_category_is_asked_for_and_kept_apart(api: Api, live: PretendLive) -> None:
    api.get(f"{BASE}/trending", {"category": "electronics"})
    api.get(f"{BASE}/trending")

    assert [question["category"] for question in live.asked] == ["electronics", None]
    assert {question["lookup"] for question in live.asked} == {"shop_trending"}


def test_a_hundred_equal_calls_at_once_ask_once(api: Api, live: PretendLive) -> None:
    live.seconds = 0.3

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: api.get(f"{BASE}/search", {"q": "capa"}).status, range(100)))

    assert set(answers) == {200}
    assert len(live.asked) == 1


def test_figures_of_the_cache_are_exact(api: Api) -> None:
    empty = api.get(f"{BASE}/cache/stats").document
    for query in ("one", "two", "two", "two"):
        api.get(f"{BASE}/search", {"q": query})
    before = api.get(f"{BASE}/cache/stats").document
    api.get(f"{BASE}/trending")
    after = api.get(f"{BASE}/cache/stats").document

    assert (empty["total_keys"], empty["hit_rate"], empty["memory_used_mb"]) == (0, 0.0, 0.0)
    assert [before[name] for name in ("total_keys", "hits", "misses", "hit_rate")] == [2, 2, 2, 50.0]
    assert (before["search_queries_cached"], before["trending_cached"]) == (2, False)
    assert (after["search_queries_cached"], after["trending_cached"], after["total_keys"]) == (2, True, 3)
    assert 0 < before["memory_used_mb"] < after["memory_used_mb"]


def test_clearing_says_how_many_keys_went(api: Api) -> None:
    for path in ("/search?q=one", "/search?q=two", "/trending"):
        api.get(BASE + path)

    some = api.ask("POST", f"{BASE}/cache/clear?pattern=search:*")
    left = api.get(f"{BASE}/cache/stats").document
    rest = api.ask("POST", f"{BASE}/cache/clear?all=true")

    assert some.document == {"status": "success", "message": "Cache limpo: 2 chaves removidas"}
    assert (left["total_keys"], left["trending_cached"]) == (1, True)
    assert rest.document == {"status": "success", "message": "Cache limpo: 1 chaves removidas"}
    assert api.get(f"{BASE}/cache/stats").document["total_keys"] == 0


def test_clearing_needs_to_be_told_what(api: Api) -> None:
    api.get(f"{BASE}/trending")

    for query in contract.BAD_CLEARS:
        answer = api.ask("POST", f"{BASE}/cache/clear?" + "&".join(f"{k}={v}" for k, v in query.items()))
        assert refused(answer) == (400, "INVALID_QUERY"), query
    assert api.get(f"{BASE}/cache/stats").document["total_keys"] == 1


@pytest.mark.parametrize(
    ("plan", "roles", "status"),
    [(Plan.FREE, (), 403), (Plan.FREE, (Role.ADMIN,), 200), (Plan.PRO, (), 200), (Plan.ENTERPRISE, (), 200)],
)
def test_clearing_is_part_of_the_paid_plans(
    plan: Plan, roles: tuple[Role, ...], status: int, make_api: MakeApi
) -> None:
    answer = make_api(plan, *roles).api.ask("POST", f"{BASE}/cache/clear?all=true")

    assert answer.status == status
    if status == 403:
        assert refused(answer) == (403, "FORBIDDEN")
        assert answer.document["detail"].startswith("Sem permissão (plano): ")


@pytest.mark.parametrize("path", [path.partition("?")[0] for path in contract.ENDPOINTS])
def test_nobody_gets_in_without_credentials(path: str, port: int) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"X-API-Key": "tk_nonsense"}):
        answer = Api(port, headers).get(path)
        assert refused(answer) == (401, "UNAUTHORIZED")


def test_what_does_not_exist_is_told_in_the_envelope(api: Api) -> None:
    assert refused(api.get(f"{BASE}/nothing")) == (404, "NOT_FOUND")
    assert refused(api.ask("DELETE", f"{BASE}/search")) == (405, "METHOD_NOT_ALLOWED")
