"""Budgets: throttled, then asked for a captcha, then logged out; per identity and per exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from standin.budgets import Budget, Ledger, Stage
from standin.logins import Logins
from tests.fixtures.standin import RunningProxy, RunningStandin
from tests.standin.conftest import DEVICE, Visitor

DETAIL = "/api/user/detail/"
PASS, THROTTLE, CAPTCHA, LOG_OUT = Stage


def ask(visitor: Visitor) -> httpx.Response:
    return visitor.get(DETAIL, uniqueId="khaby.lame", **DEVICE)


def words(reply: httpx.Response) -> str:
    """Name an answer in one word."""
    if reply.status_code == 429:
        return "wait" if "Retry-After" in reply.headers else "429"
    if not reply.content:
        return "empty"
    body = reply.json()
    return {"10000": "captcha"}.get(body.get("code")) or {0: "ok", 10102: "login"}[body["statusCode"]]


def budget(**fields: Any) -> dict[str, Any]:
    return {"burst": 2, "refill": 0, "patience": 2, "captchas": 1, "paths": ["/api/*"]} | fields


def test_a_bucket_refills_and_a_full_one_forgives() -> None:
    ledger = Ledger(Budget(burst=2, refill=0.5, patience=1, captchas=1), Logins())

    at_once = [ledger.charge("me", now) for now in (0, 0, 0)]
    after_a_token = [ledger.charge("me", now) for now in (2, 2, 2)]
    not_yet_full, full = ledger.charge("me", 5.9), ledger.charge("me", 6)

    assert at_once == [PASS, PASS, THROTTLE]
    assert after_a_token == [PASS, CAPTCHA, LOG_OUT]
    assert (not_yet_full, full) == (LOG_OUT, PASS)


def test_everybody_has_a_bucket_of_their_own() -> None:
    ledger = Ledger(Budget(burst=1, refill=0), Logins())

    assert [ledger.charge(who, 0) for who in ("a", "b", "a", "c")] == [PASS, PASS, THROTTLE, PASS]


def test_retry_after_is_when_the_next_token_is_there(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(budgets=[budget(burst=1, refill=0.01)])

    ask(visitor)
    reply = ask(visitor)

    assert reply.headers["Retry-After"] == "100"


@pytest.mark.parametrize(("throttle", "word"), [("retry_after", "wait"), ("bare", "429"), ("empty", "empty")])
def test_a_guest_is_throttled_then_asked_for_a_captcha(
    visitor: Visitor, standin: RunningStandin, throttle: str, word: str
) -> None:
    standin.change(budgets=[budget(throttle=throttle)])
    visitor.get("/@khaby.lame")

    answers = [words(ask(visitor)) for _ in range(7)]

    assert answers == ["ok", "ok", word, word, "captcha", "captcha", "captcha"]
    assert standin.log()["requests"][-1]["origin"] == "budget"


def test_drawn_throttles_are_the_same_every_time(visitor: Visitor, standin: RunningStandin) -> None:
    rules = [budget(throttle="any", patience=30, seed=5)]
    visitor.http.cookies.set("ttwid", "always-the-same")
    runs = []
    for _ in range(2):
        standin.change(budgets=[])
        standin.change(budgets=rules)
        runs.append([words(ask(visitor)) for _ in range(25)])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {"ok", "wait", "429", "empty"}


def test_a_login_is_ended_after_its_captchas(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(budgets=[budget()])
    visitor.http.cookies.update(standin.login(3))

    answers = [words(ask(visitor)) for _ in range(7)]
    beat = visitor.get("/passport/token/beat/web/").json()
    visitor.http.cookies.update(standin.login(4))
    another = words(ask(visitor))

    assert answers == ["ok", "ok", "wait", "wait", "captcha", "login", "login"]
    assert beat["data"]["error_code"] == 8
    assert another == "ok"


def test_on_pages_the_captcha_is_a_page_and_the_log_out_a_redirect(
    visitor: Visitor, standin: RunningStandin
) -> None:
    standin.change(budgets=[budget(paths=["/@*"], patience=0)])
    visitor.http.cookies.update(standin.login(3))

    replies = [visitor.get("/@khaby.lame") for _ in range(4)]

    assert "verify_center" in replies[2].text
    assert replies[3].headers["Location"].startswith("/login")


def test_a_reset_forgives_everything(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(budgets=[budget(burst=1, patience=0, captchas=0)])
    visitor.http.cookies.update(standin.login(3))
    ended = [words(ask(visitor)) for _ in range(2)]

    standin.reset()

    assert ended == ["ok", "login"]
    assert visitor.get("/passport/token/beat/web/").json()["data"]["error_code"] == 0


def test_classes_of_endpoints_have_their_own_budgets(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(budgets=[budget(paths=["/api/comment/*", "/api/item/*"]), budget(paths=[DETAIL])])
    visitor.get("/@khaby.lame")

    statuses = [
        visitor.get(path, **DEVICE).status_code for path in ("/api/comment/list/", "/api/item/detail/")
    ]
    spent = visitor.get("/api/comment/list/", **DEVICE).status_code

    assert statuses == [200, 200]
    assert spent == 429
    assert words(ask(visitor)) == "ok"


def test_identities_behind_one_exit_share_its_budget_and_another_exit_has_its_own(
    standin: RunningStandin, standin_proxy: Callable[..., RunningProxy]
) -> None:
    standin.change(budgets=[budget(per="exit", burst=3)])
    lisbon, oslo = standin_proxy("lisbon"), standin_proxy("oslo")

    def through(proxy: RunningProxy, ttwid: str) -> int:
        with httpx.Client(proxy=proxy.url, cookies={"ttwid": ttwid}) as client:
            return client.get(
                f"{standin.url}{DETAIL}", params={"uniqueId": "khaby.lame", **DEVICE}
            ).status_code

    crowded = [through(lisbon, f"visitor-{number}") for number in range(4)]
    elsewhere = through(oslo, "visitor-3")

    assert crowded == [200, 200, 200, 429]
    assert elsewhere == 200
    assert [seen["exit"] for seen in standin.log()["requests"]] == ["lisbon"] * 4 + ["oslo"]


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"per": "galaxy"}, "galaxy"),
        ({"throttle": "kindly"}, "kindly"),
        ({"burst": 0}, "burst"),
        ({"x": 1}, "x"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused_by_name(
    visitor: Visitor, wish: dict[str, Any], named: str
) -> None:
    reply = visitor.http.post("/__standin__/settings", json={"budgets": [wish]})

    assert (reply.status_code, named in reply.text) == (400, True)
