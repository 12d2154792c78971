"""All identities are blocked: the crawl rests, says why, and goes on when somebody adds one. Nothing is asked twice."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable

import pytest

from crawler.endings import Ending
from standin.world.population import World, newest_first, posts_on
from tests.crawler.command import Finished, environment, scrapy
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.verdicts import Verdict

POSTS = 12
PATIENCE_SECONDS = 60
QUICK = {"PACE_EXIT_SECONDS": "0.2", "PACE_IDENTITY_DETAIL": "5:5"}
POLITE = {"POLITE_PACE": True, "REST_FACTOR": 1.0, "GUESTS_PER_EXIT": 2}


async def test_a_crawl_without_identities_pauses_and_goes_on_with_one_that_is_added(
    site: Site,
    standin: RunningStandin,
    world: World,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.WARNING, "crawler")
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    posts = posts_of(world, "two.hundred")
    crawling = asyncio.create_task(site.crawl("video", url=",".join(posts), settings=POLITE))
    await until(lambda: len(asked(standin, posts)) >= 4)

    standin.add_fault("captcha")
    blocked_at = time.time()
    await until(lambda: "Paused: " in caplog.text)
    standin.drop_faults()
    answered_before = asked(standin, posts)
    await asyncio.sleep(0.5)
    answered_in_the_pause = asked(standin, posts) - answered_before
    was_paused = not crawling.done()
    done = await asyncio.to_thread(import_identity, site, standin)
    crawl = await asyncio.wait_for(crawling, PATIENCE_SECONDS)

    (paused,) = [record for record in caplog.records if record.getMessage().startswith("Paused: ")]
    assert paused.created - blocked_at < 10
    assert paused.getMessage().startswith("Paused: all identities are resting (captcha_page")
    assert was_paused
    assert answered_in_the_pause == Counter()
    assert done.exit_code == 0, done.complaints
    assert [message for message in caplog.messages if message.startswith("Going on after a pause of ")]
    assert {outcome.outcome for outcome in crawl.outcomes.values()} == {Verdict.OK}
    assert (len(crawl.outcomes), crawl.ending) == (POSTS, Ending.DONE)
    assert asked(standin, posts) == Counter(dict.fromkeys(posts, 1))


def posts_of(world: World, username: str) -> list[str]:
    account = world.account_called(username)
    assert account
    return [post.id for post in newest_first(account, posts_on(account, 0), POSTS)]


def asked(standin: RunningStandin, posts: list[str]) -> Counter[str]:
    """How often each post was asked for and shown."""
    shown = [request["path"] for request in standin.log()["requests"] if request["fault"] is None]
    return Counter(post for path in shown for post in posts if path.endswith(post))


def import_identity(site: Site, standin: RunningStandin) -> Finished:
    """Add an account, as another process."""
    file = site.data_dir / "cookies.txt"
    file.write_text("; ".join(f"{name}={value}" for name, value in standin.login(3).items()))
    variables = environment(site.data_dir, site.url, DATABASE_URL=site.database_url)
    return scrapy(
        ["identity", "import", str(file), "--label", "added", "--user-agent", "Mozilla/5.0"], variables
    )


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(is_so):  # noqa: ASYNC110  # what the site saw sets no event
            await asyncio.sleep(0.05)
