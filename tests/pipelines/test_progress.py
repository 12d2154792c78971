from __future__ import annotations

from scrapy.crawler import Crawler

from pipelines.companions import Companions
from pipelines.progress import ProgressPipeline
from tests.pipelines.samples import listing, outcome, user, video
from tiktok.outcomes import ListState


def test_items_are_counted_by_type_and_companions_are_not(crawler: Crawler) -> None:
    station = ProgressPipeline.from_crawler(crawler)

    for item in (video(1), video(2), user(1), Companions([user(2), user(3)])):
        assert station.process_item(item) is item

    assert crawler.stats.get_stats() == {"items/video": 2, "items/user": 1}


def test_the_last_state_of_each_list_and_target_is_kept(crawler: Crawler) -> None:
    station = ProgressPipeline.from_crawler(crawler)

    for record in (
        listing(target="a", found=15),
        listing(target="b", found=7),
        listing(target="a", found=30, state=ListState.COMPLETE),
        listing(target="a", found=2, operation="comments"),
        outcome(target="a"),
        outcome(target="a", operation="comments"),
    ):
        station.process_item(record)

    assert {key: state.found for key, state in station.listings.items()} == {
        ("profile_videos", "a"): 30,
        ("profile_videos", "b"): 7,
        ("comments", "a"): 2,
    }
    assert set(station.outcomes) == {("profile", "a"), ("comments", "a")}
