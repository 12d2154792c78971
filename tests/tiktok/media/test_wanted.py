from __future__ import annotations

import pytest

from tests.store.factories import make_video
from tiktok.items import Image, Rendition, Subtitle, VideoKind
from tiktok.media.wanted import Around, list_wanted, renewed
from tiktok.media.wishes import MediaWish, Role

AROUND = Around(sound_url="https://cdn.example/sound", avatar_url="https://cdn.example/avatar")
SUBTITLES = [
    Subtitle(url="https://cdn.example/mt", language="eng-US", format="webvtt", source="MT"),
    Subtitle(url="https://cdn.example/asr", language="eng-US", format="webvtt", source="ASR"),
    Subtitle(url="https://cdn.example/de", language="deu-DE", format="creator_caption", source="LC"),
]
CLIP = make_video(
    kind=VideoKind.VIDEO,
    images=[],
    renditions=[Rendition(urls=["https://cdn.example/v"], codec="h264")],
    subtitles=SUBTITLES,
)
PHOTOS = make_video(
    images=[Image(url=f"https://cdn.example/{n}") for n in range(12)], renditions=[], subtitles=[]
)


def keys(video: object, wish: MediaWish) -> list[tuple[str, str]]:
    return [(each.role.value, each.variant) for each in list_wanted(video, wish, AROUND)]  # type: ignore[arg-type]


def test_nothing_is_wanted_unless_somebody_says_so() -> None:
    assert not MediaWish()
    assert keys(CLIP, MediaWish()) == []


def test_a_video_is_one_file_and_a_photo_post_all_its_images_in_order_and_its_sound() -> None:
    assert keys(CLIP, MediaWish(media=True)) == [("video", "")]
    assert keys(PHOTOS, MediaWish(media=True)) == [
        *(("image", f"{n:02}") for n in range(1, 13)),
        ("sound", ""),
    ]


def test_everything_else_comes_on_request_also_alone() -> None:
    wish = MediaWish(covers=True, sound=True, avatar=True)

    assert keys(CLIP, wish) == [("sound", ""), ("cover", ""), ("avatar", "")]


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        (("en",), ["eng-US"]),
        (("eng",), ["eng-US"]),
        (("de", "eng-US"), ["eng-US", "deu-DE"]),
        (("fr",), []),
        (("all",), ["eng-US", "deu-DE"]),
    ],
)
def test_subtitles_come_by_language_the_most_original_first(
    languages: tuple[str, ...], found: list[str]
) -> None:
    wanted = list_wanted(CLIP, MediaWish(subtitles=languages), AROUND)

    assert [each.variant for each in wanted] == found
    if found[:1] == ["eng-US"]:
        assert [source.urls[0] for source in wanted[0].sources] == [
            "https://cdn.example/asr",
            "https://cdn.example/mt",
        ]


def test_a_video_that_is_not_offered_is_wanted_all_the_same() -> None:
    (wanted,) = list_wanted(make_video(images=[], renditions=[]), MediaWish(media=True), AROUND)

    assert (wanted.role, wanted.sources, wanted.is_vital) == (Role.VIDEO, (), True)


def test_a_newer_reading_renews_the_links_of_the_same_file() -> None:
    (old,) = list_wanted(CLIP, MediaWish(media=True), AROUND)
    newer = make_video(images=[], renditions=[Rendition(urls=["https://cdn.example/new"])])

    again = renewed(old, list_wanted(newer, MediaWish(media=True), AROUND))

    assert again
    assert again.sources[0].urls == ("https://cdn.example/new",)
    assert renewed(old, []) is None


def test_a_wish_survives_being_written_down() -> None:
    wish = MediaWish(media=True, no_watermark=False, subtitles=("en", "de"))

    assert MediaWish.read(wish.words) == wish
    assert MediaWish(media=True, codecs=("h264",)).words == MediaWish(media=True).words


def test_two_wishes_together_want_what_either_wants() -> None:
    both = MediaWish(media=True, subtitles=("en",)) | MediaWish(
        covers=True, no_watermark=False, subtitles=("de",)
    )

    assert both == MediaWish(media=True, covers=True, no_watermark=False, subtitles=("en", "de"))
