"""msTokens: always new, known again, stale after a while, and looked at only when the settings say so."""

from __future__ import annotations

import time

import httpx
import pytest

from standin.tokens import issue_token, issued_at
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import DEVICE, Visitor

DETAIL = "/api/user/detail/"


def ask(visitor: Visitor, token: str | None = None) -> httpx.Response:
    """Ask an endpoint with this token in the query, and none in the jar."""
    if "msToken" in visitor.http.cookies:
        visitor.http.cookies.delete("msToken")
    sent = {} if token is None else {"msToken": token}
    return visitor.get(DETAIL, uniqueId="khaby.lame", **DEVICE, **sent)


def is_gated(reply: httpx.Response) -> bool:
    return reply.content == b"" and reply.headers.get("tt_orcas_res") == "1"


@pytest.mark.parametrize("length", [107, 128, 148])
def test_a_token_is_known_again_by_its_site_only(length: int) -> None:
    token = issue_token(7, length)

    issued = issued_at(7, token)

    assert len(token) == length
    assert issued is not None
    assert abs(time.time() - issued) < 5
    assert issued_at(8, token) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 148, "0" * 148, "½" * 148, issue_token(7)[1:]])
def test_what_was_never_issued_is_no_token(token: str) -> None:
    assert issued_at(7, token) is None


def test_every_answer_brings_another_token(visitor: Visitor) -> None:
    visitor.get("/@khaby.lame")
    tokens = {visitor.http.cookies["msToken"], *(ask(visitor).cookies["msToken"] for _ in range(3))}

    assert len(tokens) == 4
    assert all(issued_at(7, token) for token in tokens)


@pytest.mark.parametrize(
    ("carrier", "places"), [("cookie", (True, False)), ("header", (False, True)), ("both", (True, True))]
)
def test_a_token_comes_the_way_the_settings_say(
    visitor: Visitor, standin: RunningStandin, carrier: str, places: tuple[bool, bool]
) -> None:
    standin.change(tokens={"carrier": carrier})

    reply = ask(visitor)

    assert ("msToken" in reply.cookies, "x-ms-token" in reply.headers) == places


def test_a_forged_token_is_gated_and_none_is_fine(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(tokens={})

    forged, absent = ask(visitor, "a" * 148), ask(visitor)
    visitor.http.cookies.set("msToken", "forged")
    in_the_jar = visitor.get(DETAIL, uniqueId="khaby.lame", **DEVICE)

    assert is_gated(forged)
    assert is_gated(in_the_jar)
    assert absent.json()["statusCode"] == 0


def test_a_token_goes_stale_for_logins_after_so_many_uses(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(tokens={"uses": 2})
    visitor.http.cookies.update(standin.login())
    token = ask(visitor).cookies["msToken"]

    sizes = [len(ask(visitor, token).content) for _ in range(3)]
    fresh = ask(visitor, ask(visitor).cookies["msToken"])

    assert sizes[0] == sizes[1] > 0
    assert sizes[2] == 0
    assert fresh.content
    assert standin.log()["requests"][3]["ms_token"] == token
    assert [seen["origin"] for seen in standin.log()["requests"]].count("token") == 1


def test_a_token_goes_stale_with_age(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(tokens={"seconds": 0.5})
    visitor.http.cookies.update(standin.login())
    token = ask(visitor).cookies["msToken"]

    young = ask(visitor, token)
    time.sleep(0.6)
    old = ask(visitor, token)

    assert young.content
    assert (old.status_code, old.content) == (200, b"")
    assert "tt_orcas_res" not in old.headers


def test_guests_may_send_stale_tokens(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(tokens={"uses": 1})
    token = ask(visitor).cookies["msToken"]

    assert all(ask(visitor, token).content for _ in range(3))


def test_without_rules_nobody_looks_at_tokens(visitor: Visitor) -> None:
    assert ask(visitor, "forged").content


def test_rules_that_make_no_sense_are_refused_by_name(visitor: Visitor) -> None:
    reply = visitor.http.post("/__standin__/settings", json={"tokens": {"carrier": "pigeon"}})

    assert (reply.status_code, "pigeon" in reply.text) == (400, True)
