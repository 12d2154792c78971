"""Logins: the sessions that exist, until when, and what a site says about one that is over."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from standin.logins import LAPSED, LIFETIME_SECONDS, Logins, guard_end, session_cookies
from tests.fixtures.standin import ROOT, RunningStandin
from tests.standin.conftest import DEVICE, Visitor

BEAT = "/passport/token/beat/web/"
SEARCH = "/api/search/item/full/"
NOW = 1_800_000_000
DAY = 86_400


def jar(session: str = "standin-session-4", start: int = NOW) -> dict[str, str]:
    return {cookie.name: cookie.value for cookie in session_cookies(session, start, LIFETIME_SECONDS)}


@pytest.mark.parametrize(
    ("cookies", "alive"),
    [
        ({}, False),
        ({"sessionid": "standin-session-1"}, True),
        ({"sessionid_ss": "standin-session-999"}, True),
        ({"sid_tt": "standin-session-12"}, True),
        ({"sessionid": "standin-session-0"}, False),
        ({"sessionid": "standin-session-1000"}, False),
        ({"sessionid": LAPSED}, False),
        ({"sessionid": "somebody-else"}, False),
        (jar(), True),
        (jar(start=NOW - LIFETIME_SECONDS), False),
        (jar() | {"sid_guard": "not a guard"}, True),
    ],
)
def test_only_known_sessions_before_their_end_are_alive(cookies: dict[str, str], alive: bool) -> None:
    assert Logins().is_alive(cookies, NOW) is alive


def test_a_session_the_site_ended_stays_ended() -> None:
    logins = Logins({"standin-session-4"})

    assert not logins.is_alive(jar(), NOW)
    assert logins.is_alive(jar("standin-session-5"), NOW)


def test_a_login_near_its_end_gets_a_new_lifetime() -> None:
    near, far, over = (jar(start=NOW - LIFETIME_SECONDS + days * DAY) for days in (6, 31, -1))

    renewed = {cookie.name: cookie.value for cookie in Logins().renewed(near, NOW)}

    assert guard_end(renewed["sid_guard"]) == NOW + LIFETIME_SECONDS
    assert renewed["sessionid"] == near["sessionid"]
    assert Logins().renewed(far, NOW) == Logins().renewed(over, NOW) == []


@pytest.mark.parametrize("path", [BEAT, "/@khaby.lame"])
def test_a_visit_renews_a_login(visitor: Visitor, standin: RunningStandin, path: str) -> None:
    visitor.http.cookies.update(standin.login(2, days=5))

    renewed = visitor.get(path).cookies
    again = visitor.get(path).cookies

    end = guard_end(renewed["sid_guard"])
    assert end is not None
    assert abs(end - time.time() - LIFETIME_SECONDS) < 60
    assert "sid_guard" not in again


def test_a_search_answers_members_and_tells_the_others_apart(
    visitor: Visitor, standin: RunningStandin
) -> None:
    standin.change(open=["signed"])
    query = {"keyword": "iphone case", **DEVICE}

    guest = visitor.get(SEARCH, **query)
    visitor.http.cookies.update(standin.login(0))
    lapsed = visitor.get(SEARCH, **query)
    visitor.http.cookies.update(standin.login(1, days=-1))
    expired = visitor.get(SEARCH, **query)
    visitor.http.cookies.update(standin.login(1))
    member = visitor.get(SEARCH, **query)

    assert guest.content == b""
    assert lapsed.json()["statusCode"] == expired.json()["statusCode"] == 10102
    assert len(member.json()["item_list"]) == 12


def test_a_login_wall_can_spare_members(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("login_wall", "/api/user/list/", logged_in=False)
    query = {"secUid": visitor.sec_uid("khaby.lame"), "scene": "67", **DEVICE}

    guest = visitor.get("/api/user/list/", **query).json()
    visitor.http.cookies.update(standin.login())
    member = visitor.get("/api/user/list/", **query).json()

    assert guest["statusCode"] == 10102
    assert len(member["userList"]) == 30


def test_follower_lists_of_some_are_for_members(visitor: Visitor, standin: RunningStandin) -> None:
    query = {"secUid": visitor.sec_uid("big.counts"), "count": 30, "minCursor": 0, "maxCursor": 0}

    guest = [visitor.json("/api/user/list/", scene=scene, **query)["statusCode"] for scene in (67, 21)]
    for name, value in standin.login(2).items():
        visitor.http.cookies.set(name, value)
    member = [visitor.json("/api/user/list/", scene=scene, **query) for scene in (67, 21)]

    assert guest == [10102, 10102]
    assert [len(page["userList"]) for page in member] == [30, 30]


def test_the_log_names_the_session(visitor: Visitor, standin: RunningStandin) -> None:
    visitor.http.cookies.update(standin.login(7))
    visitor.get(BEAT)

    assert standin.log()["requests"][0]["session"] == "standin-session-7"


def test_a_login_that_is_no_number_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/__standin__/logins/one").status_code == 400
    assert visitor.get("/__standin__/logins/1", days="soon").status_code == 400


def test_the_command_prints_cookies_as_a_browser_exports_them() -> None:
    command = [sys.executable, "-m", "standin", "login", "3", "--days", "5", "--domain", "127.0.0.1"]

    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    rows = {row["name"]: row for row in json.loads(printed)}
    assert {"sessionid", "sid_tt", "msToken", "tt_csrf_token", "ttwid", "sid_guard"} <= set(rows)
    assert {row["domain"] for row in rows.values()} == {"127.0.0.1"}
    assert rows["sessionid"]["value"] == "standin-session-3"
    end = guard_end(rows["sid_guard"]["value"])
    assert end is not None
    assert abs(end - time.time() - 5 * DAY) < 60
