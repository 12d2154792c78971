"""`kill -9` in the middle of downloads, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.media.statuses import Status
from store.models import MediaClaimRow, MediaFileRow, MediaRequestRow
from tests.crawler.command import environment, start_scrapy
from tests.crawler.crawling import Site
from tests.crawler.media.archive import (
    LONG,
    PATIENCE_SECONDS,
    asked_of_cdn,
    assert_as_told,
    kill_amid,
    parts_of,
    sidecars_of,
)
from tests.fixtures.standin import RunningStandin

POSTS, AT_ONCE = 50, 4
KILLS = 20 if LONG else 3


@pytest.fixture
def slow_cdn(standin: RunningStandin) -> Iterator[RunningStandin]:
    """A CDN at which every file takes a while."""
    standin.change(video_bytes=400_000)
    standin.add_fault("drip", "/video/tos/*", options={"bytes": 20_000, "seconds": 0.02})
    yield standin
    standin.reset()


@pytest.mark.timeout(1_200 if LONG else 300)
async def test_a_killed_archive_goes_on_with_the_bytes_it_has_and_ends_whole(
    site: Site, slow_cdn: RunningStandin, tmp_path: Path
) -> None:
    variables = environment(
        tmp_path,
        site.url,
        DATABASE_URL=site.database_url,
        MEDIA_CONCURRENCY=str(AT_ONCE),
        MEDIA_MIN_FREE_MB="0",
    )
    command = ["crawl", "profile", "-a", "user=two.hundred", "-a", f"limit={POSTS}", "-a", "media=1"]
    for number in range(KILLS):
        kill_amid(command, variables, lambda: asked_of_cdn(slow_cdn), tmp_path / f"{number}.log")
    left = [row for row in site.rows(MediaRequestRow) if row.status != Status.DOWNLOADED]
    last = start_scrapy(command, variables, tmp_path / "last.log")
    exit_code = last.wait(PATIENCE_SECONDS)

    asked = asked_of_cdn(slow_cdn)
    rows = site.rows(MediaRequestRow)
    assert [row.reason for row in rows if row.status != Status.DOWNLOADED] == []
    assert exit_code == 0, (tmp_path / "last.log").read_text()
    assert left, "the kills came too late to prove anything"
    assert len(rows) == len(sidecars_of(site)) == POSTS
    assert {row.status for row in rows} == {Status.DOWNLOADED}
    assert {row.bytes for row in site.rows(MediaFileRow) if row.role == "video"} == {400_000}
    assert_as_told(site)
    assert parts_of(site) == []
    assert site.rows(MediaClaimRow) == []
    files = sum(row.role in ("video", "image", "sound") for row in site.rows(MediaFileRow))
    # A kill costs a request for each file under way, and the files that had come and were not booked yet.
    assert asked <= files + KILLS * 2 * AT_ONCE


async def test_two_crawls_of_the_same_posts_share_the_work(
    site: Site, slow_cdn: RunningStandin, tmp_path: Path
) -> None:
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url, MEDIA_MIN_FREE_MB="0")
    limit = ["-a", "limit=20", "-a", "media=1"]
    both = [
        start_scrapy(["crawl", "profile", "-a", "user=two.hundred", *limit], variables),
        start_scrapy(["crawl", "hashtag", "-a", "tag=funny", *limit], variables),
        start_scrapy(["crawl", "profile", "-a", "user=two.hundred", "-a", "avatar=1", *limit], variables),
    ]

    codes = [process.wait(PATIENCE_SECONDS) for process in both]

    files = site.rows(MediaFileRow)
    assert codes[0] == codes[2] == 0
    assert asked_of_cdn(slow_cdn) <= sum(row.role != "sidecar" for row in files)
    assert_as_told(site)
