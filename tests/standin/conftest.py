"""A plain HTTP client for the stand-in, and ways to ask it and to read what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from standin.world.population import World
from tests.fixtures.standin import RunningStandin

DEVICE = {"device_id": "7512345678901234567"}
WALK = {
    "aid": "1988", "app_language": "en", "app_name": "tiktok_web", "browser_language": "en-US",
    "browser_name": "Mozilla", "browser_online": "true", "browser_platform": "Win32",
    "browser_version": "5.0 (Windows)", "channel": "tiktok_web", "cookie_enabled": "true", "count": "15",
    "device_platform": "web_pc", "focus_state": "true", "from_page": "user", "history_len": "2",
    "is_fullscreen": "false", "is_page_visible": "true", "language": "en", "os": "windows",
    "region": "US", "screen_height": "1080", "screen_width": "1920", "type": "1", "tz_name": "UTC",
    "verifyFp": "verify_test", **DEVICE,
}  # fmt: skip
"""A complete request for a page of the history walk, but for `secUid` and `cursor`."""

NOW = 2_000_000_000_000
"""A cursor newer than every post, in milliseconds."""


class Visitor:
    """Somebody with a browser's manners: keeps cookies, follows no redirect by itself."""

    def __init__(self, client: httpx.Client) -> None:
        self.http = client
        self.world = World(seed=7, users=1_000)

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.http.get(path, params={name: str(value) for name, value in query.items()})

    def json(self, path: str, **query: object) -> Any:
        """Ask an endpoint, with a device id."""
        return orjson.loads(self.get(path, **DEVICE, **query).content)

    def scope(self, path: str, name: str) -> Any:
        """Return a scope of a page's data script, or nothing where it has none."""
        return self.scopes(path).get(name)

    def scopes(self, path: str) -> dict[str, Any]:
        text = self.get(path).text
        script = text.split('id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">')[1]
        scopes: dict[str, Any] = orjson.loads(script.split("</script>")[0])["__DEFAULT_SCOPE__"]
        return scopes

    def embed(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and entry of an embed page."""
        reply = self.get(path)
        script = reply.text.split('id="__FRONTITY_CONNECT_STATE__" type="application/json">')[1]
        entry: dict[str, Any] = orjson.loads(script.split("</script>")[0])["source"]["data"][path]
        return reply.status_code, entry

    def sec_uid(self, username: str) -> str:
        account = self.world.account_called(username)
        assert account is not None, username
        return account.sec_uid

    def page_of_history(self, username: str, cursor: int = NOW, **more: str) -> httpx.Response:
        """Ask for one page of the history walk."""
        query = WALK | {"secUid": self.sec_uid(username), "cursor": cursor} | more
        return self.get("/api/creator/item_list/", **query)

    def walk(self, username: str) -> list[dict[str, Any]]:
        """Walk a whole history by the cursor rules, ignoring `hasMorePrevious`, and return its pages."""
        pages: list[dict[str, Any]] = []
        cursor = NOW
        while True:
            page = orjson.loads(self.page_of_history(username, cursor).content)
            if not page["itemList"]:
                return pages
            pages.append(page)
            cursor = min(item["createTime"] for item in page["itemList"] if not item["isPinnedItem"]) * 1000


@pytest.fixture
def visitor(standin: RunningStandin) -> Iterator[Visitor]:
    """A visitor who has not been here before."""
    with httpx.Client(base_url=standin.url, timeout=20) as client:
        yield Visitor(client)


class Buyer(Visitor):
    """A visitor of the shop, who reads its pages by nothing but a pattern and JSON."""

    def router(self, path: str, **query: object) -> Any:
        """Return the router document of a page."""
        text = self.get(path, **query).text
        found = re.search(r'<script type="application/json" id="__MODERN_ROUTER_DATA__">(.*?)</script>', text)
        assert found, text[:200]
        return json.loads(found[1])

    def node(self, path: str, **query: object) -> dict[str, Any]:
        """Return what the loader of a page found."""
        loaded = self.router(path, **query)["loaderData"]
        (node,) = [node for node in loaded.values() if node]
        return dict(node)

    def component(self, path: str, name: str, **query: object) -> dict[str, Any]:
        """Return the data of a component of a page."""
        parts = self.node(path, **query)["page_config"]["components_map"]
        return dict(next(part["component_data"] for part in parts if part["component_name"] == name))

    def product(self, path: str, **query: object) -> dict[str, Any]:
        """Return the data of the product component of a page."""
        return self.component(path, "product_info", **query)

    def more(self, kind: str, params: dict[str, Any], **headers: str) -> Any:
        """Ask for a further page of a list by what the last one gave."""
        body = {
            "component_info": json.dumps(
                {"component_type": "feed_list", "component_name": "x", "fe_config": {}}
            ),
            "load_more_params": json.dumps(params),
        }
        reply = self.http.post(f"/api/shop/brandy_desktop/{kind}/product_list", json=body, headers=headers)
        return json.loads(reply.content) if reply.content else None

    def whole_list(self, kind: str, path: str, name: str, **query: object) -> list[dict[str, Any]]:
        """Walk a list from its page to its end."""
        data = self.component(path, name, **query)
        products = list(data["products"])
        while data["has_more"]:
            data = self.more(kind, data["load_more_params"])["data"]
            products += data["products"]
        return products


@pytest.fixture
def buyer(visitor: Visitor) -> Buyer:
    """The same visitor, in the shop."""
    return Buyer(visitor.http)


@pytest.fixture
def insider(visitor: Visitor, standin: RunningStandin) -> Visitor:
    """A visitor to whom signed and login-only endpoints are open."""
    standin.change(open=["signed", "login"])
    return visitor
