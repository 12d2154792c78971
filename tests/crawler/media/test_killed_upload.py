"""`kill -9` in the middle of downloads and uploads, again and again: in Drive each file and folder is there once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.media.statuses import Status
from store.models import MediaFileRow, MediaRequestRow
from tests.crawler.command import environment, scrapy, start_scrapy
from tests.crawler.crawling import Site
from tests.crawler.media.archive import (
    LONG,
    PATIENCE_SECONDS,
    asked_of_cdn,
    assert_as_told,
    files_of,
    kill_amid,
    parts_of,
    sidecars_of,
)
from tests.fixtures.drive import RunningDrive
from tests.fixtures.standin import RunningStandin

AT_ONCE = 4
POSTS, KILLS = (50, 20) if LONG else (12, 3)
CHUNK_BYTES = 1 << 20
VIDEO_BYTES = 1_300_000
"""Two chunks: an upload can be killed between them."""
UPLOADS = "/upload/drive/v3/files"


@pytest.fixture
def slow_sites(standin: RunningStandin, drive: RunningDrive) -> Iterator[None]:
    """A CDN and a Drive at which every file takes a while."""
    standin.change(video_bytes=VIDEO_BYTES)
    standin.add_fault("drip", "/video/tos/*", options={"bytes": 100_000, "seconds": 0.02})
    drive.plan("stall", method="PUT", path="/upload/*", count=100_000, options={"seconds": 0.2})
    yield
    standin.reset()


@pytest.mark.timeout(1_200 if LONG else 300)
@pytest.mark.usefixtures("slow_sites")
async def test_killed_downloads_and_uploads_end_whole_and_once(
    site: Site, standin: RunningStandin, drive: RunningDrive, tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(json.dumps(drive.key("user")))
    settings = {"MEDIA_CONCURRENCY": str(AT_ONCE), "MEDIA_MIN_FREE_MB": "0"}
    in_drive = {
        "MEDIA_STORE": "drive://root",
        "DRIVE_BASE_URL": drive.url,
        "DRIVE_CREDENTIALS": str(tmp_path / "key.json"),
        "DRIVE_CHUNK_MB": "1",
    }
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url, **settings, **in_drive)
    command = ["crawl", "profile", "-a", "user=two.hundred", "-a", f"limit={POSTS}", "-a", "media=1"]
    for number in range(KILLS):
        progress = (lambda: asked_of_cdn(standin), lambda: len(chunks(drive)))[number % 2]
        kill_amid(command, variables, progress, tmp_path / f"{number}.log")
    left = [row for row in site.rows(MediaRequestRow) if row.status != Status.UPLOADED]
    last = start_scrapy(command, variables, tmp_path / "last.log")
    exit_code = last.wait(PATIENCE_SECONDS)

    rows = site.rows(MediaFileRow)
    assert exit_code == 0, (tmp_path / "last.log").read_text()
    assert left, "the kills came too late to prove anything"
    assert {row.status for row in site.rows(MediaRequestRow)} == {Status.UPLOADED}
    assert len(sidecars_of(site)) == POSTS
    assert_as_told(site)
    assert parts_of(site) == []
    assert {row.path: row.md5 for row in rows} == tree_of(drive)
    sent = sum(each.get("received", 0) for each in chunks(drive))
    assert sent <= sum(row.bytes for row in rows) + KILLS * AT_ONCE * CHUNK_BYTES

    standin.drop_faults()
    clean = environment(tmp_path / "clean", site.url, **settings)
    assert scrapy(command, clean).exit_code == 0
    origin = Site(site.url, "", tmp_path / "clean")
    assert hashes(site) == hashes(origin)


def chunks(drive: RunningDrive) -> list[dict[str, Any]]:
    """Requests that brought content."""
    return drive.log("PUT", UPLOADS)


def tree_of(drive: RunningDrive) -> dict[str, str]:
    """The MD5 of each file by its path; two of one name in one folder, file or folder, are a failure."""
    entries = drive.entries()
    twins = Counter((entry["parents"][0], entry["name"]) for entry in entries)
    assert [twin for twin, n in twins.items() if n > 1] == []
    by_id = {entry["id"]: entry for entry in entries}

    def path(entry: dict[str, Any]) -> str:
        above = by_id.get(entry["parents"][0])
        return f"{path(above)}/{entry['name']}" if above else str(entry["name"])

    return {path(entry): entry["md5Checksum"] for entry in entries if "md5Checksum" in entry}


def hashes(site: Site) -> dict[Path, str]:
    """Each media file's hash; sidecars tell when they were written."""
    return {
        path.relative_to(site.archive): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_of(site)
        if path.suffix != ".json"
    }
