"""Crawls as parts of jobs: what a shard's process does with its ledger, its orders and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from crawler.endings import Ending
from standin.pages.small import short_code
from standin.world.population import World, history, now_on
from store.jobs.dispatch import record_exit, recover_lost_shards
from store.jobs.progress import read_progress
from store.jobs.rows import Job
from store.jobs.services import cancel_job, pause_job, resume_job
from store.jobs.states import JobState
from store.listings import find_listing
from store.models import CommentRow, UserRow
from store.models.jobs import JOB_VIDEOS, SHARDS
from tests.crawler.command import environment, start_scrapy
from tests.crawler.crawling import Site
from tests.crawler.jobs import ask_for, numbers, results, schedule
from tests.fixtures.standin import RunningStandin
from tests.store.jobs.samples import assert_ledger_adds_up
from tiktok.outcomes import ListState
from tiktok.routes import Operation

QUICK = {"HEARTBEAT_SECONDS": 0.05, "BULK_BATCH_SECONDS": 0}
SLOW = {"HEARTBEAT_SECONDS": 0.05, "BULK_BATCH_SECONDS": 0.3, "BULK_BATCH_SIZE": 5}


@pytest.fixture
def engine(site: Site) -> Iterator[Engine]:
    engine = site.engine()
    yield engine
    engine.dispose()


@pytest.fixture
def usernames(world: World) -> list[str]:
    """Accounts of the stand-in's ordinary population."""
    accounts = (world.account(number) for number in range(20, 200))
    return [account.username for account in accounts if account][:40]


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in a database
            await asyncio.sleep(0.02)


def done(engine: Engine, job: Job) -> int:
    return read_progress(engine, job.id).done


def make_due(engine: Engine) -> None:
    """Pass over the pause after a failure."""
    with engine.begin() as connection:
        connection.execute(update(SHARDS).values(due_at=datetime.now(UTC)))


def discussed_post(world: World) -> tuple[str, int]:
    """A post with some pages of comments, and how many it has, replies included."""
    account = world.account_called("two.hundred")
    assert account
    posts = history(account, now_on(0), account.role.posts, now_on(0))
    totals = {post.id: post.counters(now_on(0)).comments for post in posts}
    return next((post_id, total) for post_id, total in totals.items() if 60 < total < 120)


def has_all_comments(engine: Engine, post_id: str) -> bool:
    listing = find_listing(engine, Operation.COMMENTS, post_id, scope="")
    return listing is not None and listing.state is ListState.COMPLETE


async def test_a_shard_is_crawled_to_the_end_of_its_job(site: Site, engine: Engine) -> None:
    given = ["@khaby.lame", "khaby.lame", "no such!", "deleted.account", "KHABY.LAME", "new.handle"]
    job = ask_for(engine, "bulk_profiles", given, site.url)

    crawl = await site.crawl("bulk_profiles", settings=QUICK, **numbers(schedule(engine)))

    ids = {user.username: user.id for user in site.rows(UserRow)}
    assert crawl.ending is Ending.DONE
    assert [(row.given, row.outcome, row.record_id) for row in results(engine, job)] == [
        ("@khaby.lame", "ok", ids["khaby.lame"]),
        ("khaby.lame", "ok", ids["khaby.lame"]),
        ("no such!", "invalid", None),
        ("deleted.account", "not_found", None),
        ("KHABY.LAME", "ok", ids["khaby.lame"]),
        ("new.handle", "ok", ids["new.handle"]),
    ]
    assert read_progress(engine, job.id).job.state is JobState.COMPLETED
    assert_ledger_adds_up(engine, job)


async def test_the_job_says_what_is_asked_for(site: Site, engine: Engine) -> None:
    job = ask_for(engine, "profile", ["@khaby.lame"], site.url, limit=7)

    crawl = await site.crawl("profile", **numbers(schedule(engine)))

    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).where(JOB_VIDEOS.c.job_id == job.id))
    assert crawl.counts()["video"] == 7
    assert crawl.listing.reason == "limit of 7 reached"
    assert found == 7
    assert read_progress(engine, job.id).found >= 7


async def test_an_outdated_attempt_asks_for_nothing(
    site: Site, engine: Engine, standin: RunningStandin
) -> None:
    job = ask_for(engine, "bulk_profiles", ["khaby.lame"], site.url)
    shard = schedule(engine)
    outdated = {**numbers(shard), "attempt": str(shard.attempt + 1)}

    crawl = await site.crawl("bulk_profiles", **outdated)

    assert crawl.ending is Ending.DONE
    assert crawl.stats["finish_reason"] == "not_wanted"
    assert standin.log()["counts"] == {}
    assert done(engine, job) == 0


async def test_a_cancelled_job_ends_after_the_batch_in_flight_and_keeps_its_results(
    site: Site, engine: Engine, usernames: list[str]
) -> None:
    job = ask_for(engine, "bulk_profiles", usernames, site.url)
    crawl = asyncio.create_task(site.crawl("bulk_profiles", settings=SLOW, **numbers(schedule(engine))))
    await until(lambda: done(engine, job) >= 5)

    cancel_job(engine, job.id, datetime.now(UTC))
    ended = await crawl

    progress = read_progress(engine, job.id)
    assert progress.job.state is JobState.CANCELLED
    assert set(progress.outcomes) == {"ok", "cancelled"}
    assert progress.outcomes["ok"] % 5 == 0
    assert progress.outcomes["ok"] == len(ended.outcomes) == len(site.rows(UserRow)) < 40
    assert ended.ending is Ending.INCOMPLETE
    assert_ledger_adds_up(engine, job)


async def test_a_paused_job_goes_on_where_it_was(site: Site, engine: Engine, usernames: list[str]) -> None:
    job = ask_for(engine, "bulk_profiles", usernames, site.url)
    crawl = asyncio.create_task(site.crawl("bulk_profiles", settings=SLOW, **numbers(schedule(engine))))
    await until(lambda: done(engine, job) >= 5)

    pause_job(engine, job.id, datetime.now(UTC))
    first = await crawl
    paused = read_progress(engine, job.id)
    resume_job(engine, job.id, datetime.now(UTC))
    second = await site.crawl("bulk_profiles", settings=QUICK, **numbers(schedule(engine)))

    assert (paused.job.state, paused.done) == (JobState.PAUSED, len(first.outcomes))
    assert len(first.outcomes) + len(second.outcomes) == 40
    assert not set(first.outcomes) & set(second.outcomes)
    assert read_progress(engine, job.id).job.state is JobState.COMPLETED


async def test_a_cancelled_list_ends_after_the_page_under_way(site: Site, engine: Engine) -> None:
    job = ask_for(engine, "profile", ["five.thousand"], site.url)
    crawl = asyncio.create_task(site.crawl("profile", settings=QUICK, **numbers(schedule(engine))))
    await until(lambda: read_progress(engine, job.id).found >= 60)

    cancel_job(engine, job.id, datetime.now(UTC))
    ended = await crawl

    assert 60 <= ended.counts()["video"] < 5_000
    assert read_progress(engine, job.id).job.state is JobState.CANCELLED


async def test_who_was_given_up_stops_and_writes_nothing_more(
    site: Site, engine: Engine, usernames: list[str]
) -> None:
    job = ask_for(engine, "bulk_profiles", usernames, site.url)
    shard = schedule(engine)
    orphan = asyncio.create_task(site.crawl("bulk_profiles", settings=SLOW, **numbers(shard)))
    await until(lambda: done(engine, job) >= 5)
    with engine.begin() as connection:  # no order reaches it meanwhile
        connection.execute(update(SHARDS).values(heartbeat_at=datetime.now(UTC) - timedelta(minutes=1)))
    recover_lost_shards(engine, datetime.now(UTC), silence=timedelta(seconds=30))

    given_up = await orphan

    assert given_up.stats["finish_reason"] == "shard_lost"
    assert given_up.ending is Ending.INCOMPLETE
    left = 40 - done(engine, job)
    assert left > 0
    make_due(engine)
    heir = await site.crawl(
        "bulk_profiles", settings={**QUICK, "PROFILE_CACHE_SECONDS": 0}, **numbers(schedule(engine))
    )
    assert len(heir.outcomes) == left
    assert read_progress(engine, job.id).outcomes == {"ok": 40}
    assert_ledger_adds_up(engine, job)


async def test_a_target_that_was_lost_on_the_way_is_left_open_for_the_next_attempt(
    site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    job = ask_for(engine, "bulk_profiles", ["khaby.lame", "new.handle"], site.url)
    shard = schedule(engine)
    with monkeypatch.context() as patched:
        patched.setattr("crawler.spiders.bulk_profiles.BulkProfilesSpider.follow_record", fail)
        failed = await site.crawl("bulk_profiles", settings=QUICK, **numbers(shard))

    assert failed.ending is Ending.CRASHED
    assert "ZeroDivisionError" in caplog.text
    assert (read_progress(engine, job.id).job.state, done(engine, job)) == (JobState.PENDING, 0)


async def test_a_post_is_not_done_before_the_replies_to_its_comments_are(
    site: Site, engine: Engine, world: World, standin: RunningStandin
) -> None:
    post_id, total = discussed_post(world)
    job = ask_for(engine, "comments", [post_id], site.url)
    shard = schedule(engine)
    standin.add_fault("drip", "/api/comment/list/reply/", count=2, options={"bytes": 1, "seconds": 1})
    words = [f"{name}={value}" for name, value in numbers(shard).items()]
    variables = environment(site.data_dir, site.url, DATABASE_URL=site.database_url)
    process = start_scrapy(["crawl", "comments", "-a", words[0], "-a", words[1]], variables)
    try:
        await until(lambda: has_all_comments(engine, post_id))
    finally:
        process.kill()
    exit_code = await asyncio.to_thread(process.wait)
    done_before, stored_before = done(engine, job), len(site.rows(CommentRow))
    record_exit(engine, shard.id, shard.attempt, exit_code, datetime.now(UTC))
    make_due(engine)
    standin.reset()
    crawl = await site.crawl("comments", settings=QUICK, **numbers(schedule(engine)))

    assert done_before == 0
    assert stored_before < total == len(site.rows(CommentRow))
    assert crawl.ending is Ending.DONE
    assert [(row.outcome, row.record_id) for row in results(engine, job)] == [("ok", post_id)]
    assert read_progress(engine, job.id).job.state is JobState.COMPLETED


async def test_links_to_one_post_are_crawled_once_and_answered_each(
    site: Site, engine: Engine, world: World, known: dict[str, Any]
) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]
    post = world.post(post_id, now_on(0))
    assert post
    links = [f"https://{host}/{short_code(post)}/" for host in ("vm.tiktok.com", "vt.tiktok.com")]
    job = ask_for(engine, "video", [post_id, *links], site.url)

    crawl = await site.crawl("video", **numbers(schedule(engine)))

    assert crawl.counts()["video"] == 1
    assert [(row.outcome, row.record_id) for row in results(engine, job)] == [("ok", post_id)] * 3
    assert read_progress(engine, job.id).job.state is JobState.COMPLETED
