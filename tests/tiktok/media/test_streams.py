from __future__ import annotations

from tiktok.items import Rendition
from tiktok.media.streams import choose_streams
from tiktok.media.wishes import MediaWish


def rung(quality: str, codec: str = "h264", side: int = 540, **fields: object) -> Rendition:
    full: dict[str, object] = {"urls": [f"https://v16.example/video/{quality}/"], "bitrate": 1000}
    return Rendition(quality=quality, codec=codec, width=side, height=side * 16 // 9, **{**full, **fields})  # type: ignore[arg-type]


LADDER = [
    rung("normal_540_0", bitrate=1300),
    rung("adapt_lowest_1080_1", "h265_hvc1", 1080),
    rung("adapt_lower_720_1", "h265_hvc1", 720),
    rung("lower_540_0", bitrate=700),
    rung("secret_1080", "bytevc2", 1080),
    Rendition(urls=["https://v16.example/stamped/"], has_watermark=True),
]


def chosen(wish: MediaWish, ladder: list[Rendition] = LADDER) -> list[str | None]:
    return [stream.quality for stream in choose_streams(ladder, wish)]


def test_the_largest_that_plays_comes_first_and_the_stamped_one_never() -> None:
    assert chosen(MediaWish()) == ["adapt_lowest_1080_1", "adapt_lower_720_1", "normal_540_0", "lower_540_0"]


def test_the_stamped_one_comes_last_where_it_is_allowed() -> None:
    assert choose_streams(LADDER, MediaWish(no_watermark=False))[-1].has_watermark


def test_a_list_of_codecs_decides_before_the_resolution_and_keeps_others_out() -> None:
    assert chosen(MediaWish(codecs=("h264",))) == ["normal_540_0", "lower_540_0"]
    assert chosen(MediaWish(codecs=("h264", "h265_hvc1")))[0] == "normal_540_0"


def test_a_resolution_is_kept_to_as_far_as_something_that_small_is_offered() -> None:
    assert chosen(MediaWish(max_resolution=720))[0] == "adapt_lower_720_1"
    assert chosen(MediaWish(max_resolution=144))[0] == "normal_540_0"


def test_a_stream_without_its_sound_is_left_out_also_by_its_harmless_looking_links() -> None:
    redirect = "https://www.tiktok.com/aweme/v1/play/?video_id=1"
    silent = rung("silent", "h265_hvc1", 1080, urls=["https://v16.example/x/media-video-hvc1/?a=1", redirect])

    assert choose_streams([silent, rung("heard")], MediaWish()) == [rung("heard")]


def test_a_single_link_of_an_older_payload_will_do() -> None:
    assert (
        len(choose_streams([Rendition(urls=["https://v16.example/old"])], MediaWish(codecs=("h264",)))) == 1
    )
