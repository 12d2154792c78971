from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crawler.endings import Ending
from standin.pages.small import short_code
from standin.world.population import World, now_on
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Video
from tiktok.verdicts import Verdict


@pytest.fixture
def code(world: World, known: dict[str, Any]) -> str:
    post = world.post(known["accounts"]["two.hundred"]["newest_post"], now_on(0))
    assert post
    return short_code(post)


@pytest.mark.parametrize(
    "form", ["https://vm.tiktok.com/{}/", "https://www.tiktok.com/t/{}", "vt.tiktok.com/{}"]
)
async def test_a_short_link_leads_to_its_post(
    site: Site, standin: RunningStandin, known: dict[str, Any], code: str, form: str
) -> None:
    crawl = await site.crawl("video", url=form.format(code))

    post_id = known["accounts"]["two.hundred"]["newest_post"]
    assert [post.id for post in crawl.of_type(Video)] == [post_id]
    assert list(crawl.outcomes) == [post_id]
    first = standin.log()["requests"][0]
    assert (first["path"], first["user_agent"]) == (f"/t/{code}/", "facebookexternalhit/1.1")


async def test_two_links_to_one_post_are_one_target(site: Site, known: dict[str, Any], code: str) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]

    crawl = await site.crawl(
        "video", url=f"https://vm.tiktok.com/{code}/,{post_id},https://vt.tiktok.com/{code}"
    )

    assert crawl.stats["targets"] == 1
    assert len(crawl.of_type(Video)) == 1
    assert crawl.ending is Ending.DONE


async def test_a_dead_link_says_so(site: Site) -> None:
    crawl = await site.crawl("video", url="https://vm.tiktok.com/ZMdeadbeef/")

    assert crawl.outcome.outcome is Verdict.UNAVAILABLE
    assert "is the front page: the link is dead, or opens in a browser only" in crawl.outcome.reason
    assert crawl.items == []


async def test_a_link_to_another_kind_of_page_says_so(site: Site, code: str) -> None:
    crawl = await site.crawl("profile", user=f"https://vm.tiktok.com/{code}/")

    assert crawl.outcome.outcome is Verdict.UNAVAILABLE
    assert "leads to a video: https://www.tiktok.com/@two.hundred/video/" in crawl.outcome.reason


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("captcha", Verdict.CAPTCHA),
        ("rate_limit", Verdict.RATE_LIMITED),
        ("forbidden", Verdict.BLOCKED),
        ("server_error", Verdict.NETWORK),
        ("reset", Verdict.NETWORK),
    ],
)
async def test_a_link_that_was_refused_is_not_called_dead(
    site: Site, standin: RunningStandin, code: str, kind: str, verdict: Verdict
) -> None:
    standin.add_fault(kind, "/t/*")

    crawl = await site.crawl("video", url=f"https://vm.tiktok.com/{code}/")

    assert crawl.outcome.outcome is verdict
    assert crawl.ending is Ending.INCOMPLETE


@pytest.fixture
async def redirecting_site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """A site whose short links go astray: in circles, or to where their code says."""
    leads = {
        "circle": "/t/circle",
        "foreign": "https://tiktok.com.evil.example/@a/video/1",
        "inward": "http://10.0.0.1/",
    }

    async def lead(request: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": leads[request.match_info["code"]]})

    app = web.Application()
    app.router.add_get("/t/{code}{slash:/?}", lead)
    async with TestServer(app) as server:
        yield Site(str(server.make_url("")).rstrip("/"), database_url, tmp_path)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("circle", "is one redirect too many"),
        ("foreign", "is not one of TikTok's public addresses and was not visited"),
        ("inward", "is not one of TikTok's public addresses and was not visited"),
    ],
)
async def test_a_link_that_goes_astray_is_left_and_told(
    redirecting_site: Site, code: str, words: str
) -> None:
    crawl = await redirecting_site.crawl("video", url=f"https://vm.tiktok.com/{code}/")

    assert crawl.outcome.outcome is Verdict.UNAVAILABLE
    assert words in crawl.outcome.reason
