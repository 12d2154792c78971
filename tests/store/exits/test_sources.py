"""Exits as the settings, the list and Webshare name them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from proxyproviders import Webshare

from store.config import Config, load_config
from store.errors import ConfigError, ProxiesUnavailable
from store.exits import ExitBook, refresh_exits
from store.exits.webshare import fetch_proxies
from tests.store.factories import NOON

API_KEY = "webshare-api-key"
PASSWORD = "S3cretPassword"
Configure = Callable[..., Config]


@dataclass
class FakeWebshare:
    """What Webshare's list of proxies answers, 2 a page."""

    status: int = 200
    body: str | None = None
    delay_seconds: float = 0.0
    proxies: list[dict[str, object]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str) -> str:
        if self.body is not None:
            return self.body
        page = int(parse_qs(urlsplit(path).query)["page"][0])
        found = self.proxies[2 * page - 2 : 2 * page]
        following = "more" if len(self.proxies) > 2 * page else None
        return json.dumps({"count": len(self.proxies), "next": following, "results": found})

    def provider(self) -> Webshare:
        class LocalWebshare(Webshare):  # type: ignore[misc]  # the package is published without types
            _BASE_URL = self.url

        return LocalWebshare(api_key=API_KEY)


@pytest.fixture
def site() -> Iterator[FakeWebshare]:
    fake = FakeWebshare(proxies=[row(number) for number in range(3)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.keys.append(self.headers["Authorization"])
            time.sleep(fake.delay_seconds)
            self.send_response(fake.status)
            self.end_headers()
            self.wfile.write(fake.answer(self.path).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as declared
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


def row(number: int) -> dict[str, object]:
    return {
        "id": f"d-{number}", "username": "user", "password": PASSWORD, "proxy_address": f"10.1.0.{number}",
        "port": 8000, "valid": True, "country_code": "DE", "city_name": None, "created_at": None,
    }  # fmt: skip


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Configure:
    def make(**variables: str) -> Config:
        for name in ("ENABLE_PROXY", "REQUIRE_PROXY", "PROXY_LIST", "WEBSHARE_API_KEY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load_config(tmp_path / "no.env")

    return make


def states(exits: ExitBook) -> dict[str, str]:
    return {status.name.partition("~")[0]: str(status.state) for status in exits.status()}


def test_webshares_proxies_are_read_over_all_pages(site: FakeWebshare) -> None:
    proxies = fetch_proxies(site.provider())

    assert [proxy.url for proxy in proxies] == [f"http://user:{PASSWORD}@10.1.0.{n}:8000" for n in range(3)]
    assert {proxy.country for proxy in proxies} == {"DE"}
    assert site.keys == [f"Token {API_KEY}"] * 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"detail": "Invalid token."}'),
        (500, "oops"),
        (200, f'{{"password": "{PASSWORD}"}}'),
        (200, f"<html>{PASSWORD}"),
        (200, f'{{"results": [{{"password": "{PASSWORD}"}}]}}'),
        (200, '{"results": []}'),
    ],
)
def test_what_webshare_does_not_tell_is_one_line_without_secrets(
    site: FakeWebshare, status: int, body: str
) -> None:
    site.status, site.body = status, body

    with pytest.raises(ProxiesUnavailable) as caught:
        fetch_proxies(site.provider())

    told = f"{caught.value} {caught.value!r}"
    assert PASSWORD not in told
    assert API_KEY not in told
    assert "; check " in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_webshare_that_hangs_is_not_waited_for(site: FakeWebshare) -> None:
    site.delay_seconds = 0.6

    with pytest.raises(ProxiesUnavailable, match=r"did not answer within 0\.2 s"):
        fetch_proxies(site.provider(), timeout_seconds=0.2)


def test_without_proxies_the_way_is_direct(exits: ExitBook, configure: Configure) -> None:
    refresh_exits(exits, configure(), NOON)

    assert states(exits) == {"direct": "ready"}


@pytest.fixture
def proxy_list(tmp_path: Path) -> Path:
    file = tmp_path / "proxies.txt"
    file.write_text("http://user:password@10.0.0.1:80\nsocks5h://10.0.0.2:1080\n")
    return file


def test_with_proxies_the_direct_way_is_shut(
    exits: ExitBook, configure: Configure, proxy_list: Path, site: FakeWebshare
) -> None:
    config = configure(ENABLE_PROXY="true", PROXY_LIST=str(proxy_list), WEBSHARE_API_KEY=API_KEY)

    refresh_exits(exits, config, NOON, provider=site.provider())

    assert states(exits) == {
        "direct": "off",
        "http://10.0.0.1:80": "ready",
        "socks5h://10.0.0.2:1080": "ready",
        "http://10.1.0.0:8000": "ready",
        "http://10.1.0.1:8000": "ready",
        "http://10.1.0.2:8000": "ready",
    }
    chosen = exits.choose("first", NOON)
    assert chosen
    assert chosen.name.startswith("http://10.0.0.1:80")


def test_proxies_that_are_not_required_leave_the_direct_way_open(
    exits: ExitBook, configure: Configure, proxy_list: Path
) -> None:
    config = configure(ENABLE_PROXY="true", REQUIRE_PROXY="false", PROXY_LIST=str(proxy_list))

    refresh_exits(exits, config, NOON)

    assert states(exits)["direct"] == "ready"


def test_proxies_that_are_switched_off_rest_and_come_back_with_all_they_had(
    exits: ExitBook, configure: Configure, proxy_list: Path
) -> None:
    enabled = {"ENABLE_PROXY": "true", "PROXY_LIST": str(proxy_list)}
    refresh_exits(exits, configure(**enabled), NOON)
    before = exits.status()

    refresh_exits(exits, configure(), NOON)
    assert set(states(exits).values()) == {"ready", "off"}
    assert states(exits)["direct"] == "ready"
    refresh_exits(exits, configure(**enabled), NOON)

    assert exits.status() == before


def test_a_webshare_that_fails_leaves_its_proxies_as_they_are(
    exits: ExitBook, configure: Configure, site: FakeWebshare
) -> None:
    config = configure(ENABLE_PROXY="true", WEBSHARE_API_KEY=API_KEY)
    refresh_exits(exits, config, NOON, provider=site.provider())
    before = exits.status()
    site.status = 500

    with pytest.raises(ProxiesUnavailable):
        refresh_exits(exits, config, NOON, provider=site.provider())

    assert exits.status() == before


def test_a_bad_list_does_not_keep_webshare_from_being_read(
    exits: ExitBook, configure: Configure, proxy_list: Path, site: FakeWebshare
) -> None:
    proxy_list.write_text("nonsense")
    config = configure(ENABLE_PROXY="true", PROXY_LIST=str(proxy_list), WEBSHARE_API_KEY=API_KEY)

    with pytest.raises(ConfigError, match="line 1"):
        refresh_exits(exits, config, NOON, provider=site.provider())

    assert len(exits.usable()) == 3


def test_a_proxy_that_webshare_takes_back_is_retired(
    exits: ExitBook, configure: Configure, site: FakeWebshare
) -> None:
    config = configure(ENABLE_PROXY="true", WEBSHARE_API_KEY=API_KEY)
    refresh_exits(exits, config, NOON, provider=site.provider())
    del site.proxies[0]

    refresh_exits(exits, config, NOON, provider=site.provider())

    assert [exit_.name.partition("~")[0] for exit_ in exits.usable()] == [
        "http://10.1.0.1:8000",
        "http://10.1.0.2:8000",
    ]


def test_proxies_without_a_source_are_told_at_once(configure: Configure) -> None:
    with pytest.raises(ConfigError, match=r"^ENABLE_PROXY: no proxies are named; set PROXY_LIST or WEBSHARE"):
        configure(ENABLE_PROXY="true")
