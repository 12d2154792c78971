"""Plain HTTP with a browser's TLS: the handshake is the profile's, all else as without."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from importlib.util import find_spec

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError

from crawler.handlers import tls_profile
from crawler.handlers.by_route import RouteHandler
from crawler.handlers.tls_profile import ProfileHandler, problem_with
from crawler.spiders.video import VideoSpider
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningProxy, RunningStandin
from tiktok.devices import CHROME_ON_WINDOWS
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict

PROFILE = "chrome146"
BY_ROUTE = dict.fromkeys(("http", "https"), "crawler.handlers.by_route.RouteHandler")
CHROMES_GREASE = 0x0A0A
"""Chrome's first cipher is one that nobody has: 0x0a0a, 0x1a1a, …"""

StartProxy = Callable[..., RunningProxy]


@pytest.fixture(autouse=True)
def curl_cffi() -> None:
    """Skip where it is not installed, unless it must be."""
    reason = "curl_cffi is not installed: .venv/bin/python -m pip install -r requirements-tls.txt"
    if not find_spec("curl_cffi"):
        (pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip)(reason)


@pytest.fixture
def crawler() -> Crawler:
    settings = {"TWISTED_REACTOR_ENABLED": False, "TLS_PROFILE": PROFILE}
    return AsyncCrawlerRunner(settings).create_crawler(VideoSpider)


@pytest.fixture
async def handler(crawler: Crawler) -> AsyncIterator[RouteHandler]:
    handler = RouteHandler.from_crawler(crawler)
    yield handler
    await handler.close()


async def first_cipher(handler: RouteHandler) -> int:
    """Let it begin a handshake, and look at what it offers first."""
    hello: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello.set_result(await reader.readexactly(200))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with suppress(Exception):  # nobody answers
        await handler.download_request(Request(f"https://127.0.0.1:{port}/"))
    server.close()
    sent = await hello
    ciphers = 44 + sent[43] + 2  # behind headers, random and the session's id
    return int.from_bytes(sent[ciphers : ciphers + 2])


async def test_the_handshake_is_chromes(handler: RouteHandler) -> None:
    assert await first_cipher(handler) & 0x0F0F == CHROMES_GREASE


async def test_a_crawl_is_the_same_with_it(site: Site, standin: RunningStandin) -> None:
    profiled = {"DOWNLOAD_HANDLERS": BY_ROUTE, "TLS_PROFILE": PROFILE}
    crawl = await site.crawl("profile", user="khaby.lame,banned.account", settings=profiled)

    listing = crawl.listings["khaby.lame"]
    requests = standin.log()["requests"]
    assert (listing.found, listing.state) == (120, ListState.COMPLETE)
    assert crawl.outcomes["banned.account"].outcome is Verdict.BANNED
    assert {request["user_agent"] for request in requests} == {CHROME_ON_WINDOWS}
    assert any(request["identity"] for request in requests)


async def test_what_is_sent_and_what_comes_is_left_as_it_is(handler: RouteHandler) -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.raw_path, request.headers.get("User-Agent"), request.headers.get("Cookie")))
        response = web.Response(body=gzip.compress(b"much"), headers={"Content-Encoding": "gzip"})
        response.headers.add("Set-Cookie", "a=1; Path=/")
        response.headers.add("Set-Cookie", "b=2; Path=/")
        return response

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    path = "/api/x/?a=%2F%7e&b=1+2%20&msToken=ab%3D%3D&c=%e2%82%ac"
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/") + path
        headers = {"User-Agent": "Mine/1.0", "Accept-Encoding": "gzip"}
        first = await handler.download_request(Request(url, headers=headers))
        await handler.download_request(Request(url, headers=headers))

    assert seen == [(path, "Mine/1.0", None)] * 2, "cookies are the identity's, not the connection's"
    assert first.headers.getlist("Set-Cookie") == [b"a=1; Path=/", b"b=2; Path=/"]
    assert gzip.decompress(first.body) == b"much"


@pytest.mark.parametrize("socks", [False, True], ids=["http", "socks"])
async def test_a_proxy_that_does_not_take_our_password_has_answered(
    handler: RouteHandler, standin_proxy: StartProxy, socks: bool
) -> None:
    proxy = standin_proxy(user="me", password="hunter2", socks=socks)
    meta = {"proxy": proxy.url.replace("hunter2", "wrong")}

    response = await handler.download_request(Request("https://127.0.0.1:9/", meta=meta))

    assert response.status == 407


async def test_failures_have_scrapys_names(handler: RouteHandler) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DownloadTimeoutError):
            await handler.download_request(Request(url, meta={"download_timeout": 0.2}))

    with pytest.raises(DownloadConnectionRefusedError):
        await handler.download_request(Request(url))


def test_a_profile_that_nobody_knows_is_said_so() -> None:
    assert problem_with(PROFILE) is None
    assert str(problem_with("netscape4")).startswith(
        "'netscape4' is no profile of curl_cffi; write chrome, or"
    )


def test_what_is_missing_is_told_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls_profile, "find_spec", lambda _name: None)

    assert str(problem_with(PROFILE)).startswith("needs curl_cffi; run .venv/bin/python -m pip install -r")


async def test_without_a_profile_nothing_changes() -> None:
    plain = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(VideoSpider)
    handler = RouteHandler.from_crawler(plain)

    assert not isinstance(handler._plain(Request("https://x.test/")), ProfileHandler)

    await handler.close()
