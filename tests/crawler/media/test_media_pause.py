"""A full disk, or a Drive that takes nothing for a while: the job is paused, says why, and goes on by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.endings import Ending
from store.jobs.lists import recent_jobs
from store.jobs.rows import Job
from store.jobs.states import JobState
from store.media.disk import DiskArchive
from store.media.statuses import Status
from store.models import MediaRequestRow
from tests.crawler.crawling import Site
from tests.fixtures.drive import RunningDrive

QUICK = {"HEARTBEAT_SECONDS": 0.05}
WISH = {"user": "khaby.lame", "limit": "3", "media": "1"}


@pytest.fixture
def job(site: Site) -> Iterator[Callable[[], Job | None]]:
    engine = site.engine()
    yield lambda: next(iter(recent_jobs(engine)), None)
    engine.dispose()


async def until_paused(job: Callable[[], Job | None], words: str) -> Job:
    """Wait until the job is paused for a reason with these words, and return it."""
    async with asyncio.timeout(60):
        while True:
            found = await asyncio.to_thread(job)
            if found and found.state is JobState.PAUSED and words in (found.reason or ""):
                return found
            await asyncio.sleep(0.05)


async def test_a_full_disk_pauses_the_job_until_there_is_room(
    site: Site, job: Callable[[], Job | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [0]
    monkeypatch.setattr(DiskArchive, "free_bytes", lambda _: free[0])
    monkeypatch.setattr("pipelines.disk_room.LOOK_SECONDS", 0.1)
    crawling = asyncio.create_task(site.crawl("profile", settings={**QUICK, "MEDIA_MIN_FREE_MB": 5}, **WISH))

    paused = await until_paused(job, "disk of media")
    free[0] = 10 * 2**20
    crawl = await crawling

    assert paused.reason == "the disk of media has 0 MB free, and 5 MB are to stay (MEDIA_MIN_FREE_MB)"
    assert_done(site, job, Status.DOWNLOADED)
    assert crawl.ending is Ending.DONE


async def test_a_full_drive_pauses_the_job_until_it_takes_files_again(
    site: Site,
    job: Callable[[], Job | None],
    drive: RunningDrive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "key.json").write_text(json.dumps(drive.key("user")))
    monkeypatch.setenv("DRIVE_BASE_URL", drive.url)
    monkeypatch.setenv("DRIVE_CREDENTIALS", str(tmp_path / "key.json"))
    monkeypatch.setattr("store.media.drive.answers.FULL_PAUSE", timedelta(seconds=2))
    drive.change(quota_bytes=1)
    settings: dict[str, Any] = {**QUICK, "MEDIA_STORE": "drive://root"}
    crawling = asyncio.create_task(site.crawl("profile", settings=settings, **WISH))

    paused = await until_paused(job, "the Drive is full")
    drive.change(quota_bytes=0)
    crawl = await crawling

    assert paused.paused_until is not None
    assert_done(site, job, Status.UPLOADED)
    assert crawl.ending is Ending.DONE


def assert_done(site: Site, job: Callable[[], Job | None], status: Status) -> None:
    ended = job()
    assert ended
    assert (ended.state, ended.reason) == (JobState.COMPLETED, None)
    assert {row.status for row in site.rows(MediaRequestRow)} == {status}
