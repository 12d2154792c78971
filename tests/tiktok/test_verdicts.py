"""Each rule with the answer it was made for, and the order in which the rules are asked."""
# ruff: noqa: E501  # a table reads best with one case per line

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.replies import Reply
from tiktok.routes import Operation
from tiktok.status_codes import StatusCode
from tiktok.verdicts import CODES, PERMANENT, Judgement, Verdict, judge

SITE = "https://www.tiktok.com"
ENDPOINT = f"{SITE}/api/item/detail/?itemId=1"
PAGE = f"{SITE}/@demo.user"
USER = {"id": "6800000000000000001", "uniqueId": "demo.user", "secUid": "MS4wLjABAAAA" + "x" * 64}
POST = {
    "id": "7600000000000000100",
    "desc": "hello captcha, please wait... secsdk",
    "createTime": 1769500000,
    "author": USER,
    "video": {"id": "7600000000000000100", "duration": 9, "playAddr": "https://v16.tiktok.example/a"},
}
WAF = '<!DOCTYPE html><body>Please wait...<p id="wci" class="_wafchallengeid"></p><p id="cs"></p></body>'
WAF_WITHOUT_CLASSES = "<html><body>Please wait... <p id='cs'></p><p id='wci'></p></body></html>"


def reply(
    body: Any = b"", status: int = 200, url: str = ENDPOINT, headers: dict[str, str] | None = None
) -> Reply:
    encoded = (
        body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else orjson.dumps(body)
    )
    return Reply(url=url, status=status, headers=headers or {}, body=encoded)


def page(scopes: dict[str, Any], words: str = "") -> str:
    blob = orjson.dumps({"__DEFAULT_SCOPE__": scopes}).decode()
    return (
        f"<!DOCTYPE html><html><head><title>{words}</title></head><body>"
        f'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{blob}</script></body></html>'
    )


def embed(path: str, content: dict[str, Any]) -> str:
    blob = orjson.dumps({"source": {"data": {path: content}}}).decode()
    return f'<html><script id="__FRONTITY_CONNECT_STATE__" type="application/json">{blob}</script></html>'


def post_page(**changes: Any) -> str:
    return page({"webapp.video-detail": {"statusCode": 0, "itemInfo": {"itemStruct": {**POST, **changes}}}})


def user_page(code: int = 0, **info: Any) -> str:
    return page({"webapp.user-detail": {"statusCode": code, "userInfo": info}})


LIST = {"statusCode": 0, "itemList": [POST], "hasMore": True, "cursor": "1"}
NO_ROWS = {"statusCode": 0, "itemList": [], "hasMore": False, "cursor": "0"}
CAPTCHA = {
    "code": "10000",
    "from": "",
    "type": "verify",
    "region": "va",
    "subtype": "slide",
    "verify_event": "",
}
STATS = {"followerCount": 5, "videoCount": 3, "heartCount": 9}

CASES: list[tuple[str, Reply, str | None, str, str]] = [
    # what, reply, operation, verdict, rule — in the order of the rules
    ("nobody answered", Reply(url=PAGE, error="TimeoutError"), "profile", "network", "no_answer"),
    ("no status", Reply(url=PAGE), None, "network", "no_answer"),
    ("proxy wants credentials", reply("", 407), "video", "network", "proxy_refused"),
    *(
        (f"HTTP {status}", reply("<html>", status), "video", "network", "gateway_failed")
        for status in (408, 502, 503, 504, 520, 521, 522, 523, 524)
    ),
    ("captcha", reply(CAPTCHA), "video", "captcha", "captcha_answer"),
    ("captcha with 403", reply(CAPTCHA, 403), "video", "captcha", "captcha_answer"),
    ("captcha code as number", reply({"code": 10000}), "video", "captcha", "captcha_answer"),
    ("captcha by type", reply({"type": "verify"}), "video", "captcha", "captcha_answer"),
    ("captcha by config", reply({"verifyConfig": {"type": "verify"}}), "video", "captcha", "captcha_answer"),
    ("captcha by event", reply({"verify_event": "slide"}), "video", "captcha", "captcha_answer"),
    ("captcha by key", reply({"captcha": {"a": 1}}), "video", "captcha", "captcha_answer"),
    ("captcha by status code", reply({"statusCode": 10000}), "video", "captcha", "verify_code"),
    ("code with 400", reply({"statusCode": 10201}, 400), "profile_videos", "gated", "invalid_entity"),
    ("non-zero speaks", reply({"statusCode": 10204, "status_code": 0}), "video", "not_found", "video_not_exist"),
    ("non-zero speaks, swapped", reply({"statusCode": 0, "status_code": 10204}), "video", "not_found", "video_not_exist"),
    ("code as digits", reply({"statusCode": "10204"}), "video", "not_found", "video_not_exist"),
    ("code on a page", reply(page({"webapp.video-detail": {"statusCode": 10204}}), url=PAGE), "video", "not_found", "video_not_exist"),
    ("missing profile", reply(user_page(10221), url=PAGE), "profile", "banned", "user_ban"),
    ("missing profile's endpoint", reply({"statusCode": 100002, "userInfo": {}}), "profile", "not_found", "user_not_found"),
    ("private, nothing shown", reply(user_page(10222), url=PAGE), "profile", "private", "user_private"),
    ("private but readable", reply(user_page(10222, user={**USER, "privateAccount": True}, stats=STATS), url=PAGE), "profile", "ok", "private_but_readable"),
    ("private, its posts not counted", reply(user_page(10222, user={**USER, "privateAccount": True}), url=PAGE), "profile", "private", "user_private"),
    ("private list with rows", reply({**LIST, "statusCode": 10222}), "profile_videos", "ok", "private_but_readable"),
    ("private list", reply({**NO_ROWS, "statusCode": 10222}), "profile_videos", "private", "user_private"),
    ("end of the feed", reply({"statusCode": 10404}), "trending", "ok", "fyp_video_list_limit"),
    ("embed with 400 and a code", reply(embed("/embed/@x", {"isError": True, "errorCode": 10202}), 400, PAGE), "profile", "not_found", "user_not_exist"),
    ("sent to the login", reply("<html>", url=f"{SITE}/login?redirect_url=x"), "video", "login_required", "login_redirect"),
    ("sent to a login", reply("<html>", url=f"{SITE}/login/phone"), "video", "login_required", "login_redirect"),
    ("being sent to the login", reply("", 302, PAGE, {"location": "/login?x"}), "video", "login_required", "login_redirect"),
    ("firewall", reply(WAF, url=PAGE), "profile", "waf_challenge", "waf_page"),
    ("firewall with 403", reply(WAF, 403, PAGE), "profile", "waf_challenge", "waf_page"),
    ("firewall without classes", reply(WAF_WITHOUT_CLASSES, url=PAGE), "profile", "waf_challenge", "waf_page"),
    ("firewall on an endpoint", reply(WAF), "video", "waf_challenge", "waf_page"),
    ("firewall by header", reply("<html></html>", 200, PAGE, {"x-tt-system-error": "3"}), "profile", "waf_challenge", "waf_header"),
    *(
        (f"captcha page {word}", reply(f"<html><script src='/{word}.js'></script>", url=PAGE), "profile", "captcha", "captcha_page")
        for word in ("verify_center", "verify_page", "slide_verify", "tiktok-verify-page")
    ),
    *(
        (f"{word} on an endpoint", reply(f"<html>{word}</html>"), "video", "captcha", "captcha_on_endpoint")
        for word in ("captcha", "secsdk", "byted_acrawler")
    ),
    ("maintenance", reply("<html>Site Under Maintenance</html>", 403, PAGE), "video", "blocked", "refusal_page"),
    ("access denied", reply("Access Denied", 444, PAGE), "video", "blocked", "refusal_page"),
    ("access denied with 200", reply("<html>Access Denied</html>", 200, PAGE), "video", "blocked", "refusal_page"),
    ("too many requests", reply("", 429), "video", "rate_limited", "too_many_requests"),
    *(
        (f"HTTP {status}", reply("<html>no</html>", status, PAGE), "video", "blocked", "refusing_status")
        for status in (401, 403, 405, 412, 444)
    ),
    ("403 with unknown JSON", reply({"message": "no"}, 403), "video", "blocked", "refusing_status"),
    ("403 and the header", reply("<html>", 403, PAGE, {"x-tt-system-error": "3"}), "video", "blocked", "refusing_status"),
    ("gate", reply("", headers={"tt_orcas_res": "1"}), "video", "gated", "orcas_header"),
    ("gate with an envelope", reply({"statusCode": 0}, headers={"tt_orcas_res": "1"}), "video", "gated", "orcas_header"),
    ("good despite the header", reply(LIST, headers={"tt_orcas_res": "1"}), "profile_videos", "ok", "rows"),
    ("zero bytes", reply(""), "comments", "empty", "zero_bytes"),
    ("white space", reply(" \n"), "comments", "empty", "zero_bytes"),
    ("cut in transfer", reply('{"itemList":[{"id":"76'), "profile_videos", "network", "cut_answer"),
    ("post", reply(post_page(), url=PAGE), "video", "ok", "record"),
    ("post with HTTP 403", reply(post_page(), 403, PAGE), "video", "ok", "record"),
    ("post full of words", reply(page({"webapp.video-detail": {"itemInfo": {"itemStruct": POST}}}, "captcha verify_center Access Denied Please wait..."), url=PAGE), "video", "ok", "record"),
    ("private post", reply(post_page(privateItem=True), url=PAGE), "video", "private", "private_post"),
    ("post taken down", reply(post_page(takeDown=1), url=PAGE), "video", "taken_down", "taken_down_post"),
    ("classified without media", reply(post_page(isContentClassified=True, video=None), url=PAGE), "video", "age_gated", "age_gated_post"),
    ("classified with media", reply(post_page(isContentClassified=True), url=PAGE), "video", "ok", "record"),
    ("profile", reply({"userInfo": {"user": USER, "stats": STATS}}), "profile", "ok", "record"),
    ("private profile with code 0", reply(user_page(user={**USER, "privateAccount": True}, stats=STATS), url=PAGE), "profile", "ok", "record"),
    ("rows", reply(LIST), "profile_videos", "ok", "rows"),
    ("no rows", reply(NO_ROWS), "profile_videos", "ok", "no_rows"),
    ("comments at their end", reply({"status_code": 0, "comments": None, "has_more": 0, "cursor": 20, "total": 20}), "comments", "ok", "no_rows"),
    ("rows without ids", reply({"statusCode": 0, "itemList": [{"identity": "1"}], "hasMore": True}), "profile_videos", "schema_changed", "required_missing"),
    ("search session lost", reply({"status_code": 0, "data": [], "has_more": 0, "search_nil_info": {"search_nil_item": "empty_session"}}), "search_videos", "withheld", "search_session_lost"),
    ("embed of a private account", reply(embed("/embed/@demo.user", {"isError": False, "userInfo": {**USER, "privateAccount": True}, "videoList": []}), url=PAGE), "profile_videos", "private", "embed_private"),
    ("embed of an account that calls itself private", reply(embed("/embed/@x", {"isError": True, "errorCode": 10222}), 400, PAGE), "profile", "private", "embed_private"),
    ("embed of a private account's profile", reply(embed("/embed/@demo.user", {"isError": False, "userInfo": {**USER, "privateAccount": True}, "videoList": []}), url=PAGE), "profile", "ok", "record"),
    ("hidden followers", reply({"statusCode": 0, "hasMore": False, "minCursor": 0, "maxCursor": 0, "total": 9}), "followers", "ok", "no_rows"),
    ("hidden following, bare", reply({"statusCode": 0, "extra": {"now": 1}}), "following", "ok", "hidden_list"),
    ("server error", reply("<html>", 500, PAGE), "video", "network", "server_error"),
    ("redirected", reply("", 302, PAGE, {"location": "/about"}), "video", "no_data", "redirected"),
    ("gone", reply("<html>", 404, PAGE), "video", "not_found", "http_gone"),
    ("gone for good", reply("", 410, PAGE), "video", "not_found", "http_gone"),
    ("endpoint gone", reply("<html>", 404), "video", "no_data", "bad_request"),
    ("legal reasons", reply("", 451, PAGE), "video", "region_blocked", "http_legal_reasons"),
    ("bad request", reply("<html>", 400, PAGE), "video", "no_data", "bad_request"),
    ("embed error without a code", reply(embed("/embed/@x", {"isError": True}), 400, PAGE), "profile", "no_data", "embed_error"),
    ("embed error with 200", reply(embed("/embed/@x", {"isError": True}), 200, PAGE), "profile", "no_data", "embed_error"),
    ("withheld profile", reply({"userInfo": {"user": {}, "stats": {}, "shareMeta": {}}}), "profile", "withheld", "hollow_record"),
    ("withheld profile with zeros", reply({"statusCode": 0, "userInfo": {"user": {"id": ""}, "stats": {"heart": 0}}}), "profile", "withheld", "hollow_record"),
    ("withheld profile page", reply(user_page(), url=PAGE), "profile", "withheld", "hollow_record"),
    ("hollow hashtag", reply({"statusCode": 0, "challengeInfo": {"challenge": {"id": "", "title": ""}, "stats": {"viewCount": 0}}}), "hashtag", "not_found", "hollow_hashtag"),
    ("envelope only", reply({"statusCode": 0, "status_msg": "", "log_pb": {"impr_id": "x"}}), "video", "withheld", "bare_status"),
    ("list without its rows", reply({"statusCode": 0, "hasMore": True, "cursor": "5"}), "profile_videos", "ok", "no_rows"),
    ("envelope in the place of a list", reply({"statusCode": 0, "extra": {"now": 1}}), "profile_videos", "withheld", "bare_status"),
    ("script missing", reply("<!DOCTYPE html><html>" + "x" * 9000, url=PAGE), "video", "no_data", "no_payload"),
    ("words on a page without data", reply("<html><script src='/captcha.js'></script>login secsdk", url=PAGE), "profile", "no_data", "no_payload"),
    ("plain text", reply("url doesn't match"), "video", "no_data", "no_payload"),
    ("unknown code", reply({"statusCode": 100004}), "video", "schema_changed", "unknown_code"),
    ("unknown JSON", reply({"something": "else"}), "video", "schema_changed", "unknown_shape"),
    ("client-rendered page", reply(page({"webapp.app-context": {"wid": "1"}, "webapp.a-b": {}}), url=PAGE), "profile", "no_data", "no_record"),
    ("another kind of record", reply({"userInfo": {"user": USER, "stats": STATS}}), "video", "no_data", "no_record"),
    ("a record and no list", reply({"userInfo": {"user": USER, "stats": STATS}}), "followers", "no_data", "no_record"),
    # without an operation
    ("any record", reply(post_page(), url=PAGE), None, "ok", "record"),
    ("any list", reply(LIST), None, "ok", "rows"),
    ("nothing in it", reply("<html></html>", url=PAGE), None, "no_data", "no_payload"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "operation", "verdict", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_rule_knows_its_answer(answer: Reply, operation: str | None, verdict: str, rule: str) -> None:
    judgement = judge(answer, Operation(operation) if operation else None)

    assert (judgement.verdict, judgement.rule) == (verdict, rule)


CODE_CASES = [
    (8, "login_required"),
    (450, "schema_changed"),
    (10000, "captcha"),
    (10101, "blocked"),
    (10102, "login_required"),
    (10111, "network"),
    (10113, "captcha"),
    (10114, "captcha"),
    (10119, "login_required"),
    (10201, "gated"),
    (10202, "not_found"),
    (10203, "not_found"),
    (10204, "not_found"),
    (10205, "not_found"),
    (10208, "not_found"),
    (10209, "unavailable"),
    (10210, "not_found"),
    (10211, "unavailable"),
    (10212, "unavailable"),
    (10213, "age_gated"),
    (10214, "age_gated"),
    (10215, "unavailable"),
    (10216, "private"),
    (10217, "unavailable"),
    (10218, "unavailable"),
    (10219, "unavailable"),
    (10220, "unavailable"),
    (10221, "banned"),
    (10222, "private"),
    (10223, "unavailable"),
    (10224, "not_found"),
    (10225, "unavailable"),
    (10227, "unavailable"),
    (10228, "unavailable"),
    (10229, "unavailable"),
    (10230, "unavailable"),
    (10231, "region_blocked"),
    (10404, "ok"),
    (40101, "login_required"),
    (100002, "not_found"),
    (209002, "login_required"),
]


@pytest.mark.parametrize("key", ["statusCode", "status_code"])
@pytest.mark.parametrize(("code", "verdict"), CODE_CASES)
def test_each_code_of_tiktoks_has_its_meaning(code: int, verdict: str, key: str) -> None:
    judgement = judge(reply({key: code}), Operation.VIDEO)

    assert judgement.verdict == verdict
    assert judgement.rule == StatusCode(code).rule
    assert f"code {code}" in judgement.detail


def test_all_known_codes_are_in_the_table() -> None:
    assert {code for code, _ in CODE_CASES} == set(StatusCode) == set(CODES)


def test_a_ban_says_that_it_may_be_a_missing_name() -> None:
    assert (
        "the account is banned or does not exist"
        in judge(reply({"statusCode": 10221}), Operation.PROFILE).detail
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "999999"}, 3600),
        (
            {"retry-after": "Fri, 20 Nov 2026 10:02:00 GMT", "date": "Fri, 20 Nov 2026 10:00:00 GMT"},
            120,
        ),
        ({"retry-after": "Fri, 20 Nov 2026 09:00:00 GMT", "date": "Fri, 20 Nov 2026 10:00:00 GMT"}, 0),
        ({"retry-after": "Fri, 20 Nov 2026 10:02:00 GMT"}, None),
        ({"retry-after": "Fri, 20 Nov 2026 10:02:00 -0000", "date": "Fri, 20 Nov 2026 10:00:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "٣"}, None),
        ({}, None),
    ],
)
def test_a_rate_limit_tells_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    judgement = judge(reply("", 429, headers=headers), Operation.VIDEO)

    assert judgement.retry_after_seconds == seconds
    assert ("Retry-After" in judgement.detail) == (seconds is not None)


def test_the_detail_tells_what_a_person_needs() -> None:
    assert judge(reply({"statusCode": 10204}), Operation.VIDEO) == Judgement(
        Verdict.NOT_FOUND, "video_not_exist", "HTTP 200, 20 bytes, code 10204"
    )


@given(
    body=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["statusCode", "userInfo", "itemList", "itemInfo", "comments", "code", "data", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=10,
    ).map(lambda value: orjson.dumps(value, default=str) if _fits(value) else b"{}"),
    status=st.sampled_from([0, 200, 204, 302, 400, 403, 404, 429, 500, 503]),
    operation=st.none() | st.sampled_from(Operation),
)
def test_whatever_comes_is_judged(body: bytes, status: int, operation: Operation | None) -> None:
    judgement = judge(reply(body, status), operation)

    assert judgement.rule
    assert judgement.verdict not in PERMANENT or body


def _fits(value: Any) -> bool:
    """True when orjson can write it: its integers end at 64 bits."""
    if isinstance(value, dict):
        return all(map(_fits, value.values()))
    if isinstance(value, list):
        return all(map(_fits, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**64
