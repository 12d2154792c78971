from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.cookies import CookiesMiddleware
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin

PAGE = "https://www.tiktok.com/@somebody"


def answered(request: Request, *cookies: str) -> Response:
    return Response(request.url, headers={"Set-Cookie": list(cookies)}, request=request)


def cookies_sent(middleware: CookiesMiddleware, url: str = PAGE, **meta: object) -> bytes | None:
    request = Request(url, meta=meta)
    middleware.process_request(request)
    return request.headers.get("Cookie")


def test_what_the_site_sets_is_sent_back_to_it() -> None:
    middleware = CookiesMiddleware()
    request = Request(PAGE)

    middleware.process_response(request, answered(request, "ttwid=1%7Cabc; Path=/", "msToken=xyz; Path=/"))

    sent = cookies_sent(middleware, "https://www.tiktok.com/api/user/detail/")
    assert sent is not None
    assert sorted(sent.split(b"; ")) == [b"msToken=xyz", b"ttwid=1%7Cabc"]


def test_cookies_are_not_sent_to_others() -> None:
    middleware = CookiesMiddleware()
    request = Request(PAGE)

    middleware.process_response(request, answered(request, "ttwid=1; Path=/"))

    assert cookies_sent(middleware, "https://example.org/") is None


def test_a_request_may_go_without_cookies_and_leave_none() -> None:
    middleware = CookiesMiddleware()
    request = Request(PAGE, meta={"dont_merge_cookies": True})

    middleware.process_response(request, answered(request, "ttwid=1; Path=/"))
    kept_none = cookies_sent(middleware)
    other = Request(PAGE)
    middleware.process_response(other, answered(other, "ttwid=2; Path=/"))

    assert kept_none is None
    assert cookies_sent(middleware) == b"ttwid=2"
    assert cookies_sent(middleware, dont_merge_cookies=True) is None


async def test_a_crawl_stays_the_visitor_that_it_became_on_its_first_page(
    site: Site, standin: RunningStandin
) -> None:
    await site.crawl("profile", user="new.handle")

    first, *later = standin.log()["requests"]
    assert first["identity"] == ""
    assert len({request["identity"] for request in later}) == 1
    assert later[0]["identity"] != ""
    assert "msToken" in later[0]["cookies"]


async def test_each_crawl_is_a_visitor_of_its_own(site: Site, standin: RunningStandin) -> None:
    await site.crawl("profile", user="new.handle")
    await site.crawl("profile", user="new.handle")

    visitors = {request["identity"] for request in standin.log()["requests"]} - {""}
    assert len(visitors) == 2
