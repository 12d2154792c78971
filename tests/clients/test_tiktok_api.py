"""Unmodified TikTokApi as judge of the stand-in, and of our counts: a client nobody here wrote.

Its addresses are fixed, so its browser takes the stand-in's TLS port for www.tiktok.com. It signs by the page's
`frontierSign`, which since July 2026 is not enough for profiles', hashtags' and searches' lists (facts G): these stay
empty to it, on the stand-in as on the site, with a login or without.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from scrapy.settings import Settings
from TikTokApi import TikTokApi
from TikTokApi.exceptions import EmptyResponseException

from crawler.browser.chromium import launch_options
from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.crawler.crawling import Crawl, Site
from tests.fixtures.browser import Discussion
from tests.fixtures.standin import RunningStandin
from tiktok.items import Comment, User, Video

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOUND = landmarks(World(7, 1_000))["sound"]
EVERYTHING = 10_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(chromium: Path, standin_process: RunningStandin) -> AsyncIterator[TikTokApi]:
    """TikTokApi with an account, in a browser that knows no other host than the stand-in."""
    here = f"127.0.0.1:{standin_process.tls_port}"
    options = launch_options(chromium, Settings())
    flags = [
        "--headless=new",
        f"--host-resolver-rules=MAP *.tiktok.com:443 {here}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--ignore-certificate-errors",
    ]
    async with TikTokApi(logging_level=logging.CRITICAL) as api:
        await api.create_sessions(
            num_sessions=1,
            headless=False,  # the flag says it
            executable_path=options["executable_path"],
            override_browser_args=[*options["args"], *flags],
            cookies=[standin_process.login()],
        )
        yield api


@pytest.fixture
def ours(standin: RunningStandin, tmp_path: Path) -> Site:
    """Our crawls of the same site."""
    return Site(standin.url, f"sqlite:///{tmp_path / 'tiktok.db'}", tmp_path)


async def ids(rows: AsyncIterable[Any], name: str = "id") -> list[str]:
    return [getattr(row, name) async for row in rows]


def our_ids(crawl: Crawl, item_type: type[Video]) -> list[str]:
    return sorted(item.id for item in crawl.of_type(item_type))


async def test_comments_are_those_that_we_find(api: TikTokApi, ours: Site, discussed: Discussion) -> None:
    found = await ids(api.video(id=discussed.video_id).comments(count=EVERYTHING))

    crawl = await ours.crawl("comments", video=discussed.video_id)
    assert sorted(found) == sorted(one.id for one in crawl.of_type(Comment) if one.parent_id is None)


async def test_a_sounds_list_is_the_one_that_we_find(
    api: TikTokApi, ours: Site, standin: RunningStandin
) -> None:
    found = await ids(api.sound(id=SOUND["id"]).videos(count=EVERYTHING))

    standin.change(open=["signed"])
    assert sorted(found) == our_ids(await ours.crawl("sound", id=SOUND["id"]), Video)


async def test_a_profile_is_the_one_that_we_find(api: TikTokApi, ours: Site) -> None:
    told = await api.user("khaby.lame").info()

    (user,) = (await ours.crawl("profile", user="khaby.lame", limit=1)).of_type(User)
    assert told["userInfo"]["user"]["id"] == user.id
    assert int(told["userInfo"]["statsV2"]["followerCount"]) == user.followers


@pytest.mark.usefixtures("standin")
async def test_the_feed_is_served(api: TikTokApi) -> None:
    found = await ids(api.trending.videos(count=60))

    assert len(set(found)) == 60


@pytest.mark.usefixtures("standin")
async def test_lists_that_want_both_signatures_stay_empty_to_it(api: TikTokApi) -> None:
    for rows in (
        api.hashtag(name="funny").videos(),
        api.user("khaby.lame").videos(),
        api.search.users("fone bluetooth"),
    ):
        with pytest.raises(EmptyResponseException):
            await ids(rows)


async def test_where_one_signature_is_enough_a_hashtags_list_is_the_one_that_we_find(
    api: TikTokApi, ours: Site, standin: RunningStandin
) -> None:
    standin.change(open=["signed"])

    found = await ids(api.hashtag(name="funny").videos(count=EVERYTHING))

    assert sorted(found) == our_ids(await ours.crawl("hashtag", tag="funny"), Video)


async def test_where_one_signature_is_enough_a_search_is_the_one_that_we_find(
    api: TikTokApi, ours: Site, standin: RunningStandin
) -> None:
    standin.change(open=["signed", "login"])

    found = await ids(api.search.users("fone bluetooth", count=EVERYTHING), "username")

    crawl = await ours.crawl("search", q="fone bluetooth", kind="users")
    assert len(found) == 40
    assert sorted(found) == sorted(str(user.username) for user in crawl.of_type(User))
