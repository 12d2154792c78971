from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner

from crawler.handlers.http import HttpHandler
from crawler.spiders.video import VideoSpider
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningProxy
from tiktok.verdicts import Verdict

HANDLERS = dict.fromkeys(("http", "https"), "crawler.handlers.http.HttpHandler")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
async def unvouched_site(certificate: Path, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="you should not be here")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=context)
    yield Site(f"https://localhost:{server.port}", database_url, tmp_path)
    await server.close()


async def test_a_site_that_can_not_prove_who_it_is_is_not_believed(unvouched_site: Site) -> None:
    crawl = await unvouched_site.crawl("profile", user="somebody", settings={"DOWNLOAD_HANDLERS": HANDLERS})

    assert crawl.outcome.outcome is Verdict.NETWORK
    assert "certificate verify failed" in crawl.outcome.reason
    assert set(crawl.stats) & {"verdict/ok", "verdict/no_data"} == set()


async def test_a_url_is_sent_byte_for_byte() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.raw_path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    crawler = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(Spider)
    async with TestServer(app) as server:
        path = "/api/x/?a=%2F%7e&b=1+2%20&msToken=ab%3D%3D&c=%e2%82%ac"
        handler = HttpHandler.from_crawler(crawler)
        url = str(server.make_url("")).rstrip("/") + path
        await handler.download_request(Request(url, meta={"verbatim_url": True}))
        await handler.close()

    assert seen == [path]


async def test_a_proxy_that_refuses_to_open_a_tunnel_has_answered(
    standin_proxy: Callable[..., RunningProxy],
) -> None:
    """The real site is asked by https, where the proxy's 407 is an error of aiohttp's."""
    proxy = standin_proxy(user="me", password="hunter2")
    crawler = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(VideoSpider)
    handler = HttpHandler.from_crawler(crawler)
    meta = {"proxy": proxy.url.replace("hunter2", "wrong")}

    response = await handler.download_request(Request("https://127.0.0.1:9/", meta=meta))
    await handler.close()

    assert response.status == 407
