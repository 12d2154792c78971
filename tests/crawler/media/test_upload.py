"""Finished posts go to the store of `MEDIA_STORE`, here a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.endings import Ending
from store.media.statuses import Status
from store.models import MediaFileRow, MediaRequestRow
from tests.crawler.crawling import Crawl, Site
from tests.crawler.media.archive import asked_of_cdn, files_of
from tests.fixtures.standin import RunningStandin

POSTS = 6


async def crawl(site: Site, store: Path, *, keep: bool = True) -> Crawl:
    settings = {"MEDIA_STORE": store.as_uri(), "MEDIA_KEEP_LOCAL": keep}
    return await site.crawl(
        "profile", user="khaby.lame", limit=str(POSTS), media="1", fresh="1", settings=settings
    )


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".parts" not in path.parts
    }


async def test_a_post_s_files_are_uploaded_once_and_told(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    store = tmp_path / "far away"
    first = await crawl(site, store)
    standin.reset()
    again = await crawl(site, store)

    rows = site.rows(MediaFileRow)
    assert first.stats["media/uploaded"] == POSTS
    assert tree(store) == tree(site.archive)
    assert {row.status for row in site.rows(MediaRequestRow)} == {Status.UPLOADED}
    assert {row.uploaded_to for row in rows} == {"folder"}
    assert {row.remote_link for row in rows} == {(store / row.path).as_uri() for row in rows}
    assert "media/bytes_uploaded" not in again.stats
    assert asked_of_cdn(standin) == 0
    assert again.ending is Ending.DONE


async def test_uploaded_files_leave_the_disk_where_that_is_wanted_and_are_not_fetched_again(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    store = tmp_path / "far away"
    await crawl(site, store, keep=False)
    standin.reset()
    await crawl(site, store, keep=False)

    assert files_of(site) == []
    assert len(tree(store)) == len(site.rows(MediaFileRow)) > POSTS
    assert asked_of_cdn(standin) == 0


async def test_posts_archived_before_there_was_a_store_are_uploaded_when_they_are_met(
    site: Site, tmp_path: Path
) -> None:
    await site.crawl("profile", user="khaby.lame", limit=str(POSTS), media="1")
    await crawl(site, tmp_path / "new")

    assert tree(tmp_path / "new") == tree(site.archive)


async def test_a_store_that_can_not_be_used_ends_the_crawl_before_it_asks(
    site: Site, standin: RunningStandin, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    result = await crawl(site, tmp_path / "file" / "x")

    assert result.ending is Ending.CRASHED
    assert "MEDIA_STORE: can't write to" in caplog.text
    assert standin.log()["counts"] == {}
