"""API7: no URL that a client gives makes us ask inside."""

from __future__ import annotations

import socket
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from store.models.deliveries import DELIVERIES
from store.models.jobs import JOBS
from tests.fixtures.ports import free_port
from tests.security.belongings import BODIES
from tests.webapi.conftest import Tenant

REFUSED = {400, 422}
INSIDE = [
    "https://127.0.0.1/", "https://localhost/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/", "https://[fd00::1]/", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
    "https://LOCALHOST./", "https://127.0.0.1.:443/",
]  # fmt: skip
TRICKS = [
    "http://8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "dict://127.0.0.1:11211/",
    "https://user:password@8.8.8.8/", "https://8.8.8.8@127.0.0.1/", "https://127.0.0.1\\@8.8.8.8/",
    "https://8.8.8.8\r\nHost: 127.0.0.1/", "https://8.8.8.8:6379:443/", "//8.8.8.8/",
    "https:8.8.8.8", "https://", "javascript:alert(1)", "data:text/html,x",
    "\x00https://8.8.8.8/", "https://ex ample.org/",
]  # fmt: skip


def callback_to(url: str) -> dict[str, Any]:
    body = deepcopy(BODIES["/api/tiktok/profiles"])
    body["request"]["process"]["callback"]["url"] = url
    return body


def test_a_callback_that_leads_inside_is_refused(http: FlaskClient, attacker: Tenant, engine: Engine) -> None:
    for url in INSIDE:
        answer = http.post("/api/tiktok/profiles", json=callback_to(url), headers=attacker.key)
        assert answer.status_code in REFUSED, f"{url}: {answer.text}"
        assert "callback" in answer.text

    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(DELIVERIES)) == 0
        assert connection.scalar(select(func.count()).select_from(JOBS)) == 0


def test_a_callback_that_two_programs_could_read_differently_is_refused(
    http: FlaskClient, attacker: Tenant
) -> None:
    for url in TRICKS:
        answer = http.post("/api/tiktok/profiles", json=callback_to(url), headers=attacker.key)
        assert answer.status_code in REFUSED, f"{url}: {answer.text}"


@pytest.mark.parametrize("name", ["inside.example", "metadata.google.internal"])
def test_a_name_that_leads_inside_is_refused(
    name: str, http: FlaskClient, attacker: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        address = ("169.254.169.254", 443)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr("store.outbound.guard.socket.getaddrinfo", look_up)

    answer = http.post("/api/tiktok/profiles", json=callback_to(f"https://{name}/"), headers=attacker.key)

    assert answer.status_code in REFUSED


@pytest.mark.parametrize("where", ["/api/jobs", "/api/v1/jobs", "/api/v1/scheduled-jobs"])
def test_what_is_to_be_crawled_is_tiktok_s_or_nothing(
    where: str, http: FlaskClient, attacker: Tenant
) -> None:
    field = "url" if where == "/api/jobs" else "value"

    for url in [*INSIDE, *TRICKS]:
        answer = http.post(where, json=BODIES[where] | {field: url}, headers=attacker.key)
        assert answer.status_code in REFUSED, f"{url}: {answer.text}"


def test_a_link_that_is_to_be_followed_is_tiktok_s_or_refused(http: FlaskClient, attacker: Tenant) -> None:
    """Nobody looks anything up in this test: a link that passed would be a 503."""
    for url in [*INSIDE, *TRICKS]:
        body = {"url": url, "resolve_redirects": True}
        parsed = http.post("/api/v1/video/parse-url", json=body, headers=attacker.key)
        looked_up = http.get(f"/api/v1/video/{quote(url, safe='')}", headers=attacker.key)
        assert parsed.status_code in REFUSED, f"{url}: {parsed.text}"
        assert looked_up.status_code in REFUSED | {404}, f"{url}: {looked_up.text}"


def test_an_address_that_only_looks_like_tiktok_s_is_refused(http: FlaskClient, attacker: Tenant) -> None:
    for url in (
        "https://www.tiktok.com.evil.example/@khaby.lame", "https://evil.example/@khaby.lame",
        "https://www.tiktok.com@evil.example/@khaby.lame", "https://evil.example/?https://www.tiktok.com/@khaby.lame",
        "https://evil.example#https://www.tiktok.com/@khaby.lame", "http://127.0.0.1/@khaby.lame",
        "https://tiktok.com.:8080@127.0.0.1/@khaby.lame",
    ):  # fmt: skip
        answer = http.post("/api/jobs", json={"url": url}, headers=attacker.key)
        assert answer.status_code in REFUSED, f"{url}: {answer.text}"


def test_a_refusal_does_not_tell_what_is_inside(http: FlaskClient, attacker: Tenant) -> None:
    """A port that is open and one that is not are refused in the same words."""
    closed = free_port()
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened = server.getsockname()[1]
        answers = [
            http.post(
                "/api/tiktok/profiles", json=callback_to(f"https://127.0.0.1:{one}/"), headers=attacker.key
            ).text.replace(str(one), "")
            for one in (opened, closed)
        ]

    assert answers[0] == answers[1]
