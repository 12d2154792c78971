"""How far the crawl is: a bar on a terminal, a line in the log every few seconds elsewhere."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.crawler import Crawler

from pipelines.progress import ProgressPipeline

if TYPE_CHECKING:
    from crawler.progress_bar import ProgressBar

logger = logging.getLogger(__name__)

BAR_SECONDS = 0.2
LINE_SECONDS = 5.0


class ProgressLine:
    """Reads the counters of station 900; with several lists the declared rows are added up."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.on_terminal = sys.stderr.isatty()
        self.ticker: asyncio.Task[None] | None = None
        self.bar: ProgressBar | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        assert self.crawler.spider
        tick = self._draw_bar if self.on_terminal else self._write_lines
        self.ticker = asyncio.get_running_loop().create_task(tick(self.crawler.spider.name))

    def spider_closed(self) -> None:
        if self.ticker:
            self.ticker.cancel()
        if self.bar:
            self.bar.stop()

    async def _draw_bar(self, name: str) -> None:
        # A shard has no terminal, and should start without what draws on one.
        from crawler.progress_bar import ProgressBar  # noqa: PLC0415

        self.bar = ProgressBar(name)
        self.bar.start()
        while True:
            found, declared = self._rows()
            self.bar.tell(found, declared, self._words(found, declared))
            await asyncio.sleep(BAR_SECONDS)

    async def _write_lines(self, name: str) -> None:
        last = ""
        while True:
            await asyncio.sleep(LINE_SECONDS)
            words = self._words(*self._rows())
            if words != last:
                logger.info("%s: %s", name, words)
            last = words

    def _rows(self) -> tuple[int, int | None]:
        station = self.crawler.get_item_pipeline(ProgressPipeline)
        return station.rows if station else (0, None)

    def _words(self, found: int, declared: int | None) -> str:
        station = self.crawler.get_item_pipeline(ProgressPipeline)
        lists, done = station.lists if station else (0, 0)
        answers = self.crawler.stats.get_value("answers", 0)
        rows = f"{found:,} of {declared:,} rows" if declared else f"{found:,} rows"
        return f"{rows}, {done} of {lists} lists done, {answers:,} answers"
