"""Faults on demand: each kind as it looks on the wire, and the rules that decide who meets it."""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from standin.faults.rules import KINDS
from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import NOW, Visitor

PAGE = "/@khaby.lame"
LIST = "/api/creator/item_list/"
NEWEST = landmarks(World(7, 1_000))["accounts"]["khaby.lame"]["newest_post"]


def listed(visitor: Visitor, cursor: int = NOW) -> httpx.Response:
    return visitor.page_of_history("two.hundred", cursor)


def test_rate_limit_says_when_to_come_back(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("rate_limit", PAGE, options={"retry_after": 7})

    reply = visitor.get(PAGE)

    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "7")


def test_captcha_is_json_on_endpoints_and_a_page_elsewhere(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("captcha")

    endpoint, page = listed(visitor), visitor.get(PAGE)

    assert endpoint.status_code == page.status_code == 200
    assert (endpoint.json()["code"], endpoint.json()["type"]) == ("10000", "verify")
    assert "verify_center" in page.text
    assert "__UNIVERSAL_DATA_FOR_REHYDRATION__" not in page.text


def test_the_waf_lets_its_solver_pass(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("waf", PAGE)
    challenge = visitor.get(PAGE)

    visitor.http.cookies.set("_wafchallengeid", solved(challenge.text))
    passed, again = visitor.get(PAGE), visitor.get(PAGE)

    assert challenge.headers["x-tt-system-error"] == "3"
    assert 600 <= len(challenge.content) <= 2_400
    assert "Please wait..." in challenge.text
    assert "__UNIVERSAL_DATA_FOR_REHYDRATION__" in passed.text
    assert "Please wait..." in again.text


def solved(page: str) -> str:
    """Solve the puzzle the way the page's script does: try numbers until the hash fits."""
    coded = page.split('id="cs" class="')[1].split('"', maxsplit=1)[0]
    puzzle: dict[str, Any] = json.loads(b64decode(coded + "==="))
    secret, expected = b64decode(puzzle["v"]["a"]), b64decode(puzzle["v"]["c"])
    number = next(n for n in range(1_000_001) if sha256(secret + str(n).encode()).digest() == expected)
    return b64encode(json.dumps(puzzle | {"d": b64encode(str(number).encode()).decode()}).encode()).decode()


def test_the_login_wall_redirects_pages_and_refuses_endpoints(
    visitor: Visitor, standin: RunningStandin
) -> None:
    standin.add_fault("login_wall")

    page, endpoint = visitor.get(PAGE), listed(visitor)

    assert page.headers["Location"].startswith("/login")
    assert endpoint.json()["statusCode"] == 10102


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("forbidden", {}, (403, "Access Denied")),
        ("forbidden", {"status": 444}, (444, "Access Denied")),
        ("maintenance", {}, (403, "Site Under Maintenance")),
        ("server_error", {}, (503, "upstream")),
        ("server_error", {"status": 502}, (502, "upstream")),
        ("status_code", {}, (200, '"statusCode":10101')),
        ("status_code", {"code": 10114, "status": 400}, (400, '"statusCode":10114')),
        ("empty", {}, (200, "")),
        ("html", {}, (200, "<!DOCTYPE html>")),
        ("no_data", {}, (200, "TikTok - Make Your Day")),
    ],
)
def test_refusals_have_their_status_and_text(
    visitor: Visitor, standin: RunningStandin, kind: str, options: dict[str, int], expected: tuple[int, str]
) -> None:
    standin.add_fault(kind, options=options)

    status, text = expected

    reply = listed(visitor)

    assert reply.status_code == status
    assert text in reply.text
    assert bool(reply.text) == bool(text)


def test_gated_is_nothing_with_the_header(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("gated", LIST)

    reply = listed(visitor)

    assert (reply.status_code, reply.content, reply.headers["tt_orcas_res"]) == (200, b"", "1")


def test_drip_is_slow_and_whole(visitor: Visitor, standin: RunningStandin) -> None:
    whole = listed(visitor).json()
    standin.add_fault("drip", LIST, options={"bytes": 50_000, "seconds": 0.05})
    start = time.perf_counter()

    dripped = listed(visitor).json()

    assert dripped == whole
    assert time.perf_counter() - start > 0.15


def test_delay_is_late(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("delay", LIST, options={"seconds": 0.3})
    start = time.perf_counter()

    assert listed(visitor).status_code == 200
    assert time.perf_counter() - start > 0.3


def test_cut_ends_in_the_middle_of_the_body(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("cut", LIST)

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        listed(visitor)


def test_reset_comes_before_any_byte(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("reset", LIST)

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        listed(visitor)


@pytest.mark.parametrize(
    ("kind", "expected"), [("more_lies_true", True), ("more_lies_false", False), ("more_missing", None)]
)
def test_lists_lie_about_more_or_say_nothing(
    visitor: Visitor, standin: RunningStandin, kind: str, expected: bool | None
) -> None:
    standin.add_fault(kind, LIST)

    last = listed(visitor, 1_700_000_000_000).json() if kind == "more_lies_true" else listed(visitor).json()

    assert last.get("hasMorePrevious") is expected
    assert bool(last["itemList"]) == (kind != "more_lies_true")


def test_an_empty_list_is_a_list(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("empty_list", LIST)

    assert listed(visitor).json() == {"hasMorePrevious": True, "itemList": [], "statusCode": 0}


def test_hollow_objects_are_there_with_nothing_in_them(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("hollow", "/api/user/detail/")

    body = visitor.json("/api/user/detail/", uniqueId="khaby.lame")

    assert body["statusCode"] == 0
    assert body["userInfo"] == {"user": {}, "stats": {}, "statsV2": {}}


def test_a_stuck_cursor_points_to_the_first_page(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("stuck_cursor", "/api/comment/*")

    page = visitor.json("/api/comment/list/", aweme_id=NEWEST)

    assert (page["cursor"], page["has_more"]) == (0, 1)


def test_a_repeated_page_is_the_first_one_again(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("repeated_page", LIST)

    first, second = listed(visitor), listed(visitor, 1_780_000_000_000)

    assert first.content == second.content


def test_drift_renames_a_key_on_pages_and_endpoints(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("drift", options={"field": "itemStruct", "to": "postStruct"})

    detail = visitor.scope(f"/@x/video/{NEWEST}", "webapp.video-detail")
    answer = visitor.json("/api/item/detail/", itemId=NEWEST)

    assert list(detail["itemInfo"]) == list(answer["itemInfo"]) == ["postStruct"]


def test_links_can_have_run_out(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("expired_links", LIST)

    video = listed(visitor).json()["itemList"][0]["video"]

    assert "expire=1700000000&" in video["playAddr"]
    assert "x-expires=1700000000&" in video["cover"]


def test_a_rule_hits_its_path_after_some_and_only_so_often(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("rate_limit", "/@two.*", after=1, count=2)

    statuses = [visitor.get("/@two.hundred").status_code for _ in range(5)]
    other = visitor.get(PAGE).status_code

    assert statuses == [200, 429, 429, 200, 200]
    assert other == 200
    assert standin.faults()[0]["fired"] == 2


def test_a_rule_hits_one_identity(visitor: Visitor, standin: RunningStandin) -> None:
    visitor.get(PAGE)
    standin.add_fault("captcha", identity=visitor.http.cookies["ttwid"])

    marked = visitor.get(PAGE).text
    visitor.http.cookies.clear()
    stranger = visitor.get(PAGE).text

    assert "verify_center" in marked
    assert "verify_center" not in stranger


def test_an_endpoint_can_be_left_to_the_pages_own_script(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("unsigned", "/api/comment/*")

    reply = visitor.get("/api/comment/list/", aweme_id=NEWEST, device_id="7512345678901234567")

    assert (reply.status_code, reply.content, reply.headers["tt_orcas_res"]) == (200, b"", "1")


def test_a_page_can_hang(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("hang", PAGE, options={"seconds": 3})

    assert "Date.now() + 3000" in visitor.get(PAGE).text


def test_a_rule_can_look_at_the_query(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_fault("empty", "/api/comment/list/", query="cursor=20")

    first = visitor.get("/api/comment/list/", aweme_id=NEWEST, cursor=0, device_id="7512345678901234567")
    second = visitor.get("/api/comment/list/", aweme_id=NEWEST, cursor=20, device_id="7512345678901234567")

    assert first.content
    assert second.content == b""


def test_chance_is_the_same_in_every_run(visitor: Visitor, standin: RunningStandin) -> None:
    runs = []
    for _ in range(2):
        standin.reset()
        standin.add_fault("server_error", "/oembed", probability=0.4, seed=3)
        runs.append([visitor.get("/oembed").status_code for _ in range(40)])

    assert runs[0] == runs[1]
    assert 6 <= runs[0].count(503) <= 26


def test_the_first_rule_that_fires_decides(visitor: Visitor, standin: RunningStandin) -> None:
    standin.add_faults([{"kind": "captcha", "path": PAGE, "count": 1}, {"kind": "rate_limit", "path": PAGE}])

    assert [visitor.get(PAGE).status_code for _ in range(3)] == [200, 429, 429]


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"kind": "earthquake"}, "earthquake"),
        ({"path": "/x"}, "kind"),
        ({"kind": "empty", "paths": "/x"}, "paths"),
        ({"kind": "empty", "probability": 2}, "probability"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_name(
    visitor: Visitor, rule: dict[str, object], named: str
) -> None:
    reply = visitor.http.post("/__standin__/faults", json=rule)

    assert reply.status_code == 400
    assert named in reply.text


def test_the_log_tells_what_was_asked_by_whom(visitor: Visitor, standin: RunningStandin) -> None:
    visitor.get(PAGE, lang="en")
    standin.add_fault("empty", LIST)
    listed(visitor)

    log = standin.log()

    assert log["total"] == 2
    assert log["counts"] == {PAGE: 1, LIST: 1}
    page, asked = log["requests"]
    assert (page["path"], page["query"], page["cookies"], page["fault"]) == (PAGE, {"lang": "en"}, [], None)
    assert (asked["cookies"][-1], asked["fault"]) == ("ttwid", "empty")
    assert asked["identity"] == visitor.http.cookies["ttwid"]


def test_every_kind_of_fault_is_tried() -> None:
    text = "".join(
        Path(__file__).with_name(name).read_text(encoding="utf-8")
        for name in ("test_faults.py", "test_cdn.py", "test_shop_faults.py")
    )

    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
