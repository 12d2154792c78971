from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from pipelines import filter as station_200
from pipelines.companions import Companions
from pipelines.filter import FilterPipeline
from pipelines.selection import Selection
from tests.pipelines.samples import NOON, hashtag, listing, sound, user, video


def open_station(crawler: Crawler, selection: Selection | None = None) -> FilterPipeline:
    spider: Any = Spider(name="anything")
    if selection:
        spider.selection = selection
    crawler.spider = spider
    return FilterPipeline.from_crawler(crawler)


def test_a_repeated_item_is_dropped_and_counted(crawler: Crawler) -> None:
    station = open_station(crawler)
    first = station.process_item(video(1))

    with pytest.raises(DropItem, match="repeated"):
        station.process_item(video(1, views=999))

    assert first == video(1)
    assert crawler.stats.get_value("filter/repeated/video") == 1


def test_things_of_different_types_may_share_a_key(crawler: Crawler) -> None:
    station = open_station(crawler)

    for item in (video(id="7000000000000000001"), sound(1), hashtag("7000000000000000001")):
        assert station.process_item(item) is item


def test_posts_outside_since_and_until_are_dropped_and_counted(crawler: Crawler) -> None:
    station = open_station(crawler, Selection(since=NOON, until=NOON + timedelta(hours=2)))
    kept = []

    for number in range(-1, 4):
        try:
            kept.append(station.process_item(video(number)))
        except DropItem:
            continue

    assert kept == [video(0), video(1)]
    assert crawler.stats.get_value("filter/out_of_range/video") == 3


def test_a_dropped_item_is_not_remembered_as_seen(crawler: Crawler) -> None:
    station = open_station(crawler, Selection(since=NOON))
    with pytest.raises(DropItem, match="out_of_range"):
        station.process_item(video(1, created_at=NOON - timedelta(days=1)))

    assert station.process_item(video(1)) == video(1)


def test_a_companion_passes_again_only_when_it_tells_something_else(crawler: Crawler) -> None:
    station = open_station(crawler)

    first = station.process_item(Companions([user(1, followers=10), hashtag("a")]))
    again = station.process_item(Companions([user(1, followers=10), hashtag("a"), hashtag("b")]))
    changed = station.process_item(Companions([user(1, followers=11)]))

    assert first.items == [user(1, followers=10), hashtag("a")]
    assert again.items == [hashtag("b")]
    assert changed.items == [user(1, followers=11)]


def test_a_companion_does_not_keep_the_item_itself_from_passing(crawler: Crawler) -> None:
    station = open_station(crawler)
    station.process_item(Companions([user(1)]))

    assert station.process_item(user(1)) == user(1)


def test_records_pass_however_often(crawler: Crawler) -> None:
    station = open_station(crawler)

    for _ in range(2):
        assert station.process_item(listing()) == listing()


def test_memory_stays_flat_however_long_the_crawl(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_200, "REMEMBERED", 100)
    station = open_station(crawler)

    for number in range(1_000):
        station.process_item(video(number))
        station.process_item(Companions([user(number)]))

    assert len(station.seen["video"]) == 100
    assert len(station.companions) == 10
    with pytest.raises(DropItem, match="repeated"):
        station.process_item(video(950))
