"""`scrapy media`, as a user types it."""

from __future__ import annotations

from pathlib import Path

from store.media.statuses import Status
from store.models import MediaRequestRow
from tests.crawler.command import environment, scrapy
from tests.crawler.crawling import Site
from tests.crawler.media.archive import asked_of_cdn, file_path_at_cdn, newest_posts
from tests.fixtures.standin import RunningStandin

CLIP = next(post for post in newest_posts("two.hundred", 30) if not post.is_photo)


async def test_what_failed_is_told_and_tried_again(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url, MEDIA_MIN_FREE_MB="0")
    standin.add_fault("forbidden", file_path_at_cdn(CLIP))
    await site.crawl("profile", user="two.hundred", limit="5", media="1")
    before = scrapy(["media", "status"], variables)
    standin.reset()

    retried = scrapy(["media", "retry"], variables)
    after = scrapy(["media", "retry"], variables)

    assert f"{CLIP.id} failed after 1 attempts: video: refused with 403" in before.output
    assert retried.exit_code == 0, retried.complaints
    assert {row.status for row in site.rows(MediaRequestRow)} == {Status.DOWNLOADED}
    assert after.output == "Nothing has failed, and nothing is left to do.\n"


async def test_what_yt_dlp_has_is_not_fetched_and_what_is_here_can_be_told_to_it(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    variables = environment(tmp_path, site.url, DATABASE_URL=site.database_url)
    (tmp_path / "archive.txt").write_text(f"tiktok {CLIP.id}\nyoutube x\n")

    told = scrapy(["media", "import", str(tmp_path / "archive.txt")], variables)
    await site.crawl("video", url=CLIP.id, media="1")
    scrapy(["media", "export", str(tmp_path / "out.txt")], variables)
    bad = scrapy(["media", "import", str(tmp_path / "none.txt")], variables)

    assert told.output == "1 posts are archived elsewhere now, 0 were known, 1 other lines\n"
    assert asked_of_cdn(standin) == 0
    assert (tmp_path / "out.txt").read_text() == f"tiktok {CLIP.id}\n"
    assert bad.exit_code == 2
    assert bad.complaints.splitlines()[-1].startswith("scrapy media: [Errno 2] No such file or directory: ")
