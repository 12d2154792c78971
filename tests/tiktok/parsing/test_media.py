"""The files of a post are offered in the order in which a downloader should try them."""

from __future__ import annotations

from typing import Any

import pytest

from tiktok.items import Image, Rendition
from tiktok.parsing.media import cover_url, duration, images, renditions

REDIRECT = "https://www.tiktok.com/aweme/v1/play/?video_id=v1"
LADDER = {
    "playAddr": "https://v16.example/play.mp4",
    "downloadAddr": "https://v16.example/download.mp4",
    "bitrateInfo": [
        {
            "GearName": "normal_540_0",
            "Bitrate": "1297895",
            "CodecType": "h264",
            "PlayAddr": {
                "DataSize": "8788538",
                "Width": 576,
                "Height": 1024,
                "UrlList": [REDIRECT, "https://v16.example/1.mp4", "https://v19.example/1.mp4"],
            },
        },
        {"GearName": "adapt_540_1", "PlayAddr": {"UrlList": []}},
    ],
}


def slide(*links: str) -> dict[str, Any]:
    return {"imageURL": {"urlList": list(links)}, "imageWidth": 1080, "imageHeight": 0}


def test_cdn_hosts_come_first_and_the_watermarked_file_last() -> None:
    offered = renditions(LADDER)

    assert offered == [
        Rendition(
            urls=["https://v16.example/1.mp4", "https://v19.example/1.mp4", REDIRECT],
            codec="h264",
            width=576,
            height=1024,
            bitrate=1297895,
            size_bytes=8788538,
            quality="normal_540_0",
        ),
        Rendition(urls=["https://v16.example/download.mp4"], has_watermark=True),
    ]


def test_the_playing_link_stands_in_for_a_missing_ladder() -> None:
    media = {**LADDER, "bitrateInfo": [], "downloadAddr": "", "codecType": "h264", "width": 576, "size": 0}

    offered = renditions(media)

    assert offered == [Rendition(urls=["https://v16.example/play.mp4"], codec="h264", width=576)]


def test_no_link_no_rendition() -> None:
    assert renditions({"playAddr": "", "downloadAddr": None, "bitrateInfo": {}}) == []


def test_of_a_slide_the_jpeg_is_taken_else_the_first() -> None:
    post = {
        "images": [
            slide("https://p.example/1.image", "https://p.example/1.jpeg?x=1"),
            slide(),
            slide("//p.example/2"),
        ]
    }

    found = images({"imagePost": post})

    assert found == [
        Image(url="https://p.example/1.jpeg?x=1", width=1080),
        Image(url="https://p.example/2", width=1080),
    ]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(54, 54.0), ("54", 54.0), (3600, 3600.0), (54_321, 54.321), (0, None), (-1, None), (None, None)],
)
def test_duration_is_in_seconds(written: Any, seconds: float | None) -> None:
    assert duration({"duration": written}) == seconds


def test_the_best_cover_there_is() -> None:
    photo = {"imagePost": {"cover": slide("https://p.example/slide")}}

    assert (
        cover_url({"video": {"originCover": "https://p.example/o", "cover": "https://p.example/c"}})
        == "https://p.example/o"
    )
    assert cover_url({"video": {"originCover": "", "cover": "https://p.example/c"}}) == "https://p.example/c"
    assert cover_url({"video": {}, **photo}) == "https://p.example/slide"
    assert cover_url({}) is None
