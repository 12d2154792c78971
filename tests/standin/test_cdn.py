"""The CDN: who is given a file, what is in it, and what goes wrong on the way."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import NOW, Visitor

KHABY = landmarks(World(7, 1_000))["accounts"]["khaby.lame"]
PAGE = f"/@khaby.lame/video/{KHABY['newest_post']}"
PHOTO = f"/@khaby.lame/video/{KHABY['newest_photo_post']}"
REFERER = {"Referer": "https://www.tiktok.com/"}
AN_HOUR = 3_600


def post(visitor: Visitor, page: str = PAGE) -> dict[str, Any]:
    item: dict[str, Any] = visitor.scope(page, "webapp.video-detail")["itemInfo"]["itemStruct"]
    return item


def fetched(visitor: Visitor, link: str, **headers: str) -> httpx.Response:
    return visitor.http.get(link, headers=REFERER | headers)


def probed(content: bytes, path: Path) -> dict[str, Any]:
    """Return what ffprobe says about a file, and let ffmpeg decode it to its end without a complaint."""
    ffprobe, ffmpeg = shutil.which("ffprobe"), shutil.which("ffmpeg")
    if not ffprobe or not ffmpeg:
        pytest.skip("ffmpeg is not installed")
    path.write_bytes(content)
    show = "stream=codec_type,codec_name,width,height:format=duration"
    told = subprocess.run(
        [ffprobe, "-v", "error", "-show_entries", show, "-of", "json", str(path)],
        capture_output=True,
        check=True,
    )
    decoded = subprocess.run(
        [ffmpeg, "-v", "error", "-i", str(path), "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert decoded.stderr == ""
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def test_every_rendition_is_a_video_of_its_declared_size(visitor: Visitor, tmp_path: Path) -> None:
    video = post(visitor)["video"]

    for rung in video["bitrateInfo"]:
        address = rung["PlayAddr"]
        reply = fetched(visitor, address["UrlList"][0])
        seen = probed(reply.content, tmp_path / "video.mp4")
        picture, sound = seen["streams"]

        assert reply.headers["Content-Type"] == "video/mp4"
        assert len(reply.content) == int(address["DataSize"])
        assert (picture["width"], picture["height"]) == (address["Width"], address["Height"])
        assert picture["codec_name"] == {"h264": "h264", "h265_hvc1": "hevc"}[rung["CodecType"]]
        assert sound["codec_name"] == "aac"
        assert abs(float(seen["format"]["duration"]) - video["duration"]) < 0.1


def test_a_file_is_the_same_from_everywhere_and_like_no_other(visitor: Visitor) -> None:
    video = post(visitor)["video"]
    rungs = [rung["PlayAddr"]["UrlList"] for rung in video["bitrateInfo"]]

    first = [fetched(visitor, links[0]).content for links in rungs]
    second = [fetched(visitor, links[1]).content for links in rungs]

    assert first == second
    assert len({sha256(content).digest() for content in first}) == len(first)
    assert fetched(visitor, video["playAddr"]).content == first[0]


def test_the_downloadable_file_bears_a_mark(visitor: Visitor) -> None:
    video = post(visitor)["video"]

    marked, clean = fetched(visitor, video["downloadAddr"]), fetched(visitor, video["playAddr"])

    assert b"watermarked" in marked.content
    assert b"watermarked" not in clean.content
    assert len(marked.content) == len(clean.content)


def test_some_pages_offer_a_better_file_without_sound(visitor: Visitor, tmp_path: Path) -> None:
    newest = visitor.page_of_history("khaby.lame").json()["itemList"]
    pages = [post(visitor, f"/@khaby.lame/video/{item['id']}") for item in newest]
    links = [
        rung["PlayAddr"]["UrlList"][0]
        for page in pages
        for rung in page["video"]["bitrateInfo"]
        if "/media-video-hvc1/" in rung["PlayAddr"]["UrlList"][0]
    ]

    seen = probed(fetched(visitor, links[0]).content, tmp_path / "silent.mp4")

    assert 0 < len(links) < len(pages)
    assert [stream["codec_type"] for stream in seen["streams"]] == ["video"]


def test_pictures_sound_and_subtitles_are_what_they_say(visitor: Visitor, tmp_path: Path) -> None:
    item, photo = post(visitor), post(visitor, PHOTO)
    webp, jpeg = photo["imagePost"]["images"][0]["imageURL"]["urlList"]
    caption = fetched(visitor, item["video"]["subtitleInfos"][0]["Url"])
    sound = fetched(visitor, photo["music"]["playUrl"])

    heard = probed(sound.content, tmp_path / "sound.m4a")

    assert fetched(visitor, webp).content.startswith(b"RIFF")
    assert fetched(visitor, jpeg).content.startswith(b"\xff\xd8")
    for link in (webp, jpeg):
        picture = probed(fetched(visitor, link).content, tmp_path / "picture")["streams"][0]
        assert (picture["width"], picture["height"]) == (1080, 1440)
    assert sound.headers["Content-Type"] == "audio/mp4"
    assert abs(float(heard["format"]["duration"]) - photo["music"]["duration"]) < 0.1
    assert caption.text.startswith("WEBVTT\n")
    assert len(caption.content) == int(item["video"]["subtitleInfos"][0]["Size"])
    probed(fetched(visitor, item["author"]["avatarThumb"]).content, tmp_path / "avatar")
    probed(fetched(visitor, item["video"]["zoomCover"]["240"]).content, tmp_path / "cover")


def test_any_part_of_a_file_can_be_asked_for(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(video_bytes=3_000_000)
    link = post(visitor)["video"]["playAddr"]
    whole = fetched(visitor, link).content

    for wish, start, stop in (("0-", 0, 3_000_000), ("7-7", 7, 8), ("1048570-2097152", 1_048_570, 2_097_153),
                              ("-5", 2_999_995, 3_000_000), ("2999999-9000000", 2_999_999, 3_000_000)):  # fmt: skip
        part = fetched(visitor, link, Range=f"bytes={wish}")

        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/3000000"
        assert part.content == whole[start:stop]

    beyond = fetched(visitor, link, Range="bytes=3000000-")

    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */3000000")
    assert visitor.http.head(link, headers=REFERER).headers["Content-Length"] == "3000000"


def test_a_file_goes_to_who_comes_from_the_site_with_its_token(visitor: Visitor) -> None:
    link = post(visitor)["video"]["playAddr"]
    token = {"Cookie": f"tt_chain_token={visitor.http.cookies['tt_chain_token']}"}
    agent = {"User-Agent": visitor.http.headers["User-Agent"]}

    def refusal(**headers: str) -> str | None:
        reply = httpx.get(link, headers=headers)
        return reply.headers["x-standin-refusal"] if reply.status_code == 403 else None

    assert refusal(**REFERER, **token, **agent) is None
    assert refusal(**token, **agent) == "referer"
    assert refusal(Referer="https://not-tiktok.com/", **token, **agent) == "referer"
    assert refusal(**REFERER, **agent) == "cookie"
    assert refusal(**REFERER, Cookie="tt_chain_token=abcdefghijklmnopqrstuv==", **agent) == "cookie"
    assert refusal(**REFERER, **token, **{"User-Agent": "another browser"}) == "cookie"


def test_links_die(visitor: Visitor, standin: RunningStandin) -> None:
    fresh = post(visitor)
    standin.add_fault("expired_links", "/@*")
    old = post(visitor)

    for item in (
        fresh["video"]["subtitleInfos"][0]["Url"],
        fresh["music"]["playUrl"],
        fresh["video"]["cover"],
    ):
        assert fetched(visitor, item).status_code == 200
    for item in (old["video"]["subtitleInfos"][0]["Url"], old["music"]["playUrl"], old["video"]["cover"],
                 old["video"]["playAddr"]):  # fmt: skip
        assert fetched(visitor, item).headers["x-standin-refusal"] == "expired"


def test_links_live_as_long_as_on_the_site(visitor: Visitor) -> None:
    item = post(visitor)
    video = int(item["video"]["playAddr"].partition("&expire=")[2].partition("&")[0])
    sound = int(re.search(r"/[0-9a-f]{32}/([0-9a-f]{8})/", item["music"]["playUrl"])[1], 16)  # type: ignore[index]

    assert 47 * AN_HOUR < video - time.time() <= 48 * AN_HOUR
    assert 5 * AN_HOUR < sound - time.time() <= 6 * AN_HOUR


def test_the_sites_own_link_redirects_to_a_fresh_one(visitor: Visitor) -> None:
    address = post(visitor)["video"]["bitrateInfo"][1]["PlayAddr"]

    redirect = fetched(visitor, address["UrlList"][2])
    reply = fetched(visitor, redirect.headers["Location"])

    assert redirect.status_code == 302
    assert reply.content == fetched(visitor, address["UrlList"][0]).content


def test_what_does_not_exist_is_not_found(visitor: Visitor) -> None:
    link = post(visitor)["video"]["playAddr"]

    for wrong in (
        ("normal_540", "normal_999"),
        ("/?a=", "x/?a="),
        ("ve-0068c003-tx/", "ve-0068c003-tx/0"),
    ):
        assert fetched(visitor, link.replace(*wrong)).status_code == 404


def test_a_truncated_answer_looks_whole(visitor: Visitor, standin: RunningStandin) -> None:
    link = post(visitor)["video"]["playAddr"]
    whole = fetched(visitor, link).content
    standin.add_fault("truncated", "/video/tos/*", options={"bytes": 5_000})

    reply = fetched(visitor, link)

    assert reply.status_code == 200
    assert reply.headers["Content-Length"] == "5000"
    assert reply.content == whole[:5_000]


@pytest.mark.parametrize("kind", ["cut", "wrong_length"])
def test_a_connection_ends_before_the_length_it_promised(
    visitor: Visitor, standin: RunningStandin, kind: str
) -> None:
    link = post(visitor)["video"]["playAddr"]
    standin.add_fault(kind, "/video/tos/*")

    with pytest.raises(httpx.RemoteProtocolError):
        fetched(visitor, link)


def test_a_page_comes_as_a_video(visitor: Visitor, standin: RunningStandin) -> None:
    link = post(visitor)["video"]["playAddr"]
    standin.add_fault("html", "/video/tos/useast5/*", options={"type": "video/mp4"})

    reply, other = fetched(visitor, link), fetched(visitor, link.replace("useast5", "useast8"))

    assert reply.headers["Content-Type"] == "video/mp4"
    assert reply.content.startswith(b"<!DOCTYPE html>")
    assert b"ftyp" in other.content[:12]


def test_a_dripping_file_arrives_whole(visitor: Visitor, standin: RunningStandin) -> None:
    link = post(visitor)["video"]["playAddr"]
    whole = fetched(visitor, link).content
    standin.add_fault("drip", "/video/tos/*", options={"bytes": 20_000, "seconds": 0.01})

    assert fetched(visitor, link).content == whole


def test_a_video_of_a_hundred_megabytes_is_never_held(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(video_bytes=100_000_000)
    link = post(visitor)["video"]["playAddr"]

    received = 0
    with visitor.http.stream("GET", link, headers=REFERER) as reply:
        for piece in reply.iter_bytes():
            received += len(piece)

    assert received == 100_000_000


def test_lists_lead_to_the_same_files(visitor: Visitor) -> None:
    listed = visitor.page_of_history("khaby.lame", NOW).json()["itemList"]
    item = next(one for one in listed if one["id"] == KHABY["newest_post"])

    rung = item["video"]["bitrateInfo"][0]["PlayAddr"]
    visitor.get(PAGE)

    assert len(fetched(visitor, rung["UrlList"][0]).content) == rung["DataSize"]
