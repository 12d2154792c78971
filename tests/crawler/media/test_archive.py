"""Posts with their media, from the stand-in's CDN into the archive."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.endings import Ending
from store.media.statuses import Status
from store.models import MediaFileRow, MediaRequestRow
from tests.crawler.crawling import Crawl, Site
from tests.crawler.media.archive import (
    asked_of_cdn,
    assert_as_told,
    file_path_at_cdn,
    files_of,
    newest_posts,
    parts_of,
    probe,
    sidecars_of,
)
from tests.fixtures.standin import RunningStandin

USER = "two.hundred"
CLIP = next(post for post in newest_posts(USER, 30) if not post.is_photo)
PHOTOS = next(post for post in newest_posts("khaby.lame", 30) if post.is_photo)
RUNG_1080 = "*adapt_lowest_1080_1*"


async def fetch_clip(site: Site, **arguments: Any) -> Crawl:
    url = f"https://www.tiktok.com/@{USER}/video/{CLIP.id}"
    return await site.crawl("video", url=url, media="1", **arguments)


def video_row(site: Site) -> MediaFileRow:
    (row,) = (row for row in site.rows(MediaFileRow) if row.role == "video")
    return row


def request_row(site: Site) -> MediaRequestRow:
    (row,) = site.rows(MediaRequestRow)
    return row


async def test_a_profile_s_media_come_into_a_tree_and_a_second_crawl_downloads_nothing(
    site: Site, standin: RunningStandin
) -> None:
    wishes: dict[str, Any] = {"media": "1", "covers": "1", "subtitles": "en", "avatar": "1", "limit": "12"}
    crawl = await site.crawl("profile", user="khaby.lame", **wishes)
    asked, before = asked_of_cdn(standin), {path: path.stat().st_mtime_ns for path in files_of(site)}
    standin.reset()

    again = await site.crawl("profile", user="khaby.lame", fresh="1", **wishes)

    assert (crawl.ending, again.ending) == (Ending.DONE, Ending.DONE)
    assert len(crawl.items) - 1 == len(sidecars_of(site)) == crawl.stats["media/downloaded"] == 12
    assert_as_told(site)
    assert parts_of(site) == []
    assert asked >= 12 * 3
    assert asked_of_cdn(standin) == 0
    assert {path: path.stat().st_mtime_ns for path in files_of(site)} == before
    assert again.stats["media/downloaded"] == 12
    assert {row.status for row in site.rows(MediaRequestRow)} == {Status.DOWNLOADED}


async def test_a_video_is_the_best_that_is_offered_and_plays(site: Site) -> None:
    await fetch_clip(site)

    row = video_row(site)
    path = site.archive / row.path
    told = probe(path)
    assert path.name == f"{USER}_{CLIP.id}.mp4"
    assert path.relative_to(site.archive).parts[:3] == ("TikTok", "video", USER)
    assert (row.quality, row.codec, row.width, row.height) == ("adapt_lowest_1080_1", "h265_hvc1", 1080, 1920)
    assert (row.has_watermark, row.mime_type, row.bytes) == (False, "video/mp4", path.stat().st_size)
    assert {stream["codec_type"] for stream in told["streams"]} == {"video", "audio"}
    assert float(told["format"]["duration"]) == pytest.approx(CLIP.duration, abs=1)


async def test_a_photo_post_is_all_its_images_in_order_and_its_sound(site: Site) -> None:
    await site.crawl("video", url=f"https://www.tiktok.com/@khaby.lame/photo/{PHOTOS.id}", media="1")

    names = [path.name.removeprefix(f"khaby.lame_{PHOTOS.id}") for path in files_of(site)]
    images = [name for name in names if name.endswith(".jpg")]
    assert images == [f"_{number:02}.jpg" for number in range(1, len(images) + 1)]
    assert len(images) == len(sidecars_of(site)[PHOTOS.id]["images"]) > 1
    assert sorted(set(names) - set(images)) == [".json", "_sound.m4a"]
    assert len({path.read_bytes() for path in files_of(site, "*.jpg")}) == len(images)


async def test_subtitles_alone_come_without_the_video(site: Site) -> None:
    await site.crawl("video", url=CLIP.id, subtitles="all")

    endings = {path.name.partition(CLIP.id)[2] for path in files_of(site)}
    assert endings == {".eng-US.vtt", ".eng-US.srt", ".json"}
    (subtitle,) = files_of(site, "*.srt")
    assert subtitle.read_text().startswith("1\n00:00:")


async def test_nobody_s_media_come_unasked(site: Site, standin: RunningStandin) -> None:
    await site.crawl("video", url=CLIP.id)

    assert asked_of_cdn(standin) == 0
    assert site.rows(MediaRequestRow) == []
    assert not site.archive.exists()


async def test_a_setting_asks_for_everybody_and_an_argument_against_it(site: Site) -> None:
    await site.crawl("video", url=CLIP.id, media="0", settings={"MEDIA": True})
    without = files_of(site)
    await site.crawl("video", url=CLIP.id, settings={"MEDIA": True})

    assert without == []
    assert len(files_of(site, "*.mp4")) == 1


async def test_a_preferred_codec_and_a_largest_resolution_are_kept_to(site: Site) -> None:
    await site.crawl("video", url=CLIP.id, media="1", settings={"MEDIA_CODECS": ["h264"]})
    row = video_row(site)

    assert (row.codec, row.quality) == ("h264", "normal_540_0")


async def test_only_the_watermarked_video_is_left_and_may_not_be_taken(
    site: Site, standin: RunningStandin
) -> None:
    spoil_clean_streams(standin)

    crawl = await fetch_clip(site)

    request = request_row(site)
    assert request.status == Status.FAILED
    assert request.reason == "video: not there (404)"
    assert files_of(site) == []
    assert crawl.ending is Ending.INCOMPLETE
    assert len(crawl.items) == 1, "the post itself is none the worse for it"


async def test_the_watermarked_video_is_taken_where_it_may_be_and_marked(
    site: Site, standin: RunningStandin
) -> None:
    spoil_clean_streams(standin)

    await fetch_clip(site, no_watermark="0")

    row = video_row(site)
    path = site.archive / row.path
    assert (row.has_watermark, row.variant) == (True, "watermarked")
    assert path.name.endswith("_watermarked.mp4")
    assert b"watermarked" in path.read_bytes()


async def test_a_clean_video_is_fetched_later_beside_the_watermarked_one(
    site: Site, standin: RunningStandin
) -> None:
    spoil_clean_streams(standin)
    await fetch_clip(site, no_watermark="0")
    standin.reset()

    await fetch_clip(site)

    assert [row.variant for row in site.rows(MediaFileRow) if row.role == "video"] == ["", "watermarked"]


async def test_expired_links_are_renewed_by_reading_the_post_once_more(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("expired_links", "*", count=1)

    crawl = await fetch_clip(site, covers="1", subtitles="en")

    assert crawl.stats["media/reread"] == 1
    assert crawl.stats["media/downloaded"] == 1
    assert_as_told(site)
    assert standin.log()["counts"].get("/video/tos/", 0) == 0


async def test_refused_links_are_renewed_too(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("forbidden", f"/video/tos/{file_path_at_cdn(CLIP)}", count=3)

    crawl = await fetch_clip(site)

    assert crawl.stats["media/reread"] == 1
    assert video_row(site).quality == "adapt_lowest_1080_1"


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("html", {}, "an error page came instead of the file"),
        ("html", {"type": "video/mp4"}, "no video but b'<"),
        ("truncated", {}, "the file is cut short, at "),
        ("empty", {}, "an error page came instead of the file"),
        ("server_error", {}, "refused with 503"),
    ],
)
async def test_what_is_no_video_is_never_saved_as_one(
    site: Site, standin: RunningStandin, kind: str, options: dict[str, str], reason: str
) -> None:
    standin.add_fault(kind, "/video/tos/*", options=options)

    crawl = await site.crawl("video", url=CLIP.id, media="1")

    assert crawl.stats["media/failed"] == 1
    assert str(request_row(site).reason).startswith(f"video: {reason}")
    assert files_of(site) == []
    assert parts_of(site) == []


@pytest.mark.parametrize("kind", ["html", "truncated", "forbidden"])
async def test_trouble_with_one_rung_leads_to_the_next_link_or_rung(
    site: Site, standin: RunningStandin, kind: str
) -> None:
    standin.add_fault(kind, RUNG_1080)

    await fetch_clip(site)

    assert video_row(site).quality == "adapt_lower_720_1"
    assert_as_told(site)


@pytest.mark.parametrize("kind", ["cut", "wrong_length", "reset"])
async def test_a_broken_connection_costs_no_byte_twice(
    site: Site, standin: RunningStandin, kind: str
) -> None:
    standin.change(video_bytes=3_000_000)
    standin.add_fault(kind, RUNG_1080, count=2)

    crawl = await site.crawl("video", url=CLIP.id, media="1")

    row = video_row(site)
    assert (row.quality, row.bytes) == ("adapt_lowest_1080_1", 3_000_000)
    assert crawl.stats["media/bytes_received"] <= 3_000_000
    assert_as_told(site)
    assert parts_of(site) == []


async def test_files_are_asked_for_as_their_finder_and_no_other(site: Site) -> None:
    """The stand-in's CDN wants the Referer, the token of the visit, and its User-Agent and exit."""
    crawl = await site.crawl("profile", user=USER, limit="40", media="1")

    assert crawl.stats["media/downloaded"] == 40
    assert "media/reread" not in crawl.stats


async def test_a_video_without_its_sound_is_not_taken(site: Site) -> None:
    """Every eighth post offers a sixth rung, which looks best and is silent."""
    posts = [post for post in newest_posts(USER, 60) if not post.is_photo][:24]

    await site.crawl("video", url=",".join(post.id for post in posts), media="1")

    rows = [row for row in site.rows(MediaFileRow) if row.role == "video"]
    assert len(rows) == 24
    assert {row.quality for row in rows} == {"adapt_lowest_1080_1"}


async def test_three_of_thirty_fail_and_are_repaired(site: Site, standin: RunningStandin) -> None:
    posts = [post for post in newest_posts(USER, 60) if not post.is_photo]
    for post in posts[3:6]:  # well within the newest thirty
        standin.add_fault("forbidden", file_path_at_cdn(post))
    crawl = await site.crawl("profile", user=USER, limit="30", media="1")
    failed = {row.video_id for row in site.rows(MediaRequestRow) if row.status == Status.FAILED}
    standin.reset()

    again = await site.crawl("video", url=",".join(failed), media="1")

    assert (crawl.stats["media/downloaded"], crawl.stats["media/failed"]) == (27, 3)
    assert failed == {post.id for post in posts[3:6]}
    assert again.stats["media/downloaded"] == 3
    rows = site.rows(MediaRequestRow)
    assert {row.status for row in rows} == {Status.DOWNLOADED}, "whole for the first job, too"
    assert len({row.video_id for row in rows}) == 30
    assert sum(row.attempts for row in rows if row.video_id in failed) == 2 * 3
    assert {path.relative_to(site.archive).parts[:3] for path in files_of(site)} == {
        ("TikTok", "profile", USER)
    }
    assert_as_told(site)


async def test_the_same_sound_of_many_posts_takes_its_room_once(site: Site) -> None:
    posts = [post for post in newest_posts(USER, 60) if not post.is_photo][:12]
    await site.crawl("video", url=",".join(post.id for post in posts), sound="1")

    rows = [row for row in site.rows(MediaFileRow) if row.role == "sound"]
    inodes = {(site.archive / row.path).stat().st_ino for row in rows}
    assert len(rows) == 12
    assert len(inodes) == len({row.sha256 for row in rows}) < 12


async def test_the_summary_tells_the_media(
    site: Site, standin: RunningStandin, capsys: pytest.CaptureFixture[str]
) -> None:
    standin.add_fault("forbidden", file_path_at_cdn(CLIP))
    await site.crawl("video", url=f"{CLIP.id},{PHOTOS.id}", media="1")

    line = next(line for line in capsys.readouterr().err.splitlines() if line.startswith("media: "))
    assert line.startswith("media: 1 posts whole; fetched ")
    assert "1 posts failed" in line


def spoil_clean_streams(standin: RunningStandin) -> None:
    """Leave of the clip nothing but its download link."""
    for rung in ("normal", "adapt", "lower"):
        standin.add_fault("forbidden", f"*{rung}*", options={"status": 404})
    standin.add_fault("forbidden", "/aweme/v1/play/", options={"status": 404})
