"""Embed pages: ten posts, no cursor, and errors that are readable behind a 400 (facts A.4)."""

from __future__ import annotations

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.standin.conftest import Visitor

MARKS = landmarks(World(7, 1_000))
KHABY = MARKS["accounts"]["khaby.lame"]


def test_a_profile_card_lists_ten_posts(visitor: Visitor) -> None:
    status, entry = visitor.embed("/embed/@khaby.lame")

    assert status == 200
    assert entry["isError"] is False
    assert entry["userInfo"]["followerCount"] == 162_300_000
    assert len(entry["videoList"]) == 10
    assert "createTime" not in entry["videoList"][0]
    assert "diggCount" not in entry["videoList"][0]


def test_pinned_posts_are_mixed_with_recent_ones(visitor: Visitor) -> None:
    _, entry = visitor.embed("/embed/@pinned.old")

    times = [int(row["id"]) >> 32 for row in entry["videoList"]]
    assert len(times) == 10
    assert times != sorted(times, reverse=True)


def test_a_hashtag_card_counts_in_strings_and_a_sound_card_in_numbers(visitor: Visitor) -> None:
    _, tag = visitor.embed("/embed/tag/funny")
    _, sound = visitor.embed(f"/embed/music/{MARKS['sound']['id']}")

    assert tag["embedInfo"]["id"] == MARKS["hashtag"]["id"]
    assert tag["embedInfo"]["viewCount"].isdigit()
    assert isinstance(sound["embedInfo"]["videoCount"], int)
    assert len(tag["videoList"]) == len(sound["videoList"]) == 10


@pytest.mark.parametrize("path", ["/embed/v2/{}", "/embed/{}"])
def test_a_post_card_leads_to_its_author(visitor: Visitor, path: str) -> None:
    _, entry = visitor.embed(path.format(KHABY["newest_post"]))

    assert entry["videoData"]["itemInfos"]["id"] == KHABY["newest_post"]
    assert entry["videoData"]["authorInfos"]["secUid"] == KHABY["sec_uid"]


def test_a_photo_post_card_has_its_slides(visitor: Visitor) -> None:
    _, entry = visitor.embed(f"/embed/v2/{KHABY['newest_photo_post']}")

    assert len(entry["videoData"]["imagePostInfo"]["displayImages"]) >= 2


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/embed/@nobody.of.that.name", 10202),
        ("/embed/@banned.account", 10202),
        ("/embed/@private.garden", 10222),
        ("/embed/@no.embed", 10222),
        ("/embed/tag/no-such-tag", 10205),
        ("/embed/music/123", 10203),
        (f"/embed/v2/{MARKS['marked_posts']['deleted']}", 10204),
    ],
)
def test_an_error_is_a_400_with_a_page_that_carries_the_code(visitor: Visitor, path: str, code: int) -> None:
    status, entry = visitor.embed(path)

    assert status == 400
    assert entry["isError"] is True
    assert entry["errorCode"] == code


def test_there_is_no_embedded_search(visitor: Visitor) -> None:
    assert visitor.get("/embed/search/cats").status_code == 404
