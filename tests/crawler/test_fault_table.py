"""The table of facts D.2, row by row: the site gives a sign, and the crawl does what the sign asks for.

Each row tells every answer of one target in order: its route, the rule that judged it, and what it cost, if
anything. `who` names the identities that got these answers, A first. `left` is how A fares afterwards: its health,
and whether it rests. Rests are real here, waiting is not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.crawler.crawling import Site
from tests.crawler.pools import open_books
from tests.fixtures.standin import RunningStandin
from tiktok.aftermath import Cost
from tiktok.verdicts import Verdict

KNOWN: dict[str, Any] = landmarks(World(seed=7, users=1_000))
POST = KNOWN["accounts"]["two.hundred"]["newest_post"]
MARKED = KNOWN["marked_posts"]
PAGE, HISTORY, COMMENTS = "/@*", "/api/creator/*", "/api/comment/list/"

HEALTHY, MENDED, SPENT_LITTLE, SPENT, TIRED = "100 ready", "95 ready", "98 ready", "90 ready", "80 cooling"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One sign and all that follows from it."""

    sign: str
    faults: Sequence[Mapping[str, Any]]
    answers: Sequence[str]
    who: str
    outcome: Verdict = Verdict.OK
    left: str = HEALTHY
    spider: str = "video"
    arguments: Mapping[str, str] = field(default_factory=lambda: {"url": POST})
    settings: Mapping[str, Any] = field(default_factory=dict)


def fault(kind: str, path: str = PAGE, count: int | None = None, **options: Any) -> dict[str, Any]:
    return {"kind": kind, "path": path, "count": count, "options": options}


def page_is(
    sign: str,
    kind: str,
    *,
    rule: str,
    times: int,
    who: str,
    cost: str = "",
    left: str = HEALTHY,
    **options: Any,
) -> Row:
    """The page is refused, so many times; the embed page answers."""
    refused = f"page {rule} {cost}".strip()
    return Row(
        sign=sign,
        faults=[fault(kind, PAGE, **options)],
        answers=[*[refused] * times, "embed record"],
        who=who,
        left=left,
    )


def list_is(
    sign: str, kind: str, *answers: str, who: str, outcome: Verdict, left: str = HEALTHY, **options: Any
) -> Row:
    """A profile answers, its history is refused; without signature the API is no help, the embed page shows ten."""
    return Row(
        sign=sign,
        spider="profile",
        arguments={"user": "new.handle"},
        faults=[fault(kind, HISTORY, **options)],
        answers=["page record", *answers, "api orcas_header", "api orcas_header", "embed rows"],
        who=who,
        outcome=outcome,
        left=left,
    )


def code_is(code: int, rule: str, outcome: Verdict, **more: Any) -> Row:
    """Every route tells this code; the first is believed."""
    answers = {"answers": [f"page {rule}"], "who": "A", **more}
    return Row(sign=f"code {code}", faults=[fault("status_code", "*", code=code)], outcome=outcome, **answers)


def captcha_code_is(code: int, rule: str) -> Row:
    answers = [f"{route} {rule} cool" for route in ("page", "embed", "api") for _ in range(2)]
    return code_is(code, rule, Verdict.CAPTCHA, answers=answers, who="ABCDEF", left=TIRED)


def post_is(mark: str, rule: str, outcome: Verdict, **more: Any) -> Row:
    """A post of the stand-in that is not shown."""
    answers = {"answers": [f"page {rule}"], "who": "A", **more}
    return Row(sign=f"post {mark}", faults=[], arguments={"url": MARKED[mark]}, outcome=outcome, **answers)


def user_is(username: str, rule: str, outcome: Verdict) -> Row:
    """An account of the stand-in that is not shown."""
    return Row(
        sign=f"@{username}",
        faults=[],
        spider="profile",
        arguments={"user": username},
        answers=[f"page {rule}"],
        who="A",
        outcome=outcome,
    )


def comments_are(sign: str, fault: Mapping[str, Any], answers: Sequence[str], who: str, **more: Any) -> Row:
    arguments = {"video": POST, "replies": "0", "limit": "50"}
    return Row(
        sign=sign, faults=[fault], spider="comments", arguments=arguments, answers=answers, who=who, **more
    )


ROWS = [
    # Timeout, reset, gateway: the exit or the edge is to blame, another identity may have better luck.
    Row(
        sign="timeout",
        faults=[fault("delay", PAGE, count=1, seconds=3)],
        settings={"DOWNLOAD_TIMEOUT": 1},
        answers=["page no_answer", "page record"],
        who="AB",
    ),
    page_is("connection reset", "reset", rule="no_answer", times=4, who="ABCDD"),
    page_is("connection cut", "cut", rule="no_answer", times=4, who="ABCDD"),
    *[
        page_is(f"HTTP {status}", "server_error", status=status, rule=rule, times=4, who="ABCDD")
        for status, rule in [
            (408, "gateway_failed"),
            (500, "server_error"),
            (502, "gateway_failed"),
            (503, "gateway_failed"),
            (504, "gateway_failed"),
            (520, "gateway_failed"),
        ]
    ],
    # Rate: who was too quick rests, whoever comes next is asked.
    *[
        page_is(
            sign,
            "rate_limit",
            retry_after=seconds,
            rule="too_many_requests",
            times=3,
            who="ABCD",
            cost="cool",
            left=TIRED,
        )
        for sign, seconds in [("429 with Retry-After", 7), ("429 without", None)]
    ],
    # Refused outright: one other visitor, then another exit if there is one, then the next route.
    *[
        page_is(sign, kind, status=status, rule=rule, times=2, who="ABC", cost="cool", left=TIRED)
        for sign, kind, status, rule in [
            ("HTTP 401", "server_error", 401, "refusing_status"),
            ("HTTP 403", "server_error", 403, "refusing_status"),
            ("HTTP 403 Access Denied", "forbidden", 403, "refusal_page"),
            ("HTTP 444 Access Denied", "forbidden", 444, "refusal_page"),
            ("HTTP 403 Site Under Maintenance", "maintenance", 403, "refusal_page"),
        ]
    ],
    # The firewall wants a browser: that says nothing of the cookies.
    page_is("Please wait...", "waf", rule="waf_page", times=2, who="ABB"),
    # A captcha is never solved: its identity rests, another one asks.
    page_is("captcha page", "captcha", rule="captcha_page", times=2, who="ABC", cost="cool", left=TIRED),
    *[
        list_is(
            sign,
            kind,
            *[f"list {rule} cool"] * 2,
            who="AABCCC",
            outcome=Verdict.CAPTCHA,
            left=TIRED,
        )
        for sign, kind, rule in [
            ("captcha as JSON", "captcha", "captcha_answer"),
            ("HTML on an endpoint", "html", "captcha_on_endpoint"),
        ]
    ],
    captcha_code_is(10000, "verify_code"),
    captcha_code_is(10113, "shark_slide"),
    captcha_code_is(10114, "shark_block"),
    # Nothing, with and without the header that blames the request.
    list_is(
        "nothing but tt_orcas_res", "gated", *["list orcas_header"] * 2, who="AAAAAA", outcome=Verdict.GATED
    ),
    page_is("zero bytes", "empty", rule="zero_bytes", times=2, who="ABB", cost="streak", left=SPENT),
    Row(
        sign="hollow userInfo",
        faults=[fault("no_data", PAGE), fault("hollow", "/api/user/*")],
        spider="profile",
        arguments={"user": "new.handle", "limit": "1"},
        answers=[
            *["page no_payload"] * 2,
            *["api hollow_record streak"] * 2,
            "embed record",
            "embed rows",
        ],
        who="AAABBA",
        left=MENDED,
    ),
    # Lists that lie.
    Row(
        sign="no rows where rows are declared",
        faults=[fault("empty_list", HISTORY)],
        spider="profile",
        arguments={"user": "new.handle"},
        answers=["page record", *["list no_rows"] * 13, *["api orcas_header"] * 2, "embed rows"],
        who="AABABABABABABABAB",
        outcome=Verdict.WITHHELD,
        left=SPENT,
    ),
    Row(
        sign="no rows where none are declared",
        faults=[],
        spider="profile",
        arguments={"user": "empty.room"},
        answers=["page record", "list no_rows"],
        who="AA",
        outcome=Verdict.EMPTY,
    ),
    comments_are(
        "hasMore is absent",
        fault("more_missing", COMMENTS, count=1),
        ["page record", "api rows", "api rows"],
        who="AAB",
        left=SPENT,
    ),
    comments_are(
        "the cursor stands still",
        fault("stuck_cursor", COMMENTS),
        ["page record", *["api rows"] * 4],
        who="AAAAA",
        outcome=Verdict.WITHHELD,
    ),
    Row(
        sign="the same page again",
        faults=[fault("repeated_page", HISTORY)],
        spider="profile",
        arguments={"user": "new.handle"},
        answers=["page record", *["list rows"] * 5],
        who="AAAAAA",
        outcome=Verdict.WITHHELD,
    ),
    list_is(
        "HTTP 400 with 10201",
        "status_code",
        "list invalid_entity",
        code=10201,
        status=400,
        who="AAAAA",
        outcome=Verdict.GATED,
    ),
    # Pages without what was asked for.
    page_is("no data script", "no_data", rule="no_payload", times=2, who="AAA"),
    page_is("a field has another name", "drift", rule="required_missing", times=1, who="AA"),
    # For members: a guest pays nothing.
    page_is("redirect to /login", "login_wall", rule="login_redirect", times=1, who="AB"),
    *[
        list_is(
            f"code {code}",
            "status_code",
            f"list {rule}",
            code=code,
            who="AABBB",
            outcome=Verdict.LOGIN_REQUIRED,
        )
        for code, rule in [(8, "login_expired"), (10102, "user_not_login"), (209002, "login_needed")]
    ],
    # Gone, by two voices.
    code_is(
        10204,
        "video_not_exist",
        Verdict.NOT_FOUND,
        answers=["page video_not_exist", "embed video_not_exist"],
        who="AA",
    ),
    page_is(
        "code 10204 by the page alone", "status_code", code=10204, rule="video_not_exist", times=1, who="AA"
    ),
    Row(
        sign="HTTP 404",
        faults=[fault("server_error", "*", status=404)],
        answers=["page http_gone", "embed http_gone"],
        who="AA",
        outcome=Verdict.NOT_FOUND,
    ),
    post_is(
        "deleted",
        "video_not_exist",
        Verdict.NOT_FOUND,
        answers=["page video_not_exist", "embed video_not_exist"],
        who="AA",
    ),
    Row(
        sign="hollow challengeInfo, by one voice",
        faults=[
            fault("no_data", "/tag/*"),
            fault("no_data", "/embed/*"),
            fault("hollow", "/api/challenge/*"),
        ],
        spider="hashtag",
        arguments={"tag": "funny"},
        answers=[*["embed no_payload"] * 2, *["page no_payload"] * 2, "api hollow_hashtag"],
        who="AAAAA",
        outcome=Verdict.NO_DATA,
    ),
    # Gone or not for us, by one voice.
    Row(
        sign="code 10205",
        faults=[fault("status_code", "*", code=10205)],
        spider="hashtag",
        arguments={"tag": "funny"},
        answers=["embed hashtag_not_exist"],
        who="A",
        outcome=Verdict.NOT_FOUND,
    ),
    Row(
        sign="code 100002",
        faults=[fault("no_data", PAGE), fault("status_code", "/api/user/*", code=100002)],
        spider="profile",
        arguments={"user": "new.handle"},
        answers=[*["page no_payload"] * 2, "api user_not_found"],
        who="AAA",
        outcome=Verdict.NOT_FOUND,
    ),
    Row(
        sign="HTTP 451",
        faults=[fault("server_error", "*", status=451)],
        answers=["page http_legal_reasons"],
        who="A",
        outcome=Verdict.REGION_BLOCKED,
    ),
    code_is(10231, "video_geofence_block", Verdict.REGION_BLOCKED),
    post_is("region_blocked", "video_geofence_block", Verdict.REGION_BLOCKED),
    code_is(10216, "video_private_by_user", Verdict.PRIVATE),
    post_is("private", "video_private_by_user", Verdict.PRIVATE),
    user_is("private.garden", "user_private", Verdict.PRIVATE),
    user_is("banned.account", "user_ban", Verdict.BANNED),
    user_is("deleted.account", "user_not_exist", Verdict.NOT_FOUND),
    user_is("nobody.at.all", "user_ban", Verdict.BANNED),
    code_is(10213, "video_low_age_m", Verdict.AGE_GATED),
    code_is(10214, "video_low_age_t", Verdict.AGE_GATED),
    post_is("age_gated", "age_gated_post", Verdict.AGE_GATED),
    post_is("taken_down", "taken_down_post", Verdict.TAKEN_DOWN),
    code_is(10215, "video_abnormal", Verdict.UNAVAILABLE),
    code_is(10217, "video_first_review_unshelve", Verdict.UNAVAILABLE),
    post_is("under_review", "video_first_review_unshelve", Verdict.UNAVAILABLE),
    code_is(10227, "video_need_recheck", Verdict.UNAVAILABLE),
    code_is(10228, "video_risk", Verdict.UNAVAILABLE),
    code_is(10229, "video_r_mask", Verdict.UNAVAILABLE),
    code_is(10230, "video_risk_mask", Verdict.UNAVAILABLE),
    # A server in panic, or a soft block: it costs a little, and others ask.
    code_is(
        10101,
        "server_error_not_500",
        Verdict.BLOCKED,
        answers=[
            f"{route} server_error_not_500 small" for route in ("page", "embed", "api") for _ in range(3)
        ],
        who="ABCCDEEFG",
        left=SPENT_LITTLE,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sign)
async def test_each_sign_is_answered_as_the_facts_say(site: Site, standin: RunningStandin, row: Row) -> None:
    standin.add_faults(row.faults)

    crawl = await site.crawl(row.spider, settings={"REST_FACTOR": 1.0, **row.settings}, **row.arguments)

    answers = answers_of(site)
    assert [told(answer) for answer in answers] == list(row.answers)
    assert names([answer["identity"] for answer in answers]) == row.who
    assert crawl.outcome.outcome == row.outcome
    assert left(site, answers[0]["identity"]) == row.left


def test_the_table_is_whole() -> None:
    assert len({row.sign for row in ROWS}) == len(ROWS) >= 40


def answers_of(site: Site) -> list[dict[str, Any]]:
    files = sorted((site.data_dir / "requests").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def told(answer: Mapping[str, Any]) -> str:
    cost = "" if answer["cost"] == Cost.NONE else f" {answer['cost']}"
    return f"{answer['route']} {answer['rule']}{cost}"


def names(identities: Sequence[int]) -> str:
    order = list(dict.fromkeys(identities))
    return "".join("ABCDEFGH"[order.index(identity)] for identity in identities)


def left(site: Site, identity_id: int) -> str:
    with open_books(site.database_url, site.data_dir) as books:
        statuses = books.identities.list_identities(datetime.now(UTC))
    (status,) = [status for status in statuses if status.id == identity_id]
    return f"{status.health} {status.state}"
