from __future__ import annotations

import math
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from crawler.endings import Ending
from store.models import VideoRow
from tests.crawler.command import environment, start_scrapy
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Video
from tiktok.outcomes import ListState

HISTORY = "/api/creator/item_list/"
POSTS, A_PAGE = 5_000, 15
PATIENCE_SECONDS = 60


async def test_a_killed_crawl_goes_on_where_it_was_and_finds_all_of_5000_posts_once(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    exit_code, found_before = end_in_mid_crawl(site, tmp_path, signal.SIGKILL, at_least=1_500)
    stored_before = {video.id for video in site.rows(VideoRow)}
    standin.reset()

    crawl = await site.crawl("profile", user="five.thousand")

    asked = standin.log()["counts"][HISTORY]
    exported = Counter(video.id for video in crawl.of_type(Video))
    stored = [video.id for video in site.rows(VideoRow)]
    assert exit_code == -signal.SIGKILL
    assert crawl.stats["list/resumed"] == 1
    assert asked <= math.ceil((POSTS - found_before) / A_PAGE) + 1
    assert len(stored) == len(set(stored)) == POSTS
    assert len(stored_before) >= found_before
    assert set(stored) == stored_before | set(exported)
    assert max(exported.values()) == 1
    assert (crawl.listing.state, crawl.listing.found, crawl.listing.declared) == (
        ListState.COMPLETE,
        POSTS,
        POSTS,
    )
    assert crawl.ending is Ending.DONE


async def test_ctrl_c_ends_a_crawl_in_order_with_everything_stored(site: Site, tmp_path: Path) -> None:
    exit_code, found = end_in_mid_crawl(site, tmp_path, signal.SIGINT, at_least=300)

    assert exit_code == Ending.INCOMPLETE
    assert len(site.rows(VideoRow)) == found


def end_in_mid_crawl(site: Site, data_dir: Path, by: signal.Signals, at_least: int) -> tuple[int, int]:
    """Start a crawl, signal it when its checkpoint counts so many rows; give its exit code and the last count."""
    database = site.database_url.removeprefix("sqlite:///")
    variables = environment(data_dir, site.url, DATABASE_URL=site.database_url)
    process = start_scrapy(["crawl", "profile", "-a", "user=five.thousand"], variables)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found_so_far(database) < at_least:
        assert process.poll() is None, "the crawl ended before it could be stopped"
        assert time.monotonic() < deadline, "the crawl does not get anywhere"
        time.sleep(0.02)
    process.send_signal(by)
    exit_code = process.wait(timeout=PATIENCE_SECONDS)
    found = found_so_far(database)
    assert at_least <= found < POSTS
    return exit_code, found


def found_so_far(database: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT found FROM listings WHERE target = 'five.thousand'").fetchone()
    return row[0] if row else 0
