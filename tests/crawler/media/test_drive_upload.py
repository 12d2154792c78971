"""From TikTok's CDN into Google Drive, both pretended."""

from __future__ import annotations

import json
from pathlib import Path

from store.media.statuses import Status, archived_files, links_of
from store.models import MediaFileRow, MediaRequestRow
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
