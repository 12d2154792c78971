from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response

from crawler.parcels import in_parcel
from tiktok.outcomes import Outcome

PAGE = "data:,page"


class ParcelSpider(Spider):
    name = "parcel"
    parts: ClassVar[list[Any]] = []
    alone: ClassVar[list[Any]] = []

    async def start(self) -> AsyncIterator[Request]:
        yield Request(PAGE)

    def parse(self, response: Response) -> Iterable[Any]:
        return [*in_parcel(self.parts, response), *self.alone]


class Doubling:
    """Refuses what is odd, breaks on what is no number."""

    async def process_item(self, item: Any) -> Any:
        await asyncio.sleep(0)
        if item % 2:
            raise DropItem(f"{item} is odd", log_level="INFO")
        return item * 2


class Slow:
    """Keeps rows waiting, as a database that is away does, but no records."""

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, int):
            await asyncio.sleep(0.01)
        return item


class Noting:
    seen: ClassVar[list[Any]] = []

    def process_item(self, item: Any) -> Any:
        self.seen.append(item)
        return item


async def crawl(*parts: Any, **settings: Any) -> list[tuple[str, Any]]:
    """Let a page yield these parts; return what was announced, in order."""
    told: list[tuple[str, Any]] = []
    crawler = a_crawler(**settings)

    def listen(signal: object, name: str) -> None:
        def note(item: Any, response: Response, spider: Spider) -> None:
            assert response.url == PAGE
            assert spider is crawler.spider
            told.append((name, item))

        crawler.signals.connect(note, signal=signal, weak=False)

    for name in ("item_scraped", "item_dropped", "item_error"):
        listen(getattr(signals, name), name)
    ParcelSpider.parts, ParcelSpider.alone, Noting.seen = list(parts), [], []
    await crawler.crawl_async()
    return told


def a_crawler(**settings: Any) -> Crawler:
    runner = AsyncCrawlerRunner(
        {
            "TWISTED_REACTOR_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "ITEM_PROCESSOR": "crawler.stations.Stations",
            "ITEM_PIPELINES": {Doubling: 100, Noting: 200},
            **settings,
        }
    )
    return runner.create_crawler(ParcelSpider)


async def test_each_part_of_a_parcel_passes_all_stations_in_order_and_is_announced() -> None:
    told = await crawl(2, 4, 6)

    assert Noting.seen == [4, 8, 12]
    assert told == [("item_scraped", 4), ("item_scraped", 8), ("item_scraped", 12)]


@pytest.mark.parametrize("parts", [(1, 2, 4), (2, 1, 4), (2, 4, 1)], ids=str)
async def test_a_part_that_is_dropped_takes_no_other_along(
    parts: tuple[int, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        told = await crawl(*parts)

    assert Noting.seen == [4, 8]
    assert ("item_dropped", 1) in told
    assert len(told) == 3
    assert "Dropped: 1 is odd" in caplog.text


@pytest.mark.parametrize("parts", [("bad", 2, 4), (2, "bad", 4), (2, 4, "bad")], ids=str)
async def test_a_part_that_breaks_a_station_takes_no_other_along(
    parts: tuple[Any, ...], caplog: pytest.LogCaptureFixture
) -> None:
    told = await crawl(*parts)

    assert Noting.seen == [4, 8]
    assert ("item_error", "bad") in told
    assert len(told) == 3
    assert "Error processing bad" in caplog.text
    assert "Traceback" in caplog.text


async def test_a_parcel_of_which_nothing_passes_is_dropped_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        told = await crawl(1)

    assert told[0] == ("item_dropped", 1)
    assert [record.getMessage() for record in caplog.records].count("Dropped: 1 is odd\n1") == 1
    assert "Parcel" not in caplog.text


async def test_how_a_target_ended_does_not_overtake_its_rows() -> None:
    ended = Outcome(
        operation="video", kind="video", target="1", outcome="captcha", reason="", at=datetime.now(UTC)
    )
    crawler = a_crawler(ITEM_PIPELINES={Slow: 100, Noting: 200})
    ParcelSpider.parts, ParcelSpider.alone, Noting.seen = [2, 4], [ended], []

    await crawler.crawl_async()

    assert Noting.seen == [2, 4, ended]


async def test_every_part_has_its_line_where_scrapys_has_one(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "scrapy"):
        await crawl(2, 4, 6)

    assert caplog.text.count(f"Scraped from <200 {PAGE}>") == 3


async def test_listeners_may_be_asynchronous() -> None:
    crawler = a_crawler()
    told: list[Any] = []

    async def note(item: Any) -> None:
        await asyncio.sleep(0)
        told.append(item)

    crawler.signals.connect(note, signal=signals.item_scraped)
    ParcelSpider.parts = [2, 4]
    await crawler.crawl_async()

    assert told == [4, 8]


def test_requests_follow_the_parcel_and_nothing_makes_no_parcel() -> None:
    response, request = Response(PAGE), Request(PAGE)

    parcel, after = in_parcel([1, request, 2], response)

    assert parcel.parts == (1, 2)
    assert after is request
    assert in_parcel([request], response) == [request]
    assert in_parcel([], response) == []
