"""From TikTok's CDN into Google Drive, both pretended."""

from __future__ import annotations

import json
from pathlib import Path

from store.media.statuses import Status, archived_files, links_of
from store.models import MediaFileRow, MediaRequestRow
from store.models.media import MediaCopyRow
from tests.crawler.command import environment, scrapy
from tests.crawler.crawling import Site
from tests.fixtures.drive import RunningDrive

POSTS = 4


def test_a_profile_s_media_end_in_drive_with_links_that_are_told(
    site: Site, drive: RunningDrive, tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(json.dumps(drive.key("user")))
    variables = environment(
        tmp_path,
        site.url,
        DATABASE_URL=site.database_url,
        MEDIA_MIN_FREE_MB="0",
        MEDIA_STORE="drive://root",
        DRIVE_BASE_URL=drive.url,
        DRIVE_CREDENTIALS=str(tmp_path / "key.json"),
    )
    command = ["crawl", "profile", "-a", "user=khaby.lame", "-a", f"limit={POSTS}", "-a", "media=1"]

    done = scrapy(command, variables)

    assert done.exit_code == 0, done.complaints
    assert f"{POSTS} posts uploaded" in done.complaints
    assert {row.status for row in site.rows(MediaRequestRow)} == {Status.UPLOADED}
    rows = site.rows(MediaFileRow)
    assert {row.uploaded_to for row in rows} == {"drive"}
    assert len({row.remote_id for row in rows}) == len(rows)
    engine = site.engine()
    links = links_of(archived_files(engine, [rows[0].video_id])[rows[0].video_id])
    engine.dispose()
    assert links.video_link
    assert links.metadata_link
    assert str(links.folder_path).startswith("TikTok/profile/khaby.lame/")


def test_a_crawl_copies_into_a_folder_of_its_own_what_the_archive_has_already(
    site: Site, drive: RunningDrive, tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(json.dumps(drive.key("user")))
    variables = environment(
        tmp_path,
        site.url,
        DATABASE_URL=site.database_url,
        MEDIA_MIN_FREE_MB="0",
        MEDIA_STORE="drive://root",
        DRIVE_BASE_URL=drive.url,
        DRIVE_CREDENTIALS=str(tmp_path / "key.json"),
    )
    own = drive.add_shared_drive("Own")
    command = ["crawl", "profile", "-a", "user=khaby.lame", "-a", "limit=2", "-a", "media=1"]
    assert scrapy(command, variables).exit_code == 0
    at_first = site.rows(MediaFileRow)
    sent = len(drive.log("PUT"))

    done = scrapy([*command, "-a", f"drive_folder={own}", "-a", "fresh=1"], variables)
    lost = scrapy([*command, "-a", "drive_folder=nobodysfolder", "-a", "fresh=1"], variables)

    assert done.exit_code == lost.exit_code == 0, done.complaints + lost.complaints
    requests = site.rows(MediaRequestRow)
    by_job = {job: [row for row in requests if row.job_id == job] for job in (1, 2, 3)}
    assert [{row.status for row in by_job[job]} for job in (1, 2, 3)] == [
        {"uploaded"},
        {"uploaded"},
        {"failed"},
    ]
    assert all("drive_folder" in str(row.reason) and "nobodysfolder" in str(row.reason) for row in by_job[3])
    copies = site.rows(MediaCopyRow)
    assert {row.folder_id for row in copies} == {own}
    assert len(copies) == len(at_first)
    assert not {row.remote_id for row in copies} & {row.remote_id for row in at_first}
    assert [row.remote_id for row in site.rows(MediaFileRow)] == [row.remote_id for row in at_first]
    assert len(drive.log("PUT")) == sent, "Drive copies what it has"
    in_own = [entry for entry in drive.entries() if entry["id"] in {row.remote_id for row in copies}]
    assert len(in_own) == len(copies)
