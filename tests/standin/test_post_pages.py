"""Posts' pages: under every address, and for every reason not to show one (facts A.1, A.5, E, F.1)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.standin.conftest import Visitor

MARKED = landmarks(World(7, 1_000))["marked_posts"]
KHABY = landmarks(World(7, 1_000))["accounts"]["khaby.lame"]


def item_of(visitor: Visitor, path: str) -> Any:
    return visitor.scope(path, "webapp.video-detail")["itemInfo"]["itemStruct"]


@pytest.mark.parametrize(
    "address",
    ["/@khaby.lame/video/{}", "/@/video/{}", "/@_/video/{}", "/@i/video/{}", "/share/video/{}", "/v/{}.html"],
)
def test_a_post_is_shown_under_each_of_its_addresses(visitor: Visitor, address: str) -> None:
    item = item_of(visitor, address.format(KHABY["newest_post"]))

    assert item["id"] == KHABY["newest_post"]
    assert item["author"]["uniqueId"] == "khaby.lame"


def test_a_page_writes_its_numbers_as_pages_do(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{KHABY['newest_post']}")

    assert item["createTime"] == str(int(item["id"]) >> 32)
    assert isinstance(item["stats"]["playCount"], int)
    assert isinstance(item["stats"]["collectCount"], str)
    assert item["stats"]["playCount"] % 100_000 == 0
    assert item["statsV2"]["playCount"] == str(item["stats"]["playCount"])
    assert item["statsV2"]["collectCount"] == item["stats"]["collectCount"]
    assert isinstance(item["video"]["size"], str)


def test_a_page_offers_the_ladder_of_five_with_three_links_each(visitor: Visitor) -> None:
    video = item_of(visitor, f"/@x/video/{KHABY['newest_post']}")["video"]

    rungs = video["bitrateInfo"]
    assert [rung["GearName"] for rung in rungs] == [
        "normal_540_0", "adapt_lowest_1080_1", "adapt_lower_720_1", "lower_540_0", "adapt_540_1",
    ]  # fmt: skip
    links = [link for rung in rungs for link in rung["PlayAddr"]["UrlList"]]
    assert len(set(links)) == 15
    assert all("/aweme/v1/play/" in rung["PlayAddr"]["UrlList"][-1] for rung in rungs)
    assert video["playAddr"] == links[0]
    assert "tk=tt_chain_token" in links[0]


def test_links_live_two_days_and_sounds_six_hours(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{KHABY['newest_post']}")

    expiry = int(item["video"]["playAddr"].split("&expire=")[1].split("&")[0])
    sound_expiry = int(item["music"]["playUrl"].split("/")[4], 16)
    assert 46 * 3_600 < expiry - time.time() <= 48 * 3_600
    assert 4 * 3_600 < sound_expiry - time.time() <= 6 * 3_600


def test_a_photo_post_has_slides_and_no_video_file(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{KHABY['newest_photo_post']}")

    assert len(item["imagePost"]["images"]) >= 2
    assert all(len(image["imageURL"]["urlList"]) == 2 for image in item["imagePost"]["images"])
    assert ".jpeg" in item["imagePost"]["images"][0]["imageURL"]["urlList"][1]
    assert item["video"]["duration"] == 0
    assert item["video"]["bitrateInfo"] == []


def test_the_photo_address_leaves_the_post_to_its_script(visitor: Visitor) -> None:
    assert visitor.scope(f"/@khaby.lame/photo/{KHABY['newest_photo_post']}", "webapp.video-detail") is None


@pytest.mark.parametrize(
    ("mark", "code"),
    [("deleted", 10204), ("region_blocked", 10231), ("private", 10216), ("under_review", 10217)],
)
def test_a_hidden_post_has_a_code_and_no_item(visitor: Visitor, mark: str, code: int) -> None:
    detail = visitor.scope(f"/@mixed.outcomes/video/{MARKED[mark]}", "webapp.video-detail")

    assert detail["statusCode"] == code
    assert "itemInfo" not in detail


def test_an_unknown_id_is_a_missing_post(visitor: Visitor) -> None:
    detail = visitor.scope("/@x/video/7600000000000000100", "webapp.video-detail")

    assert detail == {"statusCode": 10204, "statusMsg": "item doesn't exist"}


def test_an_age_gated_post_comes_without_its_video(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{MARKED['age_gated']}")

    assert item["isContentClassified"] is True
    assert "video" not in item


def test_a_taken_down_post_keeps_its_metadata(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{MARKED['taken_down']}")

    assert item["takeDown"] is True
    assert item["desc"]


def test_a_removed_sound_leaves_blanks(visitor: Visitor) -> None:
    music = item_of(visitor, f"/@x/video/{MARKED['sound_removed']}")["music"]

    assert music["id"] == ""
    assert "playUrl" not in music


def test_hashtags_are_marked_where_the_caption_has_them(visitor: Visitor) -> None:
    item = item_of(visitor, f"/@x/video/{KHABY['newest_post']}")

    marked = [item["desc"][mark["start"] : mark["end"]] for mark in item["textExtra"]]
    assert marked == [f"#{tag['title']}" for tag in item["challenges"]]
    assert marked[0] == "#funny"
