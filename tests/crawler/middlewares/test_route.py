from __future__ import annotations

import asyncio
import time

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errands import Errand, Refusal
from crawler.middlewares.route import RouteMiddleware
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import User
from tiktok.replies import Reply
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target
from tiktok.verdicts import Judgement, Verdict

TARGET = read_target("7106594312292453675", TargetKind.VIDEO)


def answered(
    verdict: Verdict,
    route: Route = Route.PAGE,
    *,
    attempt: int = 0,
    rule: str = "",
    refusals: list[Refusal] | None = None,
) -> tuple[Request, Response]:
    """A request whose answer was judged so."""
    errand = Errand(Operation.VIDEO, TARGET, route=route, attempt=attempt, refusals=refusals or [])
    meta = {
        "errand": errand,
        "reply": Reply(url="https://www.tiktok.com/", status=200, body=b"{}"),
        "judgement": Judgement(verdict, rule or verdict),
        "identity_id": 99,
        "exit_id": 9,
    }
    request = Request("https://www.tiktok.com/", callback=print, meta=meta)
    return request, Response(request.url, request=request)


async def test_a_good_answer_goes_to_the_spider(crawler: Crawler) -> None:
    request, response = answered(Verdict.OK)

    assert await RouteMiddleware.from_crawler(crawler).process_response(request, response) is response


async def test_of_a_good_answer_only_what_was_found_stays_in_memory(crawler: Crawler) -> None:
    request, response = answered(Verdict.OK)
    reply: Reply = request.meta["reply"]
    document, parsed = reply.document, reply.parsed

    await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert reply.parsed is parsed
    assert reply.document is not document
    assert reply.document == document


async def test_a_refusal_is_asked_again_by_the_same_route(crawler: Crawler) -> None:
    request, response = answered(Verdict.CAPTCHA)

    again = await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert isinstance(again, Request)
    errand = again.meta["errand"]
    assert (errand.route, errand.attempt, errand.refusals) == (Route.PAGE, 1, [])
    assert "judgement" not in again.meta
    assert again.callback is print
    assert crawler.stats.get_value("route/page/retried") == 1


async def test_when_the_retries_are_used_up_the_next_route_is_taken(crawler: Crawler) -> None:
    request, response = answered(Verdict.CAPTCHA, attempt=1)

    fallen = await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert isinstance(fallen, Request)
    errand = fallen.meta["errand"]
    assert (errand.route, errand.attempt) == (Route.EMBED, 0)
    assert [(refusal.route, refusal.judgement.verdict) for refusal in errand.refusals] == [
        (Route.PAGE, Verdict.CAPTCHA)
    ]
    assert fallen.url.startswith("https://www.tiktok.com/embed/v2/")


async def test_the_most_telling_refusal_is_the_one_that_the_spider_sees(crawler: Crawler) -> None:
    refusals = [
        Refusal(Route.PAGE, Judgement(Verdict.CAPTCHA, "captcha_page", "a slider")),
        Refusal(Route.EMBED, Judgement(Verdict.NO_DATA, "no_payload")),
    ]
    request, response = answered(Verdict.NETWORK, Route.API, attempt=3, refusals=refusals)

    given = await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert given is response
    assert request.meta["judgement"] == refusals[0].judgement
    assert request.meta["is_permanent"] is False


async def test_a_permanent_verdict_ends_the_errand_at_once(crawler: Crawler) -> None:
    request, response = answered(Verdict.TAKEN_DOWN)

    given = await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert given is response
    assert request.meta["is_permanent"] is True


async def test_one_voice_is_not_enough_for_a_missing_post(crawler: Crawler) -> None:
    middleware = RouteMiddleware.from_crawler(crawler)
    missing = Judgement(Verdict.NOT_FOUND, "video_not_exist")
    first, answer = answered(Verdict.NOT_FOUND, rule="video_not_exist")
    second, confirmed = answered(
        Verdict.NOT_FOUND, Route.EMBED, rule="video_not_exist", refusals=[Refusal(Route.PAGE, missing)]
    )

    fallen = await middleware.process_response(first, answer)
    given = await middleware.process_response(second, confirmed)

    assert isinstance(fallen, Request)
    assert given is confirmed
    assert (second.meta["judgement"].verdict, second.meta["is_permanent"]) == (Verdict.NOT_FOUND, True)


async def test_requests_of_others_pass(crawler: Crawler) -> None:
    request = Request("https://www.tiktok.com/t/abc/")
    response = Response(request.url, request=request)

    assert await RouteMiddleware.from_crawler(crawler).process_response(request, response) is response


@pytest.mark.parametrize(("is_polite", "least", "most"), [(True, 1, 30), (False, 0, 0.9)])
async def test_only_a_polite_crawl_waits_before_it_asks_again(
    crawler: Crawler, is_polite: bool, least: float, most: float
) -> None:
    crawler.settings.set("POLITE_PACE", is_polite)
    request, response = answered(Verdict.RATE_LIMITED)
    request.meta["judgement"] = Judgement(Verdict.RATE_LIMITED, "too_many_requests", retry_after_seconds=1)
    started = time.monotonic()

    async with asyncio.timeout(30):
        await RouteMiddleware.from_crawler(crawler).process_response(request, response)

    assert least <= time.monotonic() - started <= most


async def test_a_profile_is_read_by_whatever_route_is_left(site: Site, standin: RunningStandin) -> None:
    by_route = {}
    for refused in ((), ("/@*",), ("/@*", "/api/user/*")):
        standin.reset()
        for path in refused:
            standin.add_fault("waf", path)
        crawl = await site.crawl("profile", user="new.handle", limit="1")
        by_route[str(crawl.of_type(User)[0].route)] = crawl.of_type(User)[0]

    assert list(by_route) == ["page", "api", "embed"]
    assert {user.username for user in by_route.values()} == {"new.handle"}
    assert "followers" in by_route["page"].exact_counters
    assert len({user.id for user in by_route.values()}) == 1
