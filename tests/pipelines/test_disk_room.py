from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from scrapy.crawler import Crawler

from pipelines.disk_room import DiskRoom
from pipelines.media_source import BrokenOff

LEAST = 1_000


def room(crawler: Crawler, free: Iterator[int], *, closing: bool = False) -> DiskRoom:
    made = DiskRoom(lambda: next(free), LEAST, lambda: closing, crawler.stats)
    made.look_seconds = 0
    return made


async def test_downloads_wait_until_there_is_room(crawler: Crawler, caplog: pytest.LogCaptureFixture) -> None:
    free = iter([10, 20, LEAST])

    await room(crawler, free).wait()

    assert list(free) == []
    assert crawler.stats.get_value("media/pauses") == 1
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Paused",
        "The disk of media has room again; downloads go on",
    ]


async def test_a_look_holds_for_a_moment(crawler: Crawler) -> None:
    looked = room(crawler, iter([LEAST]))

    await asyncio.gather(*(looked.wait() for _ in range(1)))
    await looked.wait()

    assert crawler.stats.get_value("media/pauses") is None


async def test_a_crawl_that_ends_waits_no_longer(crawler: Crawler) -> None:
    with pytest.raises(BrokenOff):
        await room(crawler, iter([0]), closing=True).wait()
