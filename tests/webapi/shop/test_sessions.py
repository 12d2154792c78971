"""Sessions of TikTok: each client sees its own, and nobody a cookie's value."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from store.clients.client import Plan, Role
from store.config import Config
from store.identities import IdentityBook
from store.secrets import Keyring
from tests.webapi.serving import Answer, Api
from tests.webapi.shop.conftest import MakeApi

SESSIONS = "/api/v1/tiktok/sessions"
SECRET = "5ecret-of-a-session"
ENDS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=100)
COOKIES = [
    {"name": name, "value": f"{SECRET}-{name}", "domain": ".tiktok.com", "expirationDate": ENDS.timestamp()}
    for name in ("sessionid", "sid_tt", "msToken", "tt_csrf_token", "ttwid")
]
NETSCAPE = ".tiktok.com\tTRUE\t/\tTRUE\t{expirationDate:.0f}\t{name}\t{value}"
FOREIGN = {"name": "sessionid", "value": SECRET, "domain": ".evil.example"}


def add(api: Api, cookies: Any = COOKIES, name: str = "main", **more: Any) -> Answer:
    return api.post(SESSIONS, {"account_name": name, "cookies": cookies} | more)


def names(api: Api) -> list[str]:
    return [session["account_name"] for session in api.get(SESSIONS).document["sessions"]]


def test_cookies_are_kept_encrypted_and_told_without_their_values(
    api: Api, engine: Engine, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    added = add(api)
    session_id = added.document["session"]["id"]
    told = [added, api.get(SESSIONS), api.get(f"{SESSIONS}/{session_id}/health")]

    assert added.status == 201
    assert (added.document["status"], added.document["message"]) == ("success", "Sessão salva: 5 cookies")
    assert added.document["refused"] == []
    assert not any(SECRET.encode() in answer.body for answer in told)
    assert SECRET not in caplog.text
    book = IdentityBook(engine, Keyring.load(config))
    kept = {cookie.name: cookie.value for cookie in book.get(session_id, datetime.now(UTC)).cookies}
    assert kept == {cookie["name"]: cookie["value"] for cookie in COOKIES}
    with engine.connect() as connection:
        assert SECRET.encode() not in b"".join(
            connection.exec_driver_sql("SELECT sealed FROM identities").scalars()
        )


@pytest.mark.parametrize(
    "cookies",
    [
        COOKIES,
        {"cookies": [cookie | {"expires": ENDS.timestamp(), "path": "/"} for cookie in COOKIES], "origins": []},
        "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in COOKIES),
        "\n".join(NETSCAPE.format(**cookie) for cookie in COOKIES),
    ],
    ids=["Cookie-Editor", "storage state", "header", "cookies.txt"],
)  # fmt: skip
def test_every_format_of_the_importer_is_taken(cookies: Any, api: Api) -> None:
    answer = add(api, cookies)

    assert (answer.status, answer.document["message"]) == (201, "Sessão salva: 5 cookies")


def test_the_health_of_a_session_names_its_critical_cookies(api: Api) -> None:
    session_id = add(api, COOKIES[:3]).document["session"]["id"]

    health = api.get(f"{SESSIONS}/{session_id}/health").document

    assert (health["status"], health["cookies_valid"], health["is_logged_in"]) == ("ready", True, True)
    assert (health["cookie_expires"], health["days_until_expiry"]) == (f"{ENDS:%Y-%m-%dT%H:%M:%SZ}", 99)
    present = {cookie["name"]: cookie["present"] for cookie in health["cookies"]}
    assert present == {
        "sessionid": True, "sid_tt": True, "msToken": True, "tt_csrf_token": False, "ttwid": False,
    }  # fmt: skip


def test_a_name_that_is_known_gets_the_new_cookies(api: Api) -> None:
    first = add(api).document["session"]["id"]

    again = add(api, COOKIES[:2])

    assert again.document["message"] == "Sessão atualizada: 2 cookies"
    assert again.document["session"]["id"] == first
    assert names(api) == ["main"]


def test_clients_see_only_their_own_and_may_use_the_same_names(make_api: MakeApi) -> None:
    one, other = make_api(Plan.PRO).api, make_api(Plan.ENTERPRISE).api
    first, second = add(one).document["session"]["id"], add(other).document["session"]["id"]

    assert first != second
    assert [names(one), names(other)] == [["main"], ["main"]]
    for method, path in (("GET", f"{SESSIONS}/{first}/health"), ("DELETE", f"{SESSIONS}/{first}")):
        answer = other.ask(method, path)
        assert (answer.status, answer.document["error_code"]) == (404, "NOT_FOUND")
    assert names(one) == ["main"]


def test_who_runs_the_installation_sees_all(make_api: MakeApi) -> None:
    made = make_api(Plan.PRO)
    add(made.api)

    admin = make_api(Plan.FREE, Role.ADMIN).api

    assert names(admin) == [f"{made.client_id}/main"]


def test_a_deleted_session_is_gone_for_good(api: Api) -> None:
    session_id = add(api).document["session"]["id"]

    gone = api.ask("DELETE", f"{SESSIONS}/{session_id}")

    assert gone.document == {"status": "success", "message": "Sessão removida: main"}
    assert names(api) == []
    assert api.ask("DELETE", f"{SESSIONS}/{session_id}").status == 404


def test_the_free_plan_adds_none(make_api: MakeApi) -> None:
    api = make_api(Plan.FREE).api

    answer = add(api)

    assert (answer.status, answer.document["error_code"]) == (403, "FORBIDDEN")
    assert api.get(SESSIONS).document == {"sessions": [], "total": 0}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"cookies": COOKIES}, "account_name"),
        ({"account_name": "main"}, "cookies"),
        ({"account_name": "  ", "cookies": COOKIES}, "account_name"),
        ({"account_name": "x" * 41, "cookies": COOKIES}, "account_name"),
        ({"account_name": "a\nb", "cookies": COOKIES}, "account_name"),
        ({"account_name": "main", "cookies": []}, "cookies"),
        ({"account_name": "main", "cookies": None}, "cookies"),
        ({"account_name": "main", "cookies": 5}, "cookies"),
        ({"account_name": "main", "cookies": f"<html>{SECRET}"}, "cookies"),
        ({"account_name": "main", "cookies": [FOREIGN]}, "cookies"),
        ({"account_name": "main", "cookies": [COOKIES[0] | {"expirationDate": 1_000_000_000}]}, "cookies"),
        ({"account_name": "main", "cookies": COOKIES, "password": SECRET}, "password"),
    ],
)  # fmt: skip
def test_cookies_that_nobody_can_ask_with_are_refused_and_not_quoted(
    body: dict[str, Any], named: str, api: Api
) -> None:
    answer = api.post(SESSIONS, body)

    assert (answer.status, answer.document["error_code"]) == (400, "INVALID_QUERY"), answer.body
    assert named in answer.document["detail"]
    assert SECRET.encode() not in answer.body
    assert names(api) == []


def test_the_document_shows_how_to_send_them(api: Api) -> None:
    """The curl of the document: its body, with cookies in place of the dots."""
    body = orjson.dumps({"account_name": "main", "cookies": COOKIES})

    answer = api.ask("POST", SESSIONS, body, {"Content-Type": "application/json"})

    assert answer.status == 201
