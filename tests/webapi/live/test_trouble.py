"""What lookups come to that find nothing: told truthfully, old answers preferred, and the site is not asked in vain."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.webapi.checks import wrong_fields
from tests.webapi.live import contract
from tests.webapi.live.conftest import Serve
from tests.webapi.pretend_live import PretendLive
from tests.webapi.serving import Api
from tiktok.verdicts import Verdict
from webapi.live.errors import ERRORS

INFO = "/api/v1/user/maya/info"
VIDEOS = "/api/v1/user/maya/videos"


@pytest.mark.parametrize("path", [INFO, VIDEOS])
def test_each_ending_has_its_status_its_word_and_its_reason(
    path: str, pretend_api: Api, pretend: PretendLive
) -> None:
    for outcome, status in contract.ENDINGS.items():
        pretend.outcome, pretend.reason = outcome, f"as {outcome} is"

        answer = pretend_api.get(path, {"fresh": 1})

        assert answer.status == answer.document["status_code"] == status, outcome
        assert wrong_fields(answer.document, contract.ERROR) == []
        assert (answer.document["outcome"], answer.document["detail"]) == (outcome, f"as {outcome} is")
        assert ("Retry-After" in answer.headers) == (status in (424, 503)), outcome


def test_every_verdict_has_a_status() -> None:
    assert set(contract.ENDINGS) == set(Verdict) - {Verdict.OK, Verdict.EMPTY}
    assert set(contract.ENDINGS) <= set(ERRORS)


def test_an_old_answer_is_better_than_a_refusal_and_says_that_it_is_old(
    serve: Serve, pretend: PretendLive
) -> None:
    with pretend.serving() as port:
        api = serve(live_port=port, cache_live_seconds=0.2)
        first = api.get(INFO)
        pretend.outcome, pretend.reason = "captcha", "a puzzle"
        threading.Event().wait(0.3)

        again = api.get(INFO)
        fresh = api.get(INFO, {"fresh": 1})

    assert (again.status, again.document["data"]) == (200, first.document["data"])
    assert (again.document["stale"], again.document["cached"]) == (True, True)
    assert again.document["stale_reason"] == "captcha: a puzzle"
    assert fresh.status == 503


def test_what_is_gone_is_told_even_if_an_old_answer_is_there(serve: Serve, pretend: PretendLive) -> None:
    with pretend.serving() as port:
        api = serve(live_port=port, cache_live_seconds=0.2)
        assert api.get(INFO).status == 200
        pretend.outcome = "not_found"
        threading.Event().wait(0.3)

        assert api.get(INFO).status == 404


def test_that_something_is_gone_is_not_asked_twice(pretend_api: Api, pretend: PretendLive) -> None:
    pretend.outcome = "not_found"

    assert [pretend_api.get(INFO).status for _ in range(3)] == [404] * 3
    assert len(pretend.asked) == 1


def test_a_refusal_that_says_how_long_it_lasts_is_told_until_then(
    pretend_api: Api, pretend: PretendLive
) -> None:
    pretend.outcome, pretend.retry_after_seconds = "rate_limited", 20

    answers = [pretend_api.get(INFO) for _ in range(3)]

    assert [answer.status for answer in answers] == [503] * 3
    assert all(15 < int(answer.headers["Retry-After"]) <= 20 for answer in answers)
    assert len(pretend.asked) == 1


def test_a_refusal_of_unknown_length_is_not_remembered(pretend_api: Api, pretend: PretendLive) -> None:
    pretend.outcome = "blocked"
    assert pretend_api.get(INFO).status == 503
    pretend.outcome = "ok"

    assert pretend_api.get(INFO).status == 200


def test_all_writings_of_a_question_are_one(pretend_api: Api, pretend: PretendLive) -> None:
    for name in ("maya", "@maya", "MAYA"):
        assert pretend_api.get(f"/api/v1/user/{name}/info").status == 200
    for query in ("", "?count=30", "?count=30&fresh=0"):
        assert pretend_api.get(VIDEOS + query).status == 200

    assert [(one["lookup"], one["target"]) for one in pretend.asked] == [
        ("user", "maya"),
        ("user_videos", "maya"),
    ]


def test_other_counts_cursors_and_names_are_other_questions(pretend_api: Api, pretend: PretendLive) -> None:
    for query in ("?count=5", "?count=6", "?count=6&cursor=a", "?count=6&cursor=b"):
        pretend_api.get(VIDEOS + query)
    pretend_api.get("/api/v1/user/tom/videos?count=5")

    assert [(one["target"], one["count"], one["cursor"]) for one in pretend.asked] == [
        ("maya", 5, None),
        ("maya", 6, None),
        ("maya", 6, "a"),
        ("maya", 6, "b"),
        ("tom", 5, None),
    ]


def test_of_many_who_ask_at_once_one_asks_the_service(pretend_api: Api, pretend: PretendLive) -> None:
    pretend.seconds = 0.5

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: pretend_api.get(INFO), range(8)))

    assert {answer.status for answer in answers} == {200}
    assert len(pretend.asked) == 1
    assert sum(answer.document["cached"] for answer in answers) == 7


def test_fresh_asks_whatever_is_known_and_leaves_its_answer_to_others(
    pretend_api: Api, pretend: PretendLive
) -> None:
    pretend_api.get(INFO)
    pretend.stock[0] = pretend.stock[0] | {"username": "renamed"}

    fresh, later = pretend_api.get(INFO, {"fresh": 1}), pretend_api.get(INFO)

    assert (fresh.document["cached"], later.document["cached"]) == (False, True)
    assert {fresh.document["data"]["username"], later.document["data"]["username"]} == {"renamed"}


def test_a_list_that_was_refused_further_down_shows_what_there_is(
    pretend_api: Api, pretend: PretendLive
) -> None:
    def partly(question: dict[str, Any]) -> dict[str, Any]:
        rows = {"complete": False, "truncated": "page 2: captcha", "found": 1, "declared": 9, "cursor": "x"}
        return answer(question) | {"outcome": "captcha", "items": pretend.stock[:1], "list": rows}

    answer, pretend.answer = pretend.answer, partly  # type: ignore[method-assign]

    document = pretend_api.get(VIDEOS).document

    assert (document["outcome"], document["count"], document["complete"]) == ("captcha", 1, False)
    assert (document["truncated"], document["cursor"]) == ("page 2: captcha", "x")


def test_without_the_service_the_answer_says_how_to_start_it(serve: Serve) -> None:
    answer = serve().get(INFO)

    assert (answer.status, answer.document["outcome"]) == (503, "unreachable")
    assert "python -m crawler.live" in answer.document["error"]
    assert int(answer.headers["Retry-After"]) > 0


def test_a_service_that_is_full_is_429_and_one_that_is_too_slow_504(
    pretend_api: Api, pretend: PretendLive
) -> None:
    pretend.status, pretend.retry_after_seconds = 429, 3
    full = pretend_api.get(INFO)
    pretend.status, pretend.retry_after_seconds = 504, None
    slow = pretend_api.get(INFO)

    assert (full.status, full.headers["Retry-After"], full.document["outcome"]) == (429, "3", "busy")
    assert (slow.status, slow.document["outcome"]) == (504, "too_slow")


def test_without_a_cache_answers_are_found_all_the_same(serve: Serve, pretend: PretendLive) -> None:
    with pretend.serving() as port:
        api = serve(live_port=port, redis_url="redis://127.0.0.1:9/0")

        assert [api.get(INFO).status for _ in range(2)] == [200, 200]
    assert len(pretend.asked) == 2


def test_where_all_goes_through_proxies_a_short_link_is_looked_up_and_not_asked_from_here(
    serve: Serve, pretend: PretendLive
) -> None:
    pretend.stock = [{"type": "video", "id": "7106594312292453675", "username": "maya"}]
    url = "https://vm.tiktok.com/ZMabc123/"
    with pretend.serving() as port:
        api = serve(live_port=port, enable_proxy=True, require_proxy=True)

        answer = api.post("/api/v1/video/parse-url", {"url": url})

    assert (answer.status, answer.document["video_id"]) == (200, "7106594312292453675")
    assert answer.document["data"]["url"] == "https://www.tiktok.com/@maya/video/7106594312292453675"
    assert [(one["lookup"], one["target"]) for one in pretend.asked] == [("video", url)]


def test_beyond_a_group_s_limit_requests_are_refused_in_the_envelope(
    serve: Serve, pretend: PretendLive
) -> None:
    with pretend.serving() as port:
        api = serve(live_port=port, rate_limits=True, rate_limit_live={"user": 2, "video": 1})

        answers = [api.get(path) for path in (INFO, VIDEOS, INFO, "/api/v1/user/tom/followers")]
        other = api.get("/api/v1/hashtag/funny/info")

    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    assert wrong_fields(answers[2].document, contract.ERROR) == []
    assert int(answers[2].headers["Retry-After"]) > 0
    assert other.status == 200
