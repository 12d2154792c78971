"""Every mode, field and code of the family's document, through real HTTP, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import Engine, func, select

from crawler.exporters import encode
from store.jobs.ledger import Finding
from store.limits.limit import Limit
from store.models.jobs import JOBS
from tests.store.factories import make_user
from tests.webapi.checks import wrong_fields
from tests.webapi.pretend_live import SECRET, PretendLive
from tests.webapi.profiles import contract
from tests.webapi.profiles.conftest import CrawlNext, Serve, end, queue, read
from tests.webapi.profiles.contract import PATH, callback, instant
from tests.webapi.serving import Api

MAYA = make_user()
FOUND = Finding(position=1, outcome="ok", record_id=MAYA.id)


def count_jobs(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(JOBS)) or 0


def test_a_profile_that_was_read_lately_is_answered_from_the_database(api: Api, engine: Engine) -> None:
    read(engine, datetime.now(UTC))

    for name in ("@maya", "maya", "@MAYA"):
        answer = api.post(PATH, instant(name))

        assert answer.status == 200
        assert wrong_fields(answer.document, contract.INSTANT) == []
        (result,) = answer.document["data"]
        assert (result["username"], result["status"], result["_from_cache"]) == ("@maya", "success", True)
        assert (result["data"]["user"]["id"], result["data"]["stats"]["followers"]) == (MAYA.id, 783_427)
    assert count_jobs(engine) == 0


@pytest.mark.usefixtures("worker")
def test_a_profile_that_was_not_is_crawled_while_the_caller_waits(api: Api, crawl_next: CrawlNext) -> None:
    crawl_next(FOUND)

    answer = api.post(PATH, instant("maya"))

    assert wrong_fields(answer.document, contract.INSTANT) == []
    (result,) = answer.document["data"]
    assert (result["status"], result["_from_cache"], result["data"]["user"]["id"]) == (
        "success",
        False,
        MAYA.id,
    )


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("outcome", "code"), [("not_found", "NOT_FOUND"), ("blocked", "BLOCKED")])
def test_a_username_that_could_not_be_read_says_why(
    outcome: str, code: str, api: Api, crawl_next: CrawlNext
) -> None:
    crawl_next(Finding(position=1, outcome=outcome, reason="as the site said"))

    (result,) = api.post(PATH, instant("nobody.here")).document["data"]

    assert result == {
        "username": "@nobody.here",
        "status": "error",
        "code": code,
        "message": "as the site said",
        "data": None,
        "_from_cache": False,
    }


@pytest.mark.usefixtures("worker")
def test_a_profile_that_takes_too_long_is_a_timeout_and_asking_again_waits_for_the_same_crawl(
    serve: Serve, engine: Engine
) -> None:
    api = serve(live_deadline_seconds=0.3)

    answers = [api.post(PATH, instant("maya")) for _ in range(2)]

    assert [(one.status, one.document["code"]) for one in answers] == [(504, "TIMEOUT")] * 2
    assert "@maya was not read within 0.3 s: its crawl is pending" in answers[0].document["message"]
    assert count_jobs(engine) in (1, 2)  # the minute may end in between


@pytest.mark.parametrize(
    ("outcome", "result"),
    [("ok", ("success", None, "maya")), ("not_found", ("error", "NOT_FOUND", None))],
)
def test_where_the_live_service_runs_it_is_asked_and_nothing_is_queued(
    outcome: str, result: tuple[str | None, ...], serve: Serve, engine: Engine
) -> None:
    live = PretendLive(outcome=outcome, stock=[orjson.loads(encode(make_user()))])

    with live.serving() as port:
        api = serve(live_port=port, live_secret=SECRET)
        (told,) = api.post(PATH, instant("@Maya")).document["data"]

    data = told["data"]
    assert (told["status"], told.get("code"), data and data["user"]["username"]) == result
    assert data is None or (data["user"]["created_at"], data["stats"]["followers"]) == (
        "2019-05-01 00:00:00",
        783_427,
    )
    assert not told["_from_cache"]
    assert [(one["lookup"], one["target"]) for one in live.asked] == [("user", "maya")]
    assert count_jobs(engine) == 0


def test_a_live_service_that_is_full_or_too_slow_is_no_reason_to_queue(serve: Serve, engine: Engine) -> None:
    live = PretendLive()

    with live.serving() as port:
        api = serve(live_port=port, live_secret=SECRET)
        live.status, live.retry_after_seconds = 429, 3
        full = api.post(PATH, instant("maya"))
        live.status, live.retry_after_seconds = 504, None
        slow = api.post(PATH, instant("maya"))

    assert (full.status, full.document["code"], full.headers["Retry-After"]) == (503, "UNAVAILABLE", "3")
    assert (slow.status, slow.document["code"]) == (504, "TIMEOUT")
    assert count_jobs(engine) == 0


def test_beyond_the_hourly_quota_requests_are_refused_in_the_envelope(serve: Serve) -> None:
    api = serve(rate_limits=True, rate_limit_profiles=(Limit(2, 3600),))

    answers = [api.get(f"{PATH}/x/request") for _ in range(3)]

    assert [one.document["code"] for one in answers] == ["NOT_FOUND", "NOT_FOUND", "RATE_LIMIT"]
    assert (answers[2].status, int(answers[2].headers["Retry-After"]) > 3000) == (429, True)


def test_without_a_worker_nobody_waits_in_vain(api: Api, engine: Engine) -> None:
    answer = api.post(PATH, instant("maya"))

    assert (answer.status, answer.document["code"]) == (503, "UNAVAILABLE")
    assert "bin/serve" in answer.document["message"]
    assert count_jobs(engine) == 0


def test_a_list_is_queued_followed_and_answered_in_order(api: Api, engine: Engine) -> None:
    queued = api.post(PATH, callback("@Maya", "not a name", "tom", "maya"))
    assert queued.status == 200
    assert wrong_fields(queued.document, contract.QUEUED) == []
    assert queued.document["data"]["total_username"] == 4
    request_id = queued.document["data"]["request_id"]

    before = api.get(f"{PATH}/{request_id}/request")
    assert wrong_fields(before.document, contract.UNDER_WAY) == []
    assert (before.document["data"]["process_status"], before.document["data"]["process_percentage"]) == (
        "pending",
        25,
    )

    end(engine, request_id, [FOUND, Finding(position=3, outcome="not_found", reason="gone")])
    after = api.get(f"{PATH}/{request_id}/request")
    assert wrong_fields(after.document, contract.STATUS) == []
    data = after.document["data"]
    numbers = ("total_username", "total_process", "total_success", "total_error", "process_percentage")
    assert [data[name] for name in numbers] == [4, 4, 2, 2, 100]
    assert (data["process_status"], data["state"], data["reason"]) == ("done", "completed", None)
    assert [(one["username"], one["status"], one.get("code")) for one in data["result"]] == [
        ("@maya", "success", None),
        ("not a name", "error", "INVALID"),
        ("@tom", "error", "NOT_FOUND"),
        ("@maya", "success", None),
    ]


def test_results_can_be_read_in_parts(api: Api, engine: Engine) -> None:
    names = [f"user{n}" for n in range(7)]
    request_id = queue(api, *names)
    end(engine, request_id, [Finding(position=n, outcome="ok") for n in range(1, 8)])

    parts = []
    for offset in range(0, 9, 3):
        data = api.get(f"{PATH}/{request_id}/request", {"limit": 3, "offset": offset}).document["data"]
        parts.append(([one["username"] for one in data["result"]], data["has_more"]))

    shown = [f"@{name}" for name in names]
    assert parts == [(shown[:3], True), (shown[3:6], True), (shown[6:], False)]
    whole = api.get(f"{PATH}/{request_id}/request").document["data"]
    rest = api.get(f"{PATH}/{request_id}/request", {"offset": 5}).document["data"]
    beyond = api.get(f"{PATH}/{request_id}/request", {"offset": 99}).document["data"]
    assert [len(data["result"]) for data in (whole, rest, beyond)] == [7, 2, 0]
    for query in ({"limit": 0}, {"limit": 10_001}, {"offset": -1}, {"page": 2}, {"limit": "x"}):
        answer = api.get(f"{PATH}/{request_id}/request", query)
        assert (answer.status, answer.document["code"]) == (400, "VALIDATION_ERROR")
        assert next(iter(query)) in answer.document["details"]


def test_a_list_nobody_answered_is_done_and_says_so(api: Api, engine: Engine) -> None:
    request_id = queue(api, "maya")

    end(engine, request_id, [Finding(position=1, outcome="blocked", reason="a captcha")])

    data = api.get(f"{PATH}/{request_id}/request").document["data"]
    assert (data["process_status"], data["state"], data["total_error"]) == ("done", "failed", 1)
    assert data["reason"] == "no target was answered: blocked 1"
    assert (data["result"][0]["code"], data["result"][0]["message"]) == ("BLOCKED", "a captcha")


def test_a_request_is_cancelled_once(api: Api) -> None:
    request_id = queue(api, "maya", "tom")

    first = api.post(f"{PATH}/{request_id}/request/cancel", {})
    again = api.ask("POST", f"{PATH}/{request_id}/request/cancel")

    assert first.status == 200
    assert wrong_fields(first.document, contract.CANCELLED) == []
    data = api.get(f"{PATH}/{request_id}/request").document["data"]
    assert (data["process_status"], data["total_process"], data["process_percentage"]) == ("cancelled", 0, 0)
    assert [one["code"] for one in data["result"]] == ["CANCELLED", "CANCELLED"]
    assert (again.status, again.document["code"]) == (400, "VALIDATION_ERROR")
    assert "already cancelled" in again.document["message"]


def test_a_request_that_is_done_can_not_be_cancelled(api: Api, engine: Engine) -> None:
    request_id = queue(api, "maya")
    end(engine, request_id, [FOUND])

    answer = api.ask("POST", f"{PATH}/{request_id}/request/cancel")

    assert (answer.status, answer.document["code"]) == (400, "VALIDATION_ERROR")
    assert "already done" in answer.document["message"]


def test_there_is_one_active_request_per_client(api: Api, engine: Engine) -> None:
    first = queue(api, "maya")

    second = api.post(PATH, callback("tom"))
    assert (second.status, second.document["code"]) == (409, "CONFLICT")

    end(engine, first, [FOUND])
    third = queue(api, "tom")
    api.ask("POST", f"{PATH}/{third}/request/cancel")
    assert queue(api, "maya") not in (first, third)


def test_a_request_that_is_sent_again_is_the_same_one(api: Api, engine: Engine) -> None:
    key = {"Idempotency-Key": "the same"}
    answers = [api.post(PATH, callback("maya", "tom"), **key) for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    assert len({one.document["data"]["request_id"] for one in answers}) == 1
    assert count_jobs(engine) == 1
    for other in (callback("maya"), callback("maya", "tom", url="https://93.184.215.14/other")):
        answer = api.post(PATH, other, **key)
        assert (answer.status, answer.document["code"]) == (409, "CONFLICT")


def test_what_makes_no_sense_is_refused_and_the_field_is_named(api: Api, engine: Engine) -> None:
    for wrong, (body, named) in contract.BAD_REQUESTS.items():
        answer = api.post(PATH, body)

        assert (answer.status, answer.document["code"]) == (400, "VALIDATION_ERROR"), wrong
        assert wrong_fields(answer.document, contract.ERROR) == [], wrong
        assert named in answer.document.get("details", "") + answer.document["message"], wrong
    assert count_jobs(engine) == 0


def test_a_list_takes_every_name_that_fits_and_tells_of_those_that_do_not(api: Api) -> None:
    request_id = queue(api, *contract.GOOD_NAMES, *contract.BAD_NAMES)

    api.ask("POST", f"{PATH}/{request_id}/request/cancel")

    results = api.get(f"{PATH}/{request_id}/request").document["data"]["result"]
    good = len(contract.GOOD_NAMES)
    assert [one["code"] for one in results] == ["CANCELLED"] * good + ["INVALID"] * len(contract.BAD_NAMES)
    assert results[-1]["username"] == contract.BAD_NAMES[-1]


def test_what_does_not_exist_is_not_found(api: Api) -> None:
    for request_id in contract.NO_REQUESTS:
        for method, path in (("GET", "request"), ("POST", "request/cancel")):
            answer = api.ask(method, f"{PATH}/{request_id}/{path}")
            assert (answer.status, answer.document["code"]) == (404, "NOT_FOUND"), (method, request_id)
    job = api.post("/api/jobs", {"url": "https://www.tiktok.com/@maya"}).document["job_id"]
    uuid = api.get(f"/api/jobs/{job}").document["uuid"]
    assert api.get(f"{PATH}/{uuid}/request").status == 404


def test_nobody_gets_in_without_credentials(api: Api) -> None:
    for method, path in (("POST", ""), ("GET", "/x/request"), ("POST", "/x/request/cancel")):
        answer = Api(api.port).ask(method, PATH + path)
        assert (answer.status, answer.document["code"]) == (401, "UNAUTHORIZED")


def test_methods_that_nobody_documented_are_refused_in_the_envelope(api: Api) -> None:
    for path in ("", "/x/request", "/x/request/cancel"):
        for method in ("PUT", "PATCH", "DELETE"):
            answer = api.ask(method, PATH + path)
            assert (answer.status, answer.document["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_lists_may_be_as_long_as_the_setting_says_here_and_bodies_nowhere_else(serve: Serve) -> None:
    api = serve(bulk_max_usernames=50_000)
    names = [f"@user.number.{n:011d}" for n in range(50_001)]

    queued = api.post(PATH, callback(*names[:-1]))
    too_many = api.post(PATH, callback(*names))
    too_long = api.post(PATH, callback("maya", "a" * 3_300_000))
    elsewhere = api.post("/api/jobs", {"url": "a" * 1_100_000})

    assert (queued.status, queued.document["data"]["total_username"]) == (200, 50_000)
    assert (too_many.status, too_many.document["code"]) == (400, "VALIDATION_ERROR")
    assert too_many.document["details"] == "usernames: Are 50,001; give at least 1 and at most 50,000."
    assert (too_long.status, too_long.document["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert elsewhere.status == 413
