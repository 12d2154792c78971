from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.cookies import CookiesMiddleware
from store.identities import Identity, IdentityKind
from tests.crawler.crawling import Site
from tests.crawler.pools import open_books
from tests.fixtures.standin import RunningStandin
from tiktok.cookies import Cookie
from tiktok.devices import Device

TIKTOK = "https://www.tiktok.com"
STAND_IN = "http://127.0.0.1:8090"
ON_BOTH = pytest.mark.parametrize("site_url", [TIKTOK, STAND_IN])


@pytest.fixture
def identity() -> Identity:
    device = Device.random(Random(1))  # noqa: S311  # no secret
    return Identity(id=1, kind=IdentityKind.GUEST, label="guest", device=device, exit_id=1, cookies=[])


def answered(request: Request, *cookies: str) -> Response:
    return Response(request.url, headers={"Set-Cookie": list(cookies)}, request=request)


def cookies_sent(middleware: CookiesMiddleware, url: str, identity: Identity | None) -> bytes | None:
    request = Request(url, meta={"identity": identity})
    middleware.process_request(request)
    return request.headers.get("Cookie")


@ON_BOTH
def test_what_the_site_sets_is_sent_back_to_it(identity: Identity, site_url: str) -> None:
    middleware = CookiesMiddleware(site_url)
    request = Request(f"{site_url}/@somebody", meta={"identity": identity})

    middleware.process_response(request, answered(request, "ttwid=1%7Cabc; Path=/", "msToken=xyz; Path=/"))

    sent = cookies_sent(middleware, f"{site_url}/api/user/detail/", identity)
    assert sent is not None
    assert sorted(sent.split(b"; ")) == [b"msToken=xyz", b"ttwid=1%7Cabc"]
    assert request.meta["identity_changed"] is True


@ON_BOTH
def test_cookies_are_not_sent_to_others(identity: Identity, site_url: str) -> None:
    middleware = CookiesMiddleware(site_url)
    request = Request(f"{site_url}/", meta={"identity": identity})

    middleware.process_response(request, answered(request, "ttwid=1; Path=/"))

    assert cookies_sent(middleware, "https://example.org/", identity) is None


def test_a_request_of_nobody_has_no_cookies_and_leaves_none() -> None:
    middleware = CookiesMiddleware(TIKTOK)
    request = Request(f"{TIKTOK}/t/abc/")

    middleware.process_response(request, answered(request, "ttwid=1; Path=/"))

    assert cookies_sent(middleware, f"{TIKTOK}/", None) is None
    assert "identity_changed" not in request.meta


def test_each_identity_has_cookies_of_its_own(identity: Identity) -> None:
    middleware = CookiesMiddleware(TIKTOK)
    request = Request(f"{TIKTOK}/", meta={"identity": identity})
    other = Identity(id=2, kind=IdentityKind.GUEST, label="g", device=identity.device, exit_id=1, cookies=[])

    middleware.process_response(request, answered(request, "ttwid=1; Path=/"))

    assert cookies_sent(middleware, f"{TIKTOK}/", other) is None
    assert cookies_sent(middleware, f"{TIKTOK}/", identity) == b"ttwid=1"


def test_a_stand_in_is_sent_the_cookies_of_tiktok_and_may_replace_them(identity: Identity) -> None:
    middleware = CookiesMiddleware(STAND_IN)
    identity.learn_cookies([Cookie(name="ttwid", value="old", is_secure=True, set_at=datetime.now(UTC))])
    request = Request(f"{STAND_IN}/", meta={"identity": identity})

    before = cookies_sent(middleware, f"{STAND_IN}/", identity)
    middleware.process_response(request, answered(request, "ttwid=new; Path=/"))

    assert before == b"ttwid=old"
    assert cookies_sent(middleware, f"{STAND_IN}/", identity) == b"ttwid=new"


async def test_a_crawl_stays_the_visitor_that_it_became_on_its_first_page(
    site: Site, standin: RunningStandin
) -> None:
    await site.crawl("profile", user="new.handle")

    first, *later = standin.log()["requests"]
    assert first["identity"] == ""
    assert len({request["identity"] for request in later}) == 1
    assert later[0]["identity"] != ""
    assert "msToken" in later[0]["cookies"]


async def test_the_next_crawl_is_the_same_visitor(site: Site, standin: RunningStandin) -> None:
    await site.crawl("profile", user="new.handle")
    first = [request["identity"] for request in standin.log()["requests"]]
    standin.reset()
    await site.crawl("profile", user="new.handle")

    second = [request["identity"] for request in standin.log()["requests"]]
    assert first[-1] != ""
    assert set(second) == {first[-1]}


async def test_an_imported_account_asks_with_its_cookies(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    cookies = standin.login()
    with open_books(site.database_url, tmp_path) as books:
        books.add_account("main", **cookies)

    await site.crawl("profile", user="new.handle")

    sent = standin.log()["requests"]
    assert {request["session"] for request in sent} == {cookies["sessionid"]}
    assert "sessionid" in sent[0]["cookies"]


async def test_no_cookie_is_in_the_log_an_export_or_the_database(
    site: Site, standin: RunningStandin, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    feed = tmp_path / "rows.jsonl"
    with open_books(site.database_url, tmp_path) as books:
        books.add_account("main", **{**standin.login(), "ttwid": "1%7Cs3cret-ttwid"})
    standin.add_fault("captcha", "/@*", count=1)

    await site.crawl("profile", user="new.handle", settings={"FEEDS": {str(feed): {"format": "jsonlines"}}})

    secrets = {request[name] for request in standin.log()["requests"] for name in ("session", "identity")}
    secrets |= {request["ms_token"] for request in standin.log()["requests"]}
    dump = site.database_url.removeprefix("sqlite:///")
    stored = b"".join(path.read_bytes() for path in Path(dump).parent.glob("tiktok.db*"))
    said = caplog.text + feed.read_text()
    assert len(secrets - {""}) >= 2
    for secret in secrets - {""}:
        assert secret not in said
        assert secret.encode() not in stored
