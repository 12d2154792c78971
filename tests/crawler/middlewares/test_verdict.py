from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errands import Errand
from crawler.middlewares.verdict import VerdictMiddleware
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target
from tiktok.verdicts import Verdict


@pytest.fixture
def asked() -> Request:
    errand = Errand(Operation.VIDEO, read_target("7106594312292453675", TargetKind.VIDEO), route=Route.PAGE)
    return Request("https://www.tiktok.com/@_/video/7106594312292453675", meta={"errand": errand})


def test_every_answer_is_judged_once_and_counted(crawler: Crawler, asked: Request) -> None:
    middleware = VerdictMiddleware.from_crawler(crawler)
    response = Response(asked.url, status=429, headers={"Retry-After": "7"}, request=asked)

    passed = middleware.process_response(asked, response)

    assert passed is response
    assert asked.meta["judgement"].verdict is Verdict.RATE_LIMITED
    assert asked.meta["judgement"].retry_after_seconds == 7
    assert asked.meta["reply"].headers["retry-after"] == "7"
    assert asked.meta["received_at"].tzinfo is not None
    assert crawler.stats.get_stats() == {
        "answers": 1,
        "verdict/rate_limited": 1,
        "route/page/rate_limited": 1,
    }


def test_a_request_without_an_answer_is_judged_too(crawler: Crawler, asked: Request) -> None:
    middleware = VerdictMiddleware.from_crawler(crawler)

    response = middleware.process_exception(asked, TimeoutError("after 60 s"))
    assert response is not None
    middleware.process_response(asked, response)

    assert asked.meta["judgement"].verdict is Verdict.NETWORK
    assert asked.meta["judgement"].detail == "TimeoutError: after 60 s"
    assert crawler.stats.get_stats() == {"answers": 1, "verdict/network": 1, "route/page/network": 1}


def test_requests_of_others_are_left_alone(crawler: Crawler) -> None:
    middleware = VerdictMiddleware.from_crawler(crawler)
    request = Request("https://www.tiktok.com/t/abc/")
    response = Response(request.url, status=301, request=request)

    assert middleware.process_response(request, response) is response
    assert middleware.process_exception(request, TimeoutError()) is None
    assert "judgement" not in request.meta
    assert crawler.stats.get_stats() == {}
