"""The three tiers for real: the API before the live service, before the stand-in's shop and a real Chromium.

plain requests → api, kept out by a firewall's script → browser, by captchas everywhere → samples → nothing
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.config import Config
from tests.fixtures.live import SECRET, RunningLive
from tests.fixtures.standin import RunningStandin
from tests.webapi.serving import Answer, Api
from tests.webapi.shop.contract import BASE

SEARCH = {"q": "iphone case", "max_results": 5}
TRENDING = {"max_results": 5}
PLAIN_REQUESTS = (
    {"kind": "waf", "path": "/us/*"},
    {"kind": "waf", "path": "/shop*"},
    {"kind": "unsigned", "path": "/api/shop/*"},
)
BROWSERS = ({"kind": "captcha", "path": "*"},)

pytestmark = [
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
    pytest.mark.timeout(300),
]


@pytest.fixture
def samples(request: pytest.FixtureRequest) -> str:
    """Whether sample data may be told."""
    return str(getattr(request, "param", "true"))


@pytest.fixture
def shop(start_live: Callable[..., RunningLive], chromium: Path, samples: str) -> RunningLive:
    """The live service with a browser, and with samples."""
    return start_live(
        BROWSER_PATH=str(chromium),
        BROWSER_FLAGS="--no-sandbox,--disable-gpu",
        ROUTES_OFF="session",
        SHOP_CURATED=samples,
        LIVE_DEADLINE_SECONDS="60",
    )


@pytest.fixture
def config(config: Config, shop: RunningLive) -> Config:
    return replace(
        config, live_port=shop.port, live_secret=SECRET, live_deadline_seconds=60.0, polite_pace=False
    )


def ask(api: Api, path: str = "/search", **query: Any) -> Answer:
    defaults = SEARCH if path == "/search" else TRENDING
    return api.get(BASE + path, defaults | {"use_cache": "false"} | query)


def told(answer: Answer) -> tuple[str, set[str], int]:
    assert answer.status == 200, answer.body
    products = answer.document["products"]
    return answer.document["scraper_type"], {one["source"] for one in products}, len(products)


def test_each_tier_takes_over_where_the_one_above_is_kept_out(api: Api, standin: RunningStandin) -> None:
    assert told(ask(api)) == ("api", {"tiktok_api"}, 5)
    assert told(ask(api, "/trending")) == ("api", {"tiktok_api"}, 5)
    first = ask(api).document["products"][0]
    record = api.get(f"{BASE}/products/{first['id']}").document
    assert record["product"]["variants"]
    assert {name: record["product"][name] for name in ("id", "title", "price")} == {
        name: first[name] for name in ("id", "title", "price")
    }

    standin.add_faults(PLAIN_REQUESTS)
    assert told(ask(api)) == ("browser", {"tiktok_browser"}, 5)

    standin.drop_faults()
    standin.add_faults(BROWSERS)
    tier, sources, found = told(ask(api))
    assert (tier, sources) == ("static", {"curated"})
    assert found > 0
    assert told(ask(api, "/trending"))[:2] == ("static", {"curated"})
    health = api.get(f"{BASE}/health")
    assert (health.status, health.document["api_accessible"]) == (503, False)

    standin.drop_faults()
    assert told(ask(api)) == ("api", {"tiktok_api"}, 5)
    assert api.get(f"{BASE}/health").status == 200


@pytest.mark.parametrize("samples", ["false"], indirect=True)
def test_without_samples_a_shop_that_refuses_everything_is_unavailable(
    api: Api, standin: RunningStandin
) -> None:
    standin.add_faults(BROWSERS)

    for path in ("/search", "/trending"):
        answer = ask(api, path)
        assert (answer.status, answer.document["error_code"]) == (503, "API_UNAVAILABLE")
        assert "captcha" in answer.document["detail"]

    standin.drop_faults()
    assert told(ask(api)) == ("api", {"tiktok_api"}, 5)
